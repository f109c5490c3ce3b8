"""Runs, batches and their approval, and the checks before money leaves, at the command line."""

from datetime import date

import typer

from fund.app import App
from fund.clock import day_in_rome
from fund.documents.catalogue import Translator
from fund.documents.words import phrase, word
from fund.domain.access import SYSTEM, Actor
from fund.domain.errors import DigestNeeded, InvalidInput
from fund.domain.states import RunState
from fund.domain.texts import Message
from fund.domain.views import AlertView, BatchView, RunView
from fund.doors.cli.output import print_cells, print_json, print_table
from fund.doors.cli.session import Session, actor, ask_code, is_at_terminal
from fund.doors.http.schema import view_json
from fund.doors.tables.payouts import WAITING, batch_lines, run_lines
from fund.doors.transaction import previewing, reading, writing
from fund.doors.words import office_words
from fund.services.context import Context
from fund.services.payouts import controls, payments, runs
from fund.services.payouts.approval_digest import approval_digest, check_approval_digest
from ledger import codes
from ledger.months import Month


def run(session: Session, as_of: date | None, login: str | None, *, preview: bool) -> None:
    """Open what is due by a day and propose it; or show what would be proposed, by the real path rolled back."""
    _ = session.speak.gettext
    with session.app() as app:
        if preview:
            with previewing(app, SYSTEM) as context:
                shown = [runs.view_run(context, month) for month in runs.open_due_runs(context, as_of)]
        else:
            with writing(app, actor(app, login)) as context:
                shown = runs.prepare_due_runs(context, as_of)
    for view in shown:
        print_list(view, session.speak)
    if not shown:
        print(_("Nothing is due."))
    elif preview:
        print(_("Dry run: nothing was saved."))
    else:
        print(_("Another person approves it with: fund approve %(month)s", month=shown[0].month))


def print_list(view: RunView | BatchView, speak: Translator) -> None:
    """The lines of a run or a batch, and their total."""
    _, state = speak.gettext, word(view.state, speak)
    if isinstance(view, RunView):
        title = _("Run of %(month)s: %(state)s", month=speak.month(view.month), state=state)
        print_table(run_lines("run", lambda line: line), view.lines, speak, title)
        for warning in view.warnings:
            print(phrase(warning, speak))
    else:
        title = _("Batch %(code)s: %(state)s", code=view.code, state=state)
        print_table(batch_lines(view.code), view.lines, speak, title)
    _print_controls(view, speak)
    print(_("total %(amount)s", amount=speak.money(view.total_cents)))


def _print_controls(view: RunView | BatchView, speak: Translator) -> None:
    """What two people have to look at, and the fund's position afterwards."""
    _ = speak.gettext
    if view.alerts:
        headings = (_("code"), _("about"), _("alert"), _("facts"), _("acknowledged"))
        columns = [(heading, False) for heading in headings]
        print_cells(_("To be acknowledged"), columns, [_alert(alert, speak) for alert in view.alerts])
    if view.after is not None:
        amounts = {
            "cash": speak.amount(view.after.cash_cents),
            "outstanding": speak.amount(view.after.outstanding_orders_cents),
            "free": speak.amount(view.after.free_cash_cents),
            "available": speak.amount(view.after.available_cents),
            "committed": speak.amount(view.after.committed_cents),
        }
        print(_("afterwards: cash %(cash)s, outstanding orders %(outstanding)s, free cash %(free)s,", **amounts))
        print(_("            available %(available)s, committed %(committed)s", **amounts))


def _alert(alert: AlertView, speak: Translator) -> tuple[str, ...]:
    facts = "; ".join(f"{word(name, speak)} {value}" for name, value in alert.facts.items())
    given = alert.acknowledgement
    answer = "-" if given is None else f"{word(given.acknowledged_by, speak)}: {word(given.reason, speak)}"
    return (alert.id[:12], alert.about, word(alert.code, speak), facts, answer)


