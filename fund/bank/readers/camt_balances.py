"""The balances of a camt statement, and the proof that opening + booked entries = closing.

Sources: ISO 20022 ``CashBalance`` and its balance type codes: OPBD opening booked, PRCD previously closed booked, CLBD
closing booked, ITBD interim booked (on the pages of one statement). Available, expected and information balances prove
nothing and are not read.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from fund.bank.readers.safe_xml import child, line_of, only, text_of
from fund.bank.readers.values import read_cents, read_day, read_day_of_instant, read_euro, read_number, refuse

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(frozen=True, slots=True)
class StatedBalance:
    code: str
    cents: int
    day: date | None
    line: int


@dataclass(frozen=True, slots=True)
class Summary:
    count: int | None
    cents: int | None
    line: int


def read_signed(element: "_Element") -> int:
    """Signed amount of a balance, entry or detail: ``Amt`` is unsigned, ``CdtDbtInd`` gives the sign."""
    amount = only(element, "Amt")
    cents = read_euro(
        amount.text if amount is not None else None,
        amount.get("Ccy") if amount is not None else None,
        line_of(amount if amount is not None else element),
        "Amt",
    )
    return cents * read_sign(element)


def read_sign(element: "_Element") -> int:
    """+1 for ``CRDT``, -1 for ``DBIT``; anything else is refused."""
    indicator = only(element, "CdtDbtInd")
    word = (indicator.text or "").strip() if indicator is not None else ""
    if word not in ("CRDT", "DBIT"):
        refuse(
            line_of(indicator if indicator is not None else element), "CdtDbtInd", "not-a-sign" if word else "missing"
        )
    return 1 if word == "CRDT" else -1


def read_date_choice(element: "_Element | None", name: str) -> date | None:
    """``Dt`` or ``DtTm`` of an ISO 20022 date choice."""
    day, instant = child(element, "Dt"), child(element, "DtTm")
    if day is not None:
        return read_day(day.text, line_of(day), name)
    return read_day_of_instant(instant.text, line_of(instant), name) if instant is not None else None


def read_balance(element: "_Element") -> StatedBalance:
    """A balance. Only booked ones are checked; others may be in any currency."""
    code = text_of(element, "Tp", "CdOrPrtry", "Cd") or text_of(element, "Tp", "Cd") or ""
    cents = read_signed(element) if code in ("OPBD", "PRCD", "CLBD", "ITBD") else 0
    return StatedBalance(code, cents, read_date_choice(child(element, "Dt"), "Bal/Dt"), line_of(element))


def read_summary(element: "_Element") -> Summary:
    """``TxsSummry``: number of entries, and the sum of their absolute amounts."""
    total = child(element, "TtlNtries")
    stated = child(total, "Sum")
    cents = read_cents(stated.text, line_of(stated), "TtlNtries/Sum") if stated is not None else None
    return Summary(read_number(text_of(total, "NbOfNtries")), cents, line_of(element))


def ends(
    balances: list[StatedBalance], *, is_statement: bool, page: int
) -> tuple[StatedBalance | None, StatedBalance | None]:
    """Opening and closing booked balance, each ``None`` if the bank gives none.

    In a statement of several pages the interim balances are the ends of the pages. The interim balance of an intraday
    report is that of the moment, and closes nothing.
    """
    opening = _single(balances, "OPBD") or _single(balances, "PRCD")
    closing = _single(balances, "CLBD")
    interim = [balance for balance in balances if balance.code == "ITBD"] if is_statement else []
    if opening is None and interim and (len(interim) > 1 or page > 1 or closing is not None):
        opening = interim.pop(0)
    if closing is None and interim:
        closing = interim.pop()
    return opening, closing


def _single(balances: list[StatedBalance], code: str) -> StatedBalance | None:
    found = [balance for balance in balances if balance.code == code]
    if len({balance.cents for balance in found}) > 1:
        refuse(found[1].line, "Bal", "balance-repeated")
    return found[0] if found else None


def add_up(opening: StatedBalance | None, closing: StatedBalance | None, booked_cents: int) -> bool:
    """Whether opening balance + booked entries = closing balance, where both are given."""
    return opening is None or closing is None or opening.cents + booked_cents == closing.cents


def of_page(
    opening: StatedBalance | None, closing: StatedBalance | None, booked_cents: int, *, page: int, is_last: bool
) -> tuple[StatedBalance | None, StatedBalance | None]:
    """The ends of one page where the bank repeats those of the whole: the first has its opening, the last its closing.

    What lies between is worked out, and proved only by the page that goes on there.
    """
    if page == 1 and opening is not None:
        return opening, replace(opening, code="ITBD", cents=opening.cents + booked_cents)
    if is_last and closing is not None:
        return replace(closing, code="ITBD", cents=closing.cents - booked_cents), closing
    return None, None


def prove(opening: StatedBalance | None, closing: StatedBalance | None, booked_cents: int) -> None:
    """Refuse a statement whose opening balance and booked entries do not add up to its closing balance."""
    # Exact to the cent, without tolerance. A difference of one cent is an entry that was misread, and a file that is
    # misread anywhere settles nothing: it is read whole or refused whole (decision 0010).
    if closing is not None and not add_up(opening, closing, booked_cents):
        refuse(closing.line, "Bal", "balance-differs")


def agrees(summary: Summary | None, cents: list[int], *, is_proved: bool) -> bool:
    """Whether the entries agree with the bank's own summary.

    Without balances it is the only proof of completeness, so a difference refuses the file. With them it is only noted,
    because banks differ in what they count.
    """
    if summary is None:
        return True
    sums_agree = summary.cents is None or summary.cents == sum(map(abs, cents))
    counts_agree = summary.count is None or summary.count == len(cents)
    if sums_agree and counts_agree:
        return True
    if not is_proved:
        refuse(summary.line, "TxsSummry", "summary-differs")
    return False
