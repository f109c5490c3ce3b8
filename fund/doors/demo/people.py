"""The people of the demo: one user a role, and what each of them does when there is something to do."""

from collections.abc import Callable
from dataclasses import dataclass

from fund.app import App
from fund.domain import access
from fund.domain.access import SYSTEM, Actor
from fund.domain.controls import PayeeResult, TaxOutcome
from fund.domain.lists import Resolution, WaitReason
from fund.domain.proposals import NamedProposal
from fund.domain.states import AccountState, BatchState, RunState
from fund.domain.views import BatchView, RunView
from fund.doors.attempts import accept_invitation
from fund.doors.secrets import Chance, new_invitation_secret
from fund.doors.transaction import reading, writing
from fund.services.banking import exports, open_items, resolutions
from fund.services.context import Context
from fund.services.desk import lists, proposals
from fund.services.landlords import checks
from fund.services.payouts import controls, payments, runs
from fund.services.users import users
from fund.services.users.users import Founder, NewUser
from ledger.months import Month

LOGINS = {"admin": access.ADMIN, "preparer": access.PREPARER, "approver": access.APPROVER, "auditor": access.AUDITOR}
"""The demo's users by login, in the order in which they get their codes."""


_TAX_CODES = {
    "admin": "AAAXXX80A01Z005C",
    "preparer": "PPPXXX80A01Z008B",
    "approver": "AAAXXX80A01Z008I",
    "auditor": "AAAXXX80A01Z007G",
}
"""Of no person: made from no name and no place, with the right check character."""


@dataclass(frozen=True, slots=True)
class People:
    """The actors of the demo."""

    admin: Actor
    preparer: Actor
    approver: Actor
    auditor: Actor


def add_people(app: App, password: str, chance: Chance) -> People:
    """Make the demo's users, who accept their invitations.

    The operator makes admin and auditor, the admin the finance office, whom the auditor confirms; who then
    agree to the terms.
    """
    actors: dict[str, Actor] = {}
    for login, role in LOGINS.items():
        secret = new_invitation_secret(chance)
        by = actors["admin"] if role in access.FINANCE else SYSTEM
        with writing(app, by) as context:
            code = _add(context, new_user(login), secret)
        accept_invitation(app, login, secret, password)
        actors[login] = Actor(code, role)
    people = People(**actors)
    confirm_all(app, people)
    return people


def _add(context: Context, new: NewUser, secret: str) -> str:
    if context.actor == SYSTEM:
        return users.found_user(context, Founder(new, secret))
    return users.add_user(context, new, secret=secret)


def new_user(login: str) -> NewUser:
    """A user of the demo, who is no person."""
    return NewUser(login, LOGINS[login], f"{login}@example.org", _TAX_CODES[login])


def confirm_as_shown(context: Context, *numbers: int) -> None:
    """A person looks at proposals and confirms them with the digests shown."""
    shown = [NamedProposal(one.number, one.digest) for one in proposals.read_proposals(context, numbers)]
    proposals.confirm_proposals(context, shown, called_back_on=context.day)


def decide(app: App, people: People, propose: Callable[[Context], int]) -> None:
    """The preparer proposes an act; the approver looks at it, calls back where that is needed, and confirms it."""
    with writing(app, people.preparer) as context:
        number = propose(context)
    with writing(app, people.approver) as context:
        confirm_as_shown(context, number)


def confirm_all(app: App, people: People) -> None:
    """They look at all that waits and confirm it: the auditor what a user may do, the preparer what the service
    proposed, and the approver the rest.
    """
    for actor in (people.auditor, people.preparer, people.approver):
        with writing(app, actor) as context:
            confirm_as_shown(context, *(view.number for view in proposals.list_proposals(context) if view.may_confirm))


def prepare_runs(app: App, people: People) -> None:
    """The preparer puts every open run before the approver."""
    with reading(app, people.preparer) as context:
        waiting = [Month.parse(run.month) for run in runs.list_runs(context) if run.state == RunState.OPEN]
    for month in sorted(waiting):
        with writing(app, people.preparer) as context:
            runs.propose_run(context, month)


def acknowledge(app: App, people: People, key: Month | str) -> str:
    """The preparer looks at each open alert of a run or a batch and says why it is no mistake; returns the digest."""
    with writing(app, people.preparer) as context:
        shown: BatchView | RunView
        shown = payments.view_batch(context, key) if isinstance(key, str) else runs.view_run(context, key)
        open_ = [alert for alert in shown.alerts if alert.acknowledgement is None]
        for alert in open_:
            say = _REASONS.get(alert.code, "confirmed-by-landlord")
            if isinstance(key, str):
                shown = payments.acknowledge_in_batch(context, key, [alert.id], reason=say)
            else:
                shown = runs.acknowledge_in_run(context, key, [alert.id], reason=say)
    return shown.digest


