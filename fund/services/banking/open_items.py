"""Open items: bank lines that the service could not place, what each may be about, and what a person says.

A person says it once, in one conditional UPDATE that keeps who and when; what is booked then passes the same checks.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from fund.domain import access, errors, lists, rules, states
from fund.domain.bank_views import BankLineDetails, BankLineView, OpenItem
from fund.domain.lists import LineOutcome, Matching, Resolution
from fund.domain.texts import Message
from fund.services.banking.imports import line_view
from fund.services.banking.matching import PaymentReport, match_now, match_waiting, report_of
from fund.services.banking.suggestions import suggestions_of
from fund.services.context import Context
from fund.services.money.money import receive
from fund.services.money.recoveries import recover
from fund.store.banking import bank_lines, treasury
from fund.store.banking.bank_lines import FoundLine
from fund.store.payouts.payments import payments_by_code, payments_where
from fund.store.tables import BankLine
from ledger.acts import banking as banking_acts
from ledger.money import format_cents

_MEANS = {
    LineOutcome.DEBIT: LineOutcome.SETTLED,
    LineOutcome.SETTLED: LineOutcome.SETTLED,
    LineOutcome.CREDIT: LineOutcome.RETURNED,
    LineOutcome.RETURNED: LineOutcome.RETURNED,
    LineOutcome.REFUSED: LineOutcome.REFUSED,
}
"""What a line says of a payment that a person matches it to."""
_KEY = re.compile(r"([0-9a-f]{8,64})/([1-9][0-9]{0,8})", re.ASCII)


def list_open_items(context: Context, search: str = "") -> list[OpenItem]:
    """The lines that wait for a person, the oldest movement first, each with its suggestions and why.

    With ``search``, those in which each of its words stands: of name, text, reference, code, end of the IBAN, day or
    amount. Auditors are shown neither name nor text, and find nothing by them.
    """
    context.actor.must_be(*access.READERS)
    sees_other_side = context.actor.role != access.AUDITOR
    words = search.casefold().split()
    lines = bank_lines.open_lines(context.session)
    if words:
        lines = [line for line in lines if _has(line, words, sees_other_side)]
    found = suggestions_of(context, lines)
    return [
        OpenItem(
            line_view(line),
            found[line.file_sha256, line.ordinal],
            line.counterparty_name if sees_other_side else None,
            line.remittance if sees_other_side else None,
        )
        for line in lines
    ]


def _has(line: BankLine, words: Sequence[str], sees_other_side: bool) -> bool:
    cents = line.amount_cents if line.moved_cents is None else line.moved_cents
    amount = "" if cents is None else format_cents(abs(cents))
    euros, _, rest = amount.partition(".")
    grouped = f"{int(euros or 0):,}".replace(",", ".")
    said = (
        *(line.payment, line.bank_reference, line.mandate, line.batch, _name(line.file_sha256, line.ordinal)),
        *(amount, f"{euros},{rest}", f"{grouped},{rest}", f"{line.bank_date:%Y-%m-%d %d/%m/%Y}"),
        *((line.counterparty_iban or "")[-4:], *((line.counterparty_name, line.remittance) if sees_other_side else ())),
    )
    text = " ".join(filter(None, said)).casefold()
    return all(word in text for word in words)


def view_line(context: Context, file: str, ordinal: int) -> BankLineDetails:
    """One line with the other side's name, IBAN and text, for the person who resolves it. Raises ``NotFound``."""
    context.actor.must_be(*access.FINANCE)
    row = _row(context, file, ordinal)
    line = row.line
    found = suggestions_of(context, [line]) if row.is_open else {}
    return BankLineDetails(
        line=line_view(line),
        is_open=row.is_open,
        suggestions=found.get((file, ordinal), ()),
        counterparty_name=line.counterparty_name,
        counterparty_iban=line.counterparty_iban,
        remittance=line.remittance,
        batch=line.batch,
        bank_code=line.bank_code,
        bank_word=line.bank_word,
        reason_text=line.reason_text,
    )