def show(session: Session, key: str, login: str | None) -> None:
    """Show a run or a batch to its approver, and the digest of it that they give back to approve it."""
    _ = session.speak.gettext
    with session.app() as app:
        digest = _show(app, actor(app, login), key, session.language)
    print(_("digest of what was shown: %(digest)s", digest=digest))
    print(_("It is approved with: fund approve %(key)s --digest %(digest)s", key=key, digest=digest))


def approve(session: Session, key: str, login: str | None, digest: str | None) -> None:
    """Approve a run or a batch as it was shown to this approver: before, by its ``digest``, or now, at a terminal.

    Raises ``DigestNeeded`` where it was not shown and no terminal can ask, and what ``ask_code`` raises.
    """
    if digest is None and not is_at_terminal():
        raise DigestNeeded()
    speak = session.speak
    with session.app() as app:
        approver = actor(app, login)
        if digest is None:
            digest = _show(app, approver, key, session.language)
            typer.confirm(speak.gettext("Approve exactly this list?"), abort=True)
        with reading(app, approver) as context:
            shown = read_list(context, key)
            check_approval_digest(context, shown.key, shown.digest, digest)  # a list that changed uses no code up
        ask_code(app, approver)
        with writing(app, approver) as context:
            check_approval_digest(context, shown.key, shown.digest, digest)  # another password voids it
            lines = _approve(context, shown, speak)
    for line in lines:
        print(line)


def _show(app: App, approver: Actor, key: str, language: str) -> str:
    with reading(app, approver) as context:
        shown = read_list(context, key, in_full=True)
        digest = approval_digest(context, shown.key, shown.digest)
        speak = office_words(context, language)
    print_list(shown, speak)
    return digest


def read_list(context: Context, key: str, *, in_full: bool = False) -> RunView | BatchView:
    """The run or the batch with a key. Raises ``NotFound`` and ``InvalidInput``."""
    if codes.matches(codes.BATCH, key):
        return payments.view_batch(context, key, in_full=in_full)
    try:
        return runs.view_run(context, Month.parse(key), in_full=in_full)
    except ValueError:
        known = Message("must be a month such as 2022-05, or a batch such as BAT-2022-0001")
        raise InvalidInput([{"path": "RUN", "message": known}]) from None


def _approve(context: Context, shown: RunView | BatchView, speak: Translator) -> list[str]:
    if isinstance(shown, BatchView):
        batch = payments.approve_batch(context, shown.code, digest=shown.digest)
        return [_outcome(batch.code, batch.state, batch.total_cents, speak)]
    ordered = runs.approve_run(context, shown.month, digest=shown.digest)
    lines = [_outcome(shown.key, RunState.APPROVED, shown.total_cents, speak)]
    if ordered.batch is not None:
        lines.append(speak.gettext("ordered in batch %(batch)s", batch=ordered.batch))
    return lines + [phrase(reason, speak) for reason in ordered.waiting]


def _outcome(key: str, state: str, total_cents: int, speak: Translator) -> str:
    return f"{phrase(key, speak)}: {word(state, speak)}, {speak.money(total_cents)}"


def waiting(session: Session, login: str | None, *, as_json: bool) -> None:
    """Print the approved months in no batch, and what each waits for."""
    with session.app() as app, reading(app, actor(app, login)) as context:
        months = controls.list_waiting(context)
        today = day_in_rome(context.at)
    if as_json:
        print_json(view_json(months))
        return
    speak = session.speak
    title = speak.gettext("Approved and in no batch on %(day)s", day=speak.day(today))
    print_table(WAITING, months, speak, title)


def acknowledge(session: Session, key: str, alerts: list[str], reason: str, login: str | None) -> None:
    """Acknowledge alerts of a run or a batch and show it again; all that are open where none is named."""
    with session.app() as app, writing(app, actor(app, login)) as context:
        shown = read_list(context, key)
        open_ = [alert.id for alert in shown.alerts if alert.acknowledgement is None]
        if isinstance(shown, RunView):
            shown = runs.acknowledge_in_run(context, shown.month, alerts or open_, reason=reason)
        else:
            shown = payments.acknowledge_in_batch(context, shown.code, alerts or open_, reason=reason)
    print_list(shown, session.speak)
