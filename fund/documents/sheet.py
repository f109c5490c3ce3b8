"""The landlord's statement in words: everything that page and PDF print, in one language and without layout.

Both render the same values, so they cannot differ, and a template decides nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from fund.documents.catalogue import N_, Translator
from fund.documents.plain import plain
from fund.documents.reasons import reason_text
from fund.domain.states import ContributionState
from fund.domain.views import StatementEvent, StatementLine, StatementView
from ledger.formula import read_formula
from ledger.months import Month

_STATES = {
    "proposed": N_("Proposed, not yet approved"),
    "held": N_("On hold"),
    "approved": N_("Approved, not yet ordered"),
    "ordered": N_("Ordered, not yet paid"),
    "part-paid": N_("Paid in part, the rest still owed"),
    "settled": N_("Paid"),
    "returned": N_("Returned, still owed"),
    "refused": N_("Refused, still owed"),
    "excluded": N_("Excluded"),
    "cancelled": N_("Cancelled"),
}
_WHAT = {
    "order": N_("Ordered"),
    "settlement": N_("Paid"),
    "refusal": N_("Refused by the bank"),
    "return": N_("Returned by the bank"),
    "cancellation": N_("Order cancelled"),
}
_AGAIN = _WHAT | {"order": N_("Ordered again"), "settlement": N_("Paid again")}
"""Labels of what had been paid, or ordered, and was not any more."""
_REST = _WHAT | {"order": N_("Rest ordered"), "settlement": N_("Rest paid")}
"""Labels where a part of the month had been paid."""
_SIGNS = {"settlement": 1, "return": -1, "regularisation": 1, "regularisation-undone": -1}
_OWED_AGAIN = {"return": "returned", "regularisation-undone": "returned", "refusal": "refused"}
"""States of a month that is owed after what happened last to it."""
_AFTERWARDS = {
    "regularisation": N_("Paid by the treasurer without an order"),
    "regularisation-undone": N_("Paid without an order, and returned by the bank"),
    "overpayment": N_("Overpaid, to be given back"),
    "recovery": N_("Given back"),
    "recovery-by-set-off": N_("Given back out of what was owed"),
    "set-off": N_("Set off against what was overpaid"),
}
"""Labels of events that are of no payment; money moves only where it is paid so, or given back as money."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Total:
    """One of the three totals and the events that it counts. ``kind`` is ``approved``, ``paid`` or ``owed``."""

    kind: str
    label: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a month. The signed amounts of a column add up to its total."""

    kind: str
    what: str
    code: str
    notes: tuple[str, ...]
    day: str
    approved: str
    paid: str


@dataclass(frozen=True, slots=True)
class Group:
    """A month of one lease and its events. ``kind`` is the state for styling, ``state`` its text."""

    month: str
    contract: str
    kind: str
    state: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """How to check the statement: the queries and entry numbers behind the totals, and the chain head."""

    title: str
    intro: str
    queries: tuple[LabelledText, ...]
    entries_intro: str
    entries: tuple[LabelledText, ...]
    chain_label: str
    chain: str
    chain_note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole statement, ready for layout; every value is text for people, in ``language``."""

    language: str
    city: str
    fund_name: str
    kind: str
    title: str
    subtitle: str
    page_of: str
    landlord_title: str
    landlord: tuple[LabelledText, ...]
    about_title: str
    about: tuple[LabelledText, ...]
    summary_title: str
    totals: tuple[Total, ...]
    months_title: str
    caption: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    total_label: str
    total_approved: str
    total_paid: str
    formula_note: str
    empty: str
    check: Check


