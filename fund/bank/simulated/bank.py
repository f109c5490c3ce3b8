"""A bank that accepts pain.001 or CBI, and answers with pain.002 and one numbered camt.053 a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from fund.bank.readers.values import refuse
from fund.bank.simulated.movements import SimulatedAccount, SimulatedMovement
from fund.bank.simulated.orders import read_orders
from fund.bank.simulated.status import write_status
from fund.bank.writers.xml import Element, add, document, serialized
from ledger.money import format_cents

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_CODES: Final = {
    "paid": ("ICDT", "ESCT"),
    "debit": ("ICDT", "ESCT"),
    "returned": ("ICDT", "RRTN"),
    "reversed": ("ICDT", "ESCT"),
    "credit": ("RCDT", "ESCT"),
}
"""ISO 20022 family and sub-family of each kind of movement."""


class Bank:
    """The bank of the city's account.

    ``books_together`` books a batch as one entry with details, whatever the file asks for: many banks do.
    """

    def __init__(self, iban: str, *, account: SimulatedAccount | None = None, books_together: bool = False) -> None:
        self.account = account or SimulatedAccount()
        self._iban = iban
        self._books_together = books_together
        self._received = 0
        self._statements = 0

    def receive(
        self,
        data: bytes,
        *,
        on: date,
        rejected: Mapping[str, str] | None = None,
        group_reason: str | None = None,
    ) -> bytes:
        """Accept a sealed file and answer with pain.002; the rest is paid on the day that the file requests.

        Raises ``UnreadableBankFile``, also for a file that debits another account.
        """
        file = read_orders(data)
        if file.debtor_iban != self._iban:
            refuse(0, "DbtrAcct", "unknown-account")
        self._received += 1
        if group_reason is None:
            taken = tuple(order for order in file.orders if order.payment not in (rejected or {}))
            self.account.order(max(file.pay_on, on), file.batch, taken)
        return write_status(file, on=on, number=self._received, rejected=rejected, group_reason=group_reason)

    def close(self, day: date) -> bytes | None:
        """Close a day and write its statement; ``None`` for a day without movements, which gets no number."""
        opening_cents, movements = self.account.close(day)
        if not movements:
            return None
        self._statements += 1
        return self._written(day, opening_cents, movements)

    def _written(self, day: date, opening_cents: int, movements: Sequence[SimulatedMovement]) -> bytes:
        number, made = self._statements, f"{day.isoformat()}T20:00:00"
        root = document(NAMESPACE, "Document")
        message = add(root, "BkToCstmrStmt")
        header = add(message, "GrpHdr")
        add(header, "MsgId", f"STMT-{day:%Y%m%d}-{number:05d}")
        add(header, "CreDtTm", made)
        statement = add(message, "Stmt")
        add(statement, "Id", f"{day.year}-{number:05d}")
        add(statement, "ElctrncSeqNb", str(number))
        add(statement, "CreDtTm", made)
        account = add(statement, "Acct")
        add(account, "Id/IBAN", self._iban)
        add(account, "Ccy", "EUR")
        _balance(statement, "OPBD", opening_cents, day)
        _balance(statement, "CLBD", self.account.balance_cents, day)
        _summary(statement, movements)
        for entry in self._entries(movements):
            _entry(add(statement, "Ntry"), day, entry)
        return serialized(root)

    def _entries(self, movements: Sequence[SimulatedMovement]) -> Iterable[list[SimulatedMovement]]:
        if not self._books_together:
            return ([movement] for movement in movements)
        groups = groupby(movements, key=lambda m: (m.kind, m.batch if m.kind == "paid" else str(m.number)))
        return (list(group) for _, group in groups)


def _balance(statement: Element, code: str, cents: int, day: date) -> None:
    balance = add(statement, "Bal")
    add(balance, "Tp/CdOrPrtry/Cd", code)
    _money(balance, cents)
    add(balance, "Dt/Dt", day.isoformat())


def _money(parent: Element, cents: int) -> None:
    add(parent, "Amt", format_cents(abs(cents)), Ccy="EUR")
    add(parent, "CdtDbtInd", "DBIT" if cents < 0 else "CRDT")


def _summary(statement: Element, movements: Sequence[SimulatedMovement]) -> None:
    summary = add(statement, "TxsSummry")
    for name, sign in (("TtlCdtNtries", 1), ("TtlDbtNtries", -1)):
        cents = [sign * movement.cents for movement in movements if sign * movement.cents > 0]
        add(add(summary, name), "Sum", format_cents(sum(cents)))


def _entry(entry: Element, day: date, movements: Sequence[SimulatedMovement]) -> None:
    first = movements[0]
    _money(entry, sum(movement.cents for movement in movements))
    if first.kind == "reversed":
        add(entry, "RvslInd", "true")
    add(entry, "Sts/Cd", "BOOK")
    for name in ("BookgDt", "ValDt"):
        add(entry, f"{name}/Dt", day.isoformat())
    add(entry, "AcctSvcrRef", f"MOV-{first.number:06d}")
    code = add(entry, "BkTxCd/Domn")
    add(code, "Cd", "PMNT")
    family, sub_family = _CODES[first.kind]
    inner = add(code, "Fmly")
    add(inner, "Cd", family)
    add(inner, "SubFmlyCd", sub_family)
    details = add(entry, "NtryDtls")
    if len(movements) > 1:
        batch = add(details, "Btch")
        add(batch, "PmtInfId", first.batch)
        add(batch, "NbOfTxs", str(len(movements)))
    for movement in movements:
        _detail(add(details, "TxDtls"), movement)


def _detail(detail: Element, movement: SimulatedMovement) -> None:
    order = movement.order
    references = add(detail, "Refs")
    add(references, "AcctSvcrRef", f"MOV-{movement.number:06d}")
    if order is not None:
        add(references, "InstrId", order.payment)
    add(references, "EndToEndId", "NOTPROVIDED" if order is None else order.payment)
    _money(detail, movement.cents)
    name, iban = (movement.name, movement.iban) if order is None else (order.creditor, order.iban)
    role = "Dbtr" if movement.kind == "credit" else "Cdtr"
    parties = add(detail, "RltdPties")
    add(parties, f"{role}/Pty/Nm", name)
    if iban is not None:
        add(parties, f"{role}Acct/Id/IBAN", iban)
    add(detail, "RmtInf/Ustrd", movement.text if order is None else order.text)
    if movement.reason is not None:
        add(detail, "RtrInf/Rsn/Cd", movement.reason)