def find_line(context: Context, key: str) -> tuple[str, int]:
    """File and place of a line by how people name it: the beginning of its file's sha256, and its place there.

    Raises ``InvalidInput``, and ``NotFound`` for a beginning of no file or of several.
    """
    match = _KEY.fullmatch(key)
    if match is None:
        raise errors.InvalidInput([{"path": "line", "message": Message("must be a line such as 1f8a2b3c4d5e/3")}])
    files = bank_lines.files_like(context.session, match[1])
    if len(files) != 1:
        raise errors.NotFound("bank line", key)
    return files[0], int(match[2])


def match_line(context: Context, file: str, ordinal: int, *, to: Resolution, key: str) -> BankLineView:
    """A person says what a line is: ``to`` is one of ``MATCHES``, ``key`` its code.

    A debit settles a payment, or a batch that was booked as a whole; a credit returns a payment, is a collection of an
    allocation, or money back from a landlord who was overpaid. A debit of a payment that is paid already is a
    mistake of the bank, and a credit then gives it back. An ``entry`` was made by hand before its line came. A
    payment that comes back for a little less than was paid came back whole, less charges, which the city bears, as it
    bears those of a debit of a little more.

    Raises ``LineDoesNotAgree``, and ``StateNotAllowed`` when the line is not open any more.
    """
    context.actor.must_be(*access.FINANCE)
    row = _row(context, file, ordinal)
    line = row.line
    if line.bank_date > context.day:
        raise errors.LineDoesNotAgree(_name(file, ordinal), key, Matching.DAY_AHEAD)
    _check_open(row, to)
    matched = partial(banking_acts.matched, context.stamp(), evidence=file, place=ordinal)
    made, is_charged = None, False
    match to:
        case Resolution.PAYMENT:
            made, is_charged = _match_payment(context, line, key)
            act = matched(payment=key)
        case Resolution.BATCH:
            _match_batch(context, line, key)
            act = matched(batch=key)
        case Resolution.ENTRY:
            act = matched(entry=_match_entry(context, line, key))
        case Resolution.ALLOCATION:
            act = matched(allocation=key, entry=_match_money(context, line, key, partial(receive, allocation=key)))
        case _:
            act = matched(landlord=key, entry=_match_money(context, line, key, partial(recover, landlord=key)))
    context.book_act(act)
    if made is Matching.PAID_TWICE:
        bank_lines.mark(context.session, line, made)
    match_waiting(context, [file] if is_charged or made is Matching.PAID_TWICE else [])
    return line_view(_row(context, file, ordinal).line)


def set_aside(context: Context, file: str, ordinal: int, *, reason: str) -> BankLineView:
    """A person says that a line is not the fund's business, and why, from a list.

    Of a payee whom the bank does not confirm it is what was done about the order. Raises ``StateNotAllowed``,
    ``LineDoesNotAgree``, and ``InvalidInput`` for a credit that is called charges.
    """
    set_aside_lines(context, [(file, ordinal)], reason=reason)
    return line_view(_row(context, file, ordinal).line)


def set_aside_lines(context: Context, places: Collection[tuple[str, int]], *, reason: str) -> int:
    """Several lines are set aside for one reason, all of them or none, as by ``set_aside``. Returns how many."""
    context.actor.must_be(*access.FINANCE)
    rules.check_reason(reason, lists.SetAsideReason)
    for file, ordinal in places:
        _set_aside(context, file, ordinal, reason)
    return len(places)


def _set_aside(context: Context, file: str, ordinal: int, reason: str) -> None:
    row = _row(context, file, ordinal)
    _check_open(row, Resolution.SET_ASIDE)
    if reason == lists.SetAsideReason.BANK_CHARGES and (row.line.moved_cents or 0) > 0:
        raise errors.InvalidInput([{"path": "reason", "message": Message("is of debits: this line is a credit")}])
    if (row.line.matching is Matching.PAYEE_UNCONFIRMED) != (reason in lists.PAYEE_REASONS):
        raise errors.LineDoesNotAgree(_name(file, ordinal), Resolution.SET_ASIDE, row.line.matching)
    context.book_act(banking_acts.set_aside(context.stamp(), evidence=file, place=ordinal, reason=reason))