def sheet_of(view: StatementView, speak: Translator) -> Sheet:
    """Put a statement into words. Raises ``ValueError`` for a formula that the ledger cannot parse."""
    _ = speak.gettext
    number = plain(view.number)
    return Sheet(
        language=speak.language,
        city=plain(view.city),
        fund_name=plain(view.fund_name),
        kind=_("Statement of account"),
        title=_("Statement of account no. %(number)s", number=number),
        subtitle=_("Rent contributions paid to the landlord"),
        page_of=_("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        landlord_title=_("Landlord"),
        landlord=tuple(_landlord(view, speak)),
        about_title=_("This statement"),
        about=(
            LabelledText(_("Number"), number),
            LabelledText(_("Period"), _period(view.first_month, view.last_month, speak)),
            LabelledText(_("Issued on"), speak.day(view.issued_on)),
            LabelledText(_("Project"), plain(view.project)),
        ),
        summary_title=_("Summary"),
        totals=tuple(_totals(view, speak)),
        months_title=_("Month by month"),
        caption=_("What was approved and paid for each month; minus signs are payments that the bank sent back"),
        columns=(_("Month"), _("What happened"), _("Date"), _("Approved"), _("Paid")),
        groups=tuple(_group(line, speak) for line in view.lines),
        total_label=_("Total of the period"),
        total_approved=speak.money(view.approved_cents),
        total_paid=speak.money(view.paid_cents),
        formula_note=_formula_note(view, speak),
        empty="" if view.lines else _("There are no contributions in this period."),
        check=_check(view, speak),
    )


def _landlord(view: StatementView, speak: Translator) -> Iterator[LabelledText]:
    _ = speak.gettext
    if view.landlord_name:
        yield LabelledText(_("Name"), plain(view.landlord_name))
    yield LabelledText(_("Code"), plain(view.landlord))
    yield LabelledText(_("IBAN (in part)"), plain(view.iban) if view.iban else _("none on file"))


def _totals(view: StatementView, speak: Translator) -> Iterator[Total]:
    _ = speak.gettext
    yield Total("approved", _("Approved"), speak.money(view.approved_cents), _("contributions granted for the period"))
    yield Total("paid", _("Paid"), speak.money(view.paid_cents), _("by the bank, less what came back"))
    yield Total("owed", _("Still owed"), speak.money(view.owed_cents), _("approved and not yet paid"))


def _period(first: Month, last: Month, speak: Translator) -> str:
    if first == last:
        return speak.month(first)
    return f"{speak.month(first)} – {speak.month(last)}"


def _formula_note(view: StatementView, speak: Translator) -> str:
    if all(line.formula is None for line in view.lines):
        return ""
    return speak.gettext("Part of a month: the monthly contribution × the days owed / the days of the month.")


def _group(line: StatementLine, speak: Translator) -> Group:
    _ = speak.gettext
    state = _state(line)
    return Group(
        month=speak.month(line.month),
        contract=_("contract %(code)s", code=plain(line.contract)) if line.contract else _("contract not registered"),
        kind=state if state in _STATES else "other",
        state=_(_STATES[state]) if state in _STATES else plain(state),
        rows=(_approval(line, speak), *_payments(line.events, speak), *_afterwards(line.events, speak)),
    )


def _state(line: StatementLine) -> str:
    """State of the obligation; a month that is owed again after a return is shown as such."""
    tried = [event for event in line.events if event.payment or event.kind in _SIGNS]
    if line.state == ContributionState.APPROVED and tried:
        return _OWED_AGAIN.get(tried[-1].kind, line.state)
    return line.state


def _approval(line: StatementLine, speak: Translator) -> Row:
    notes = (_formula(line.formula, speak),) if line.formula is not None else ()
    overpaid_cents = sum(event.amount_cents for event in line.events if event.kind == "overpayment")
    day, amount = speak.day(line.approved_on), speak.money(line.amount_cents + overpaid_cents)
    return Row("approval", speak.gettext("Approved"), "", notes, day, amount, "")


def _formula(formula: str, speak: Translator) -> str:
    """Formula with no-break spaces, so that each term stays on one line."""
    terms = (
        f"{speak.amount(term.monthly_cents)}\u00a0×\u00a0{term.days}/{term.month_days}"
        for term in read_formula(formula)
    )
    return speak.gettext("part of the month: %(formula)s", formula=" + ".join(terms))


def _payments(events: tuple[StatementEvent, ...], speak: Translator) -> Iterator[Row]:
    """Rows of each payment in the order of the attempts; an order is a note of its first outcome."""
    labelled = list(_labelled(events))
    for payment in dict.fromkeys(event.payment for event in events if event.payment):
        ordered = [one for one in labelled if one[0].payment == payment and one[0].kind == "order"]
        outcomes = [one for one in labelled if one[0].payment == payment and one[0].kind != "order"]
        if not outcomes:
            yield from (_row(event, what, (speak.gettext("waiting for the bank"),), speak) for event, what in ordered)
        order_notes = tuple(speak.gettext("ordered on %(day)s", day=speak.day(event.on)) for event, _ in ordered)
        for event, what in outcomes:
            yield _row(event, what, order_notes, speak)
            order_notes = ()


def _labelled(events: tuple[StatementEvent, ...]) -> Iterator[tuple[StatementEvent, str | None]]:
    """Each event with its label, by what had become of the month before it; ``None`` for what has none."""
    paid_cents, known = 0, set[str]()
    for event in events:
        words = _REST if paid_cents else _AGAIN if event.kind in known else _WHAT
        yield event, words.get(event.kind)
        known.add(event.kind)
        paid_cents += _SIGNS.get(event.kind, 0) * event.amount_cents


def _afterwards(events: tuple[StatementEvent, ...], speak: Translator) -> Iterator[Row]:
    """Overpayments, subtracted in the column of what is approved, and recoveries."""
    for event in events:
        if event.payment or event.kind not in _AFTERWARDS:
            continue
        is_paid = event.kind in _SIGNS
        amount = speak.money(_SIGNS.get(event.kind, -1) * event.amount_cents)
        yield Row(
            kind="other",
            what=speak.gettext(_AFTERWARDS[event.kind]),
            code="",
            notes=(speak.money(event.amount_cents),) if event.kind in ("recovery-by-set-off", "set-off") else (),
            day=speak.day(event.bank_date or event.on),
            approved=amount if event.kind == "overpayment" else "",
            paid=amount if is_paid or event.kind == "recovery" else "",
        )


def _row(event: StatementEvent, what: str | None, notes: tuple[str, ...], speak: Translator) -> Row:
    reason = (reason_text(plain(event.reason), speak),) if event.reason else ()
    sign = _SIGNS.get(event.kind, 0)
    return Row(
        kind="other" if what is None else event.kind,
        what=plain(event.kind) if what is None else speak.gettext(what),
        code=plain(event.payment),
        notes=notes + reason,
        day=speak.day(event.bank_date or event.on),
        approved="",
        paid=speak.money(sign * event.amount_cents) if sign else "",
    )


def _check(view: StatementView, speak: Translator) -> Check:
    _ = speak.gettext
    return Check(
        title=_("How to check this statement"),
        intro=_(
            "The fund’s books are open text: on them these two queries, in Beancount’s query language, "
            "give the totals above again."
        ),
        queries=(
            LabelledText(_("Approved"), plain(view.approved_query)),
            LabelledText(_("Paid"), plain(view.paid_query)),
        ),
        entries_intro=_("Entries of the journal behind the totals, by month:") if view.lines else "",
        entries=tuple(_entries(view.lines, speak)),
        chain_label=_("Head of the chain after entry %(seq)s", seq=view.chain_seq),
        chain=plain(view.chain_head),
        chain_note=_(
            "Each entry carries a fingerprint of all entries before it: a keeper of this sheet can tell whether any "
            "of them was changed afterwards."
        ),
    )


def _entries(lines: Iterable[StatementLine], speak: Translator) -> Iterator[LabelledText]:
    for month, same in groupby(sorted(lines, key=lambda line: line.month), key=lambda line: line.month):
        numbers = sorted({number for line in same for number in line.entries})
        yield LabelledText(speak.month(month), ", ".join(map(str, numbers)))
