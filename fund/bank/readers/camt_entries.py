"""Entries of a camt statement, and the details of batch bookings.

Sources: ISO 20022 ``ReportEntry``, ``EntryDetails``, ``EntryTransaction`` of camt.052 to .054, versions .02 to .14
(``Sts`` is a code in old versions and a choice from .07 on; parties are wrapped in ``Pty`` from .07 on; the first
versions have a detail's own ``Amt`` only in ``AmtDtls/TxAmt``). ``RRTN`` is the external code of "reversal due to a
payment return".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from fund.bank.port import BankEntry
from fund.bank.readers.camt_balances import read_date_choice, read_sign, read_signed
from fund.bank.readers.safe_xml import child, children, line_of, only, text_of
from fund.bank.readers.values import EURO, as_iban, read_cents, read_euro, read_number, refuse
from fund.domain.errors import UnreadableBankFile
from ledger import codes

if TYPE_CHECKING:
    from lxml.etree import _Element

NOT_PROVIDED = "NOTPROVIDED"
_RETURN_FAMILY = "RRTN"


@dataclass(frozen=True, slots=True)
class BatchEntry(BankEntry):
    """An entry booked for a whole batch; ``batch`` is the id of the payment information or of the message."""

    batch: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Counterparty:
    iban: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class DetailAmounts:
    """The amounts of a detail. ``cents`` is in the account's currency, ``instructed_cents`` what was ordered.

    ``charges_cents`` is what the bank states as included in the amount, ``unmarked_charges_cents`` what it states
    without saying so.
    """

    cents: int | None = None
    instructed_cents: int | None = None
    sign: int | None = None
    charges_cents: int = 0
    unmarked_charges_cents: int = 0


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction of an entry, before the kind of the entry is known.

    ``refusal`` is what of its amounts cannot be read, ``batch`` the batch of ours that it names.
    """

    line: int
    amounts: DetailAmounts
    refusal: UnreadableBankFile | None
    payment: str | None
    reference: str | None
    creditor: Counterparty
    debtor: Counterparty
    is_return: bool
    reason: str | None
    bank_code: str | None
    text: str | None
    batch: str | None


@dataclass(frozen=True, slots=True)
class _Line:
    """A movement in the making: its signed amount, and the detail or batch that it comes from.

    ``charges_cents`` is the part of the amount that is bank charges; negative for what the bank kept.
    """

    cents: int
    line: int
    detail: Detail | None = None
    charges_cents: int = 0
    batch: str | None = None
    count: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry whose amount is proved against its details; the counterparty waits for the account's own IBAN.

    ``refusal`` is why it is not: then it is one line, which only the balances of its statement prove.
    """

    is_booked: bool
    cents: int
    booked_on: date
    value_on: date | None
    reference: str | None
    is_reversal: bool
    is_return: bool
    bank_code: str | None
    text: str | None
    parts: tuple[_Line, ...]
    refusal: UnreadableBankFile | None

    def lines(self, own_iban: str | None) -> Iterator[BankEntry]:
        """One bank entry per detail, or one for the whole; the caller numbers them."""
        for part in self.parts:
            detail = part.detail
            is_return = self.is_return or (detail is not None and detail.is_return)
            goes_back = is_return or self.is_reversal
            party = _counterparty(detail, own_iban, to_creditor=(part.cents < 0) != goes_back)
            entry = BankEntry(
                ordinal=0,
                is_booked=self.is_booked,
                amount_cents=part.cents,
                booked_on=self.booked_on,
                value_on=self.value_on,
                payment=detail.payment if detail else None,
                bank_reference=(detail.reference if detail else None) or self.reference,
                counterparty_iban=party.iban,
                counterparty_name=party.name,
                is_return=is_return,
                is_reversal=self.is_reversal,
                reason=detail.reason if detail else None,
                bank_code=(detail.bank_code if detail else None) or self.bank_code,
                text=part.text or (detail.text if detail else None) or self.text,
                charges_cents=-part.charges_cents,
                is_unsplit=self.refusal is not None,
                line=part.line,
            )
            batch = part.batch or (detail.batch if detail is not None and detail.payment is None else None)
            yield entry if batch is None else _as_batch(entry, batch, part.count)


def _as_batch(entry: BankEntry, batch: str, count: int | None) -> BatchEntry:
    fields = {name: getattr(entry, name) for name in BankEntry.__dataclass_fields__}
    return BatchEntry(**fields, batch=batch, count=count)


def read_entry(element: "_Element", details: list[Detail], noticed: list[str]) -> RawEntry:
    """Read an ``Ntry``, given its ``TxDtls`` in the order of the file; the codes of what is noticed are added."""
    cents = read_signed(element)
    reversal = only(element, "RvslInd")
    code, has_family = _bank_code(child(element, "BkTxCd"))
    refusal = None
    try:
        parts = tuple(_split(element, cents, details, noticed))
    except UnreadableBankFile as found:
        # What the details say of an entry is not needed for its account to add up. A stranger's entry may not stop the
        # day, so it stays one line for a person; whether the balances prove it is asked at the end of the statement.
        refusal, parts = found, (_unsplit(element, cents, details),)
        noticed.append(found.reason)
    value_on = read_date_choice(child(element, "ValDt"), "ValDt")
    booked_on = read_date_choice(child(element, "BookgDt"), "BookgDt")
    if booked_on is None:
        if value_on is None:
            refuse(line_of(element), "BookgDt", "missing")
        noticed.append("booking-date-missing")
    return RawEntry(
        is_booked=_is_booked(element, noticed),
        cents=cents,
        booked_on=booked_on or value_on or date.min,
        value_on=value_on,
        reference=reference_of(element),
        is_reversal=reversal is not None and (reversal.text or "").strip() in ("true", "1"),
        is_return=has_family,
        bank_code=code,
        text=text_of(element, "AddtlNtryInf"),
        parts=parts,
        refusal=refusal,
    )


def reference_of(element: "_Element") -> str | None:
    """The bank's own reference of an entry."""
    return text_of(element, "AcctSvcrRef") or text_of(element, "NtryRef")


