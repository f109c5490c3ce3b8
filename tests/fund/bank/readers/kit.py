"""Bank files for the readers' tests, written by hand as text, so that they share nothing with the readers.

Parties are numbered, not named; the bank does not exist.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from lxml import etree

from fund.bank.port import BankMessage
from fund.bank.readers import read
from fund.domain.errors import UnreadableBankFile
from ledger.money import format_cents

OWN = "IT40X0999101800000000000001"
DAY = date(2026, 3, 10)


def other(number: int) -> str:
    """The account of a numbered landlord."""
    return f"IT40X09991018{number:013d}"[:27]


@dataclass(frozen=True)
class Movement:
    """What a camt entry or detail says, and so what must be read from it."""

    cents: int
    payment: str | None = None
    iban: str | None = None
    name: str | None = None
    is_booked: bool = True
    is_reversal: bool = False
    reason: str | None = None
    day: date = DAY

    @property
    def is_return(self) -> bool:
        return self.reason is not None


def facts(message: BankMessage) -> list[Movement]:
    """The movements that a message tells, in their order."""
    return [
        Movement(
            entry.amount_cents,
            entry.payment,
            entry.counterparty_iban,
            entry.counterparty_name,
            entry.is_booked,
            entry.is_reversal,
            entry.reason if entry.is_return else None,
            entry.booked_on,
        )
        for statement in message.statements
        for entry in statement.entries
    ]


def refusal(data: bytes) -> tuple[str, str, int]:
    """Field, reason and line of the refusal that these bytes must meet."""
    with pytest.raises(UnreadableBankFile) as caught:
        read(data)
    return caught.value.field, caught.value.reason, caught.value.line


@dataclass(frozen=True)
class Dialect:
    """How a bank writes camt: the version, a prefix or none, the envelope, and what it likes to leave out."""

    family: str = "camt.053"
    version: int = 8
    prefix: str = ""
    envelope: str = ""
    has_details_first: bool = False
    has_balances_last: bool = False
    has_balances: bool = True
    opening_code: str = "OPBD"

    @property
    def names(self) -> tuple[str, str]:
        return {
            "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
            "camt.053": ("BkToCstmrStmt", "Stmt"),
            "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
        }[self.family]

    @property
    def namespace(self) -> str:
        if self.envelope == "cbi":
            return "urn:CBI:xsd:CBIDlyStmtReqLogMsg.00.01.02"
        return f"urn:iso:std:iso:20022:tech:xsd:{self.family}.001.{self.version:02d}"


def amount(cents: int, tag: str = "Amt") -> str:
    return f'<{tag} Ccy="EUR">{format_cents(abs(cents))}</{tag}>'


def sign(cents: int) -> str:
    return f"<CdtDbtInd>{'CRDT' if cents >= 0 else 'DBIT'}</CdtDbtInd>"


def party(dialect: Dialect, movement: Movement) -> str:
    """The other side of a movement; of a return, the creditor of what came back."""
    role = "Cdtr" if (movement.cents < 0) != (movement.is_return or movement.is_reversal) else "Dbtr"
    name = f"<Nm>{movement.name}</Nm>" if movement.name else ""
    if name and dialect.version >= 7:
        name = f"<Pty>{name}</Pty>"
    told = f"<{role}>{name}</{role}>" if name else ""
    account = f"<{role}Acct><Id><IBAN>{movement.iban}</IBAN></Id></{role}Acct>" if movement.iban else ""
    return f"<RltdPties>{told}{account}</RltdPties>" if told or account else ""


def detail(dialect: Dialect, movement: Movement) -> str:
    references = f"<Refs><EndToEndId>{movement.payment or 'NOTPROVIDED'}</EndToEndId></Refs>"
    if dialect.version >= 3:
        money = amount(movement.cents) + sign(movement.cents)
    else:
        money = f"<AmtDtls><TxAmt>{amount(movement.cents)}</TxAmt></AmtDtls>"
    returned = f"<RtrInf><Rsn><Cd>{movement.reason}</Cd></Rsn></RtrInf>" if movement.reason else ""
    text = "<RmtInf><Ustrd>REG-1 2026-03</Ustrd></RmtInf>"
    return f"<TxDtls>{references}{money}{party(dialect, movement)}{text}{returned}</TxDtls>"


def entry(dialect: Dialect, movements: Sequence[Movement], reference: str = "REF-1", details: str | None = None) -> str:
    """One ``Ntry``: a single movement, or several that were booked together."""
    total = sum(movement.cents for movement in movements)
    first = movements[0]
    status = "BOOK" if first.is_booked else "PDNG"
    status = f"<Sts><Cd>{status}</Cd></Sts>" if dialect.version >= 7 else f"<Sts>{status}</Sts>"
    day = f"<Dt>{first.day.isoformat()}</Dt>"
    reversal = "<RvslInd>true</RvslInd>" if first.is_reversal else ""
    batch = f"<Btch><PmtInfId>PB-1</PmtInfId><NbOfTxs>{len(movements)}</NbOfTxs></Btch>" if len(movements) > 1 else ""
    inner = "".join(detail(dialect, movement) for movement in movements) if details is None else details
    told = f"<NtryDtls>{batch}{inner}</NtryDtls>" if batch or inner else ""
    head = f"{amount(total)}{sign(total)}{reversal}{status}<BookgDt>{day}</BookgDt><ValDt>{day}</ValDt>"
    code = "<BkTxCd><Prtry><Cd>48</Cd><Issr>CBI</Issr></Prtry></BkTxCd>"
    tail = f"<AcctSvcrRef>{reference}</AcctSvcrRef>{code}"
    return f"<Ntry>{told}{head}{tail}</Ntry>" if dialect.has_details_first else f"<Ntry>{head}{tail}{told}</Ntry>"


def balance(code: str, cents: int, day: date = DAY) -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f"<Bal>{kind}{amount(cents)}{sign(cents)}<Dt><Dt>{day.isoformat()}</Dt></Dt></Bal>"


def statement(
    dialect: Dialect, entries: Sequence[str], opening: int, closing: int, identifier: str = "ST-1", extra: str = ""
) -> str:
    """One account's statement from its entries as text."""
    name = dialect.names[1]
    balances = balance(dialect.opening_code, opening) + balance("CLBD", closing) if dialect.has_balances else ""
    head = f"<Id>{identifier}</Id><ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2026-03-11T06:00:00+01:00</CreDtTm>"
    account = f"<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    body = "".join(entries)
    parts = body + balances if dialect.has_balances_last else balances + extra + body
    return f"<{name}>{head}{account}{parts}</{name}>"