def _row(context: Context, file: str, ordinal: int) -> FoundLine:
    row = bank_lines.find_line(context.session, file, ordinal)
    if row is None:
        raise errors.NotFound("bank line", _name(file, ordinal))
    return row


def _name(file: str, ordinal: int) -> str:
    return f"{file[:12]}/{ordinal}"


def _check_open(row: FoundLine, to: Resolution) -> None:
    line = row.line
    if not row.is_open:
        state = line.resolved_as or line.matching
        raise errors.StateNotAllowed("bank line", _name(line.file_sha256, line.ordinal), state, to)


def _match_payment(context: Context, line: BankLine, code: str) -> tuple[Matching, bool]:
    """Returns what became of the movement (booked, told before, or paid twice), and whether it was charged for."""
    row = payments_by_code(context.session, [code]).get(code)
    if row is None:
        raise errors.NotFound("payment", code)
    report = _report(line, code)
    more_cents = (line.amount_cents or 0) - row.payment.amount_cents
    charges_cents = {LineOutcome.SETTLED: more_cents, LineOutcome.RETURNED: -more_cents}.get(report.outcome, 0)
    is_charged = 0 < charges_cents <= rules.MAX_CHARGES_CENTS
    if is_charged:
        report = replace(report, amount_cents=row.payment.amount_cents)
        bank_lines.set_charges(context.session, line, charges_cents)
    (made,) = _agree(context, line, code, [report])
    return made, is_charged


def _match_batch(context: Context, line: BankLine, code: str) -> None:
    """Every payment of the batch that is under way was paid by this one debit, to the cent."""
    rows = [row for row in payments_where(context.session, batch=code) if row.state in states.ORDERED_PAYMENTS]
    if not rows:
        raise errors.NotFound("batch", code)
    if line.moved_cents is None or -line.moved_cents != sum(row.amount_cents for row in rows):
        raise errors.LineDoesNotAgree(_name(line.file_sha256, line.ordinal), code, Matching.AMOUNT_DIFFERS)
    report = _report(line, code)
    _agree(
        context,
        line,
        code,
        [replace(report, payment=row.code, amount_cents=row.amount_cents, iban=None) for row in rows],
    )


def _report(line: BankLine, payment: str) -> PaymentReport:
    outcome = _MEANS.get(line.outcome)
    if outcome is None or (
        outcome is not LineOutcome.REFUSED and line.statement is not None and line.moved_cents is None
    ):
        raise errors.LineDoesNotAgree(_name(line.file_sha256, line.ordinal), payment, line.matching)
    report = replace(report_of(line), payment=payment, outcome=outcome)
    return replace(report, iban=None) if outcome is LineOutcome.RETURNED and line.statement is not None else report


def _agree(context: Context, line: BankLine, match: str, reports: list[PaymentReport]) -> set[Matching]:
    matchings = match_now(context, reports)
    if why := matchings.difference(lists.TELLING_MATCHINGS):
        raise errors.LineDoesNotAgree(_name(line.file_sha256, line.ordinal), match, min(why))
    return matchings


def _match_entry(context: Context, line: BankLine, key: str) -> int:
    """What was entered by hand before the statement came: nothing is booked again."""
    found = [row for row in treasury.entered_by_hand(context.session) if str(row.seq) == key]
    if not found:
        raise errors.NotFound("entry", key)
    if found[0].amount_cents != line.moved_cents:
        raise errors.LineDoesNotAgree(_name(line.file_sha256, line.ordinal), key, Matching.AMOUNT_DIFFERS)
    return found[0].seq


def _match_money(context: Context, line: BankLine, key: str, take_in: Callable[..., int]) -> int:
    """Money that came in, and is no payment of ours that came back. Returns the number of its first entry."""
    if line.moved_cents is None or line.moved_cents <= 0:
        raise errors.LineDoesNotAgree(_name(line.file_sha256, line.ordinal), key, "no-credit")
    return take_in(context, amount_cents=line.moved_cents, bank_date=line.bank_date, evidence=line.file_sha256)