def _is_booked(element: "_Element", noticed: list[str]) -> bool:
    status = only(element, "Sts")
    word = text_of(status, "Cd") or text_of(status)
    if word is None and text_of(status, "Prtry") is None:
        refuse(line_of(element), "Sts", "missing")
    if word not in ("BOOK", "PDNG", "INFO", "FUTR"):
        noticed.append("status-unknown")
    # Pending, expected and informational entries have the amounts of real ones and are no booking. Only a booked debit
    # settles a payment (decision 0010).
    return word == "BOOK"


def _split(element: "_Element", cents: int, details: list[Detail], noticed: list[str]) -> Iterator[_Line]:
    """Lines of an entry, which add up to it: one per detail, or one for an entry without details."""
    refused = next((detail.refusal for detail in details if detail.refusal is not None), None)
    if refused is not None:
        raise refused
    blocks = children(element, "NtryDtls")
    lines: list[_Line] = []
    taken = 0
    for block in blocks:
        count = len(children(block, "TxDtls"))
        is_alone = len(blocks) == 1
        lines.extend(_block(block, cents, details[taken : taken + count], noticed, is_alone=is_alone))
        taken += count
    if not lines:
        lines = [_Line(cents, line_of(element))]
    if sum(line.cents for line in lines) != cents:
        lines = _with_charges(element, lines, cents)
        noticed.append("charges-included")
    yield from lines