def message(dialect: Dialect, statements: Iterable[str]) -> bytes:
    """The whole file, in the dialect's namespace, prefix and envelope; one element on a line, so that lines tell."""
    body = "<GrpHdr><MsgId>MSG-1</MsgId><CreDtTm>2026-03-11T06:00:00</CreDtTm></GrpHdr>" + "".join(statements)
    if dialect.envelope == "cbi":
        text = (
            '<B:CBIBdyBkToCstmrStmtReq xmlns:B="urn:CBI:xsd:CBIBdyBkToCstmrStmtReq.00.01.02">'
            "<B:CBIEnvelBkToCstmrStmtReqLogMsg><B:CBIBkToCstmrStmtReqLogMsg>"
            f'<CBIDlyStmtReqLogMsg xmlns="{dialect.namespace}">{body}</CBIDlyStmtReqLogMsg>'
            "</B:CBIBkToCstmrStmtReqLogMsg></B:CBIEnvelBkToCstmrStmtReqLogMsg></B:CBIBdyBkToCstmrStmtReq>"
        )
    else:
        name = dialect.names[0]
        text = f'<Document xmlns="{dialect.namespace}"><{name}>{body}</{name}></Document>'
        if dialect.envelope == "other":
            text = f'<x:Envelope xmlns:x="urn:example:envelope"><x:Body>{text}</x:Body></x:Envelope>'
    data = text.replace("><", ">\n<").encode()
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + (prefixed(data, dialect.prefix) if dialect.prefix else data)


def prefixed(data: bytes, prefix: str) -> bytes:
    """The same document with a prefix instead of a default namespace."""
    root = etree.fromstring(data)
    made = etree.Element(root.tag, nsmap={prefix: etree.QName(root).namespace})
    made.text = root.text
    made.extend(list(root))
    return etree.tostring(made)


def camt(movements: Sequence[Movement], dialect: Dialect | None = None, opening: int = 1_000_000) -> bytes:
    """A statement whose balances agree with its booked movements, each an entry of its own."""
    dialect = dialect or Dialect()
    closing = opening + sum(movement.cents for movement in movements if movement.is_booked)
    entries = [entry(dialect, [movement], f"REF-{index}") for index, movement in enumerate(movements, start=1)]
    return message(dialect, [statement(dialect, entries, opening, closing)])


PAID = Movement(-45000, "PAY-2026-03-0001", other(1), "Locatore 1")
BACK = Movement(44800, "PAY-2026-02-0001", other(2), "Locatore 2", reason="AC04")
GRANT = Movement(2_000_000, None, other(3), "Ente 3")


def status_report(body: str, version: str = "pain.002.001.10", group: str = "<GrpSts>PART</GrpSts>") -> bytes:
    """A pain.002 with this group status and, behind it, this text."""
    text = (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>STS-1</MsgId><CreDtTm>2026-03-10T09:00:00Z</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>PB-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}"
        f"</OrgnlGrpInfAndSts>{body}</CstmrPmtStsRpt></Document>"
    )
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.replace("><", ">\n<").encode()


def transaction(payment: str, status: str | None = "RJCT", reason: str | None = None, cents: int | None = 45000) -> str:
    """A ``TxInfAndSts``."""
    told = f"<TxSts>{status}</TxSts>" if status else ""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    money = f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{format_cents(cents)}</InstdAmt></Amt></OrgnlTxRef>' if cents else ""
    return f"<TxInfAndSts><OrgnlEndToEndId>{payment}</OrgnlEndToEndId>{told}{why}{money}</TxInfAndSts>"


def part(body: str, status: str | None = None, name: str = "PB-1-1", reason: str | None = None) -> str:
    """An ``OrgnlPmtInfAndSts``."""
    told = f"<PmtInfSts>{status}</PmtInfSts>" if status else ""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{name}</OrgnlPmtInfId>{told}{why}{body}</OrgnlPmtInfAndSts>"