_REASONS = {
    "same-amount-homes": "separate-homes",
    "same-amount-twice": "arrears-due",
    "amount-outlier": "amount-decided",
    "lease-shared": "shared-home",
}
"""Why the demo's alerts are no mistake; all others are about accounts, which the landlord confirmed."""


def record_checks(app: App, people: People) -> None:
    """Ask the bank who holds each account that was proposed anew, and the tax office where a month waits for it."""
    with reading(app, people.preparer) as context:
        known = {(row.landlord, row.version) for row in checks.list_payee_checks(context)}
        accounts = [
            row for row in lists.list_accounts(context) if row.state in (AccountState.PROPOSED, AccountState.CONFIRMED)
        ]
        unknown = [row for row in accounts if row.version > 1 and (row.landlord, row.version) not in known]
        due = {
            month.landlord for month in controls.list_waiting(context) if month.reason == WaitReason.TAX_CHECK_MISSING
        }
    for row in unknown:
        with writing(app, people.preparer) as context:
            reference = f"VOP-{row.landlord}-{row.version}"
            checks.record_payee_check(
                context,
                landlord=row.landlord,
                account=row.id,
                result=PayeeResult.MATCH,
                checked_on=context.day,
                reference=reference,
            )
    for landlord in sorted(due):
        with writing(app, people.preparer) as context:
            reference = f"48BIS-{landlord}-{context.day}"
            checks.record_tax_check(
                context, landlord=landlord, outcome=TaxOutcome.NOTHING_DUE, checked_on=context.day, reference=reference
            )


def approve_runs(app: App, people: People) -> None:
    """The approver looks at each proposed run and approves what is shown."""
    with reading(app, people.approver) as context:
        waiting = [Month.parse(run.month) for run in runs.list_runs(context) if run.state == RunState.PROPOSED]
    for month in sorted(waiting):
        digest = acknowledge(app, people, month)
        with writing(app, people.approver) as context:
            runs.approve_run(context, month, digest=digest)


def pay_again(app: App, people: People) -> None:
    """Preparer and approver order what an approval could not: returned payments, and accounts that had to wait."""
    with reading(app, people.preparer) as context:
        if all(month.reason is not None for month in controls.list_waiting(context)):
            return
    with writing(app, people.preparer) as context:
        batch = payments.prepare_batch(context)
    digest = acknowledge(app, people, batch.code)
    with writing(app, people.approver) as context:
        payments.approve_batch(context, batch.code, digest=digest)


TRANCHE, REPAYMENT = "Acconto", "Restituzione"
"""The words under which the funder pays, and is paid back."""


def sort_lines(app: App, people: People) -> None:
    """The preparer says what the lines are that name no payment: tranches, and what went back to the funder."""
    with reading(app, people.preparer) as context:
        places = [(found.line.file, found.line.ordinal) for found in open_items.list_open_items(context)]
        waiting = [open_items.view_line(context, *place) for place in places]
    for shown in waiting:
        entries = [suggestion.key for suggestion in shown.suggestions if suggestion.kind == Resolution.ENTRY]
        place = shown.line.file, shown.line.ordinal
        match (shown.remittance or "").split(), entries:
            case [word, code], _ if word == TRANCHE:
                _match(app, people, place, Resolution.ALLOCATION, code)
            case [word], [entry] if word == REPAYMENT:
                _match(app, people, place, Resolution.ENTRY, entry)


def _match(app: App, people: People, place: tuple[str, int], to: Resolution, key: str) -> None:
    """The preparer says what a line is; of more than a little the approver confirms it."""
    with writing(app, people.preparer) as context:
        proposal = resolutions.match_line(context, *place, to=to, key=key).proposal
    if proposal is not None:
        with writing(app, people.approver) as context:
            confirm_as_shown(context, proposal)


def sealed_batches(app: App, people: People) -> list[tuple[str, bytes]]:
    """The batches that are ready for the bank, with their files."""
    with reading(app, people.approver) as context:
        ready = [batch.code for batch in payments.list_batches(context) if batch.state == BatchState.SEALED]
        return [(code, exports.read_sealed(context, code).data) for code in sorted(ready)]