def _block(
    block: "_Element", cents: int, details: Sequence[Detail], noticed: list[str], *, is_alone: bool
) -> Iterator[_Line]:
    """Lines of one ``NtryDtls``: a batch with its details, a batch without, or plain details."""
    batch = child(block, "Btch")
    sign = 1 if cents > 0 else -1
    count = read_number(text_of(batch, "NbOfTxs"))
    total = _batch_total(batch, sign)
    # Details count as payments only if they account for every cent of their block. Otherwise the block stays one line
    # for a person to match: splitting it by guess could settle the wrong month (decision 0014).
    if details and count not in (None, len(details)):
        refuse(line_of(batch), "NbOfTxs", "details-differ")
    has_amounts = [detail.amounts.cents is not None for detail in details]
    if details and all(has_amounts):
        lines = [_Line(_signed(detail, sign), detail.line, detail) for detail in details]
    elif len(details) == 1 and is_alone:
        lines = [_Line(cents, details[0].line, details[0])]
    elif any(has_amounts):
        refuse(line_of(block), "TxDtls", "details-differ")
    elif instructed := _instructed(details, cents if total is None else total, sign, is_alone=is_alone):
        lines = instructed
    elif total is not None or (is_alone and (batch is not None or details)):
        if details:
            noticed.append("details-without-amounts")
        reference = text_of(batch, "PmtInfId") or text_of(batch, "MsgId")
        lines = [
            _Line(
                cents if total is None else total,
                line_of(block),
                batch=reference,
                count=count or len(details) or None,
                text=_names(details),
            )
        ]
    elif details:
        refuse(line_of(block), "TxDtls", "details-differ")
    else:
        lines = []
    if total is not None and lines and sum(line.cents for line in lines) != total:
        refuse(line_of(batch), "TtlAmt", "details-differ")
    yield from lines


def _unsplit(element: "_Element", cents: int, details: Sequence[Detail]) -> _Line:
    """The whole entry as one line: with its detail, or with what several name in its text."""
    if len(details) == 1:
        return _Line(cents, details[0].line, details[0])
    return _Line(cents, line_of(element), text=_names(details))


def _names(details: Sequence[Detail]) -> str | None:
    """What several details name and say, for the person who has to place their one line."""
    return " ".join(filter(None, (word for detail in details for word in (detail.payment, detail.text)))) or None


def _instructed(details: Sequence[Detail], cents: int, sign: int, *, is_alone: bool) -> list[_Line]:
    """Lines by what was ordered, where the bank states nothing else: they must account for every cent."""
    lines = [
        _Line(detail.amounts.instructed_cents * (detail.amounts.sign or sign), detail.line, detail)
        for detail in details
        if detail.amounts.instructed_cents is not None
    ]
    is_whole = is_alone and len(lines) == len(details) and sum(line.cents for line in lines) == cents
    return lines if is_whole else []


def _batch_total(batch: "_Element | None", sign: int) -> int | None:
    amount = only(batch, "TtlAmt") if batch is not None else None
    if batch is None or amount is None:
        return None
    own_sign = read_sign(batch) if child(batch, "CdtDbtInd") is not None else sign
    return read_euro(amount.text, amount.get("Ccy"), line_of(amount), "TtlAmt") * own_sign


def _signed(detail: Detail, sign: int) -> int:
    return (detail.amounts.cents or 0) * (detail.amounts.sign or sign)


def _with_charges(element: "_Element", lines: list[_Line], cents: int) -> list[_Line]:
    """Lines including the bank's stated charges, which must close the gap exactly; otherwise it is refused.

    Charges of which the bank does not say whether they are included are, where they close the gap.
    """
    amounts = [line.detail.amounts if line.detail else DetailAmounts() for line in lines]
    marked = [each.charges_cents for each in amounts]
    stated = [each.charges_cents + each.unmarked_charges_cents for each in amounts]
    of_entry = _charges(child(element, "Chrgs")) if len(lines) == 1 and lines[0].detail is not None else (0, 0)
    for charges in (marked, stated, [of_entry[0]], [sum(of_entry)]):
        if len(charges) == len(lines) and sum(line.cents for line in lines) + sum(charges) == cents:
            return [_charged(line, each) for line, each in zip(lines, charges, strict=True)]
    return refuse(line_of(element), "NtryDtls", "details-differ")


def _charged(line: _Line, charges_cents: int) -> _Line:
    return replace(line, cents=line.cents + charges_cents, charges_cents=charges_cents)


def read_detail(element: "_Element") -> Detail:
    """Read a ``TxDtls``: one payment of a booking."""
    references = child(element, "Refs")
    parties = child(element, "RltdPties")
    returned = child(element, "RtrInf")
    code, has_family = _bank_code(child(element, "BkTxCd"))
    payment, batch = text_of(references, "EndToEndId"), text_of(references, "PmtInfId")
    refusal, amounts = None, DetailAmounts()
    try:
        amounts = _detail_amounts(element)
    except UnreadableBankFile as found:
        refusal = found
    return Detail(
        line=line_of(element),
        amounts=amounts,
        refusal=refusal,
        payment=None if payment == NOT_PROVIDED else payment,
        reference=text_of(references, "AcctSvcrRef") or text_of(references, "TxId"),
        creditor=_party(parties, "Cdtr"),
        debtor=_party(parties, "Dbtr"),
        is_return=returned is not None or has_family,
        reason=text_of(returned, "Rsn", "Cd") or text_of(returned, "Rsn", "Prtry"),
        bank_code=code,
        text=_remittance(element),
        batch=batch if batch is not None and codes.matches(codes.BATCH, batch) else None,
    )


def _detail_amounts(element: "_Element") -> DetailAmounts:
    """Amounts of a detail; the instructed one may be before charges, and alone it proves nothing."""
    amount = only(element, "Amt")
    if amount is None:
        amount = child(element, "AmtDtls", "TxAmt", "Amt")
    instructed = child(element, "AmtDtls", "InstdAmt", "Amt")
    charges_cents, unmarked_cents = _charges(child(element, "Chrgs"))
    return DetailAmounts(
        cents=None if amount is None else read_euro(amount.text, amount.get("Ccy"), line_of(amount), "TxDtls/Amt"),
        instructed_cents=read_cents(instructed.text, line_of(instructed), "InstdAmt")
        if instructed is not None and instructed.get("Ccy") == EURO
        else None,
        sign=read_sign(element) if child(element, "CdtDbtInd") is not None else None,
        charges_cents=charges_cents,
        unmarked_charges_cents=unmarked_cents,
    )


def _charges(element: "_Element | None") -> tuple[int, int]:
    """Signed charges that the bank states as included in a booking, and those of which it does not say so."""
    included_cents = unmarked_cents = 0
    for record in children(element, "Rcrd") or ([element] if element is not None else []):
        amount = child(record, "Amt")
        if amount is None:
            amount = child(record, "TtlChrgsAndTaxAmt")
        word = text_of(record, "ChrgInclInd")
        if amount is None or word not in (None, "true", "1") or amount.get("Ccy") != EURO:
            continue
        sign = read_sign(record) if child(record, "CdtDbtInd") is not None else -1
        cents = read_cents(amount.text, line_of(amount), "Chrgs") * sign
        if word is None:
            unmarked_cents += cents
        else:
            included_cents += cents
    return included_cents, unmarked_cents


def _bank_code(element: "_Element | None") -> tuple[str | None, bool]:
    """Bank transaction code, ISO and proprietary, and whether it marks a returned payment."""
    domain = [
        text_of(element, "Domn", "Cd"),
        text_of(element, "Domn", "Fmly", "Cd"),
        text_of(element, "Domn", "Fmly", "SubFmlyCd"),
    ]
    iso = "-".join(code for code in domain if code)
    words = [iso, text_of(element, "Prtry", "Cd") or ""]
    return " ".join(filter(None, words)) or None, domain[2] == _RETURN_FAMILY


def _party(parties: "_Element | None", role: str) -> Counterparty:
    account = child(parties, role + "Acct", "Id")
    iban = as_iban(text_of(account, "IBAN") or text_of(account, "Othr", "Id"))
    return Counterparty(iban, text_of(parties, role, "Nm") or text_of(parties, role, "Pty", "Nm"))


def _counterparty(detail: Detail | None, own_iban: str | None, *, to_creditor: bool) -> Counterparty:
    """The counterparty: by the direction of the money, but never the account itself, since banks differ in returns."""
    if detail is None:
        return Counterparty(None, None)
    first, second = (detail.creditor, detail.debtor) if to_creditor else (detail.debtor, detail.creditor)
    if own_iban is None or first.iban != own_iban:
        return first
    return second if second.iban != own_iban else Counterparty(None, None)


def _remittance(element: "_Element") -> str | None:
    information = child(element, "RmtInf")
    texts = [(part.text or "").strip() for part in children(information, "Ustrd")]
    if not any(texts):
        strands = children(information, "Strd")
        texts = [text_of(strand, "CdtrRefInf", "Ref") or "" for strand in strands]
    return " ".join(filter(None, texts)) or text_of(element, "AddtlTxInf")
