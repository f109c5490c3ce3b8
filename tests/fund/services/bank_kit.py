"""Small files of a bank and of a treasurer for one small fund, written by hand: what each says is in its arguments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.money import format_cents

OWN = "IT91X9990101800000000000900"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True)
class Moved:
    """A movement: cents below zero leave the account. ``reason`` makes it a payment that came back, ``is_reversal`` a
    booking that the bank takes back; ``name`` is the other side's; what the bank kept for itself is ``charges_cents``;
    ``mandate`` is the number of the order that a treasurer carried out, ``receipt`` that of the quietanza.
    """

    cents: int
    payment: str | None = None
    iban: str | None = None
    reason: str | None = None
    text: str | None = None
    day: str = "2022-03-07"
    reference: str | None = None
    charges_cents: int = 0
    mandate: int | None = None
    is_reversal: bool = False
    receipt: int | None = None
    name: str | None = None

    @property
    def camt(self) -> str:
        sign = f"<CdtDbtInd>{'CRDT' if self.cents > 0 else 'DBIT'}</CdtDbtInd>"
        amount = f'<Amt Ccy="EUR">{format_cents(abs(self.cents))}</Amt>'
        role = "Cdtr" if self.cents < 0 else "Dbtr"
        party = f"<{role}><Pty><Nm>{self.name}</Nm></Pty></{role}>" if self.name else ""
        party += f"<{role}Acct><Id><IBAN>{self.iban}</IBAN></Id></{role}Acct>" if self.iban else ""
        party = f"<RltdPties>{party}</RltdPties>" if party else ""
        end_to_end = f"<EndToEndId>{self.payment}</EndToEndId>" if self.payment else ""
        reference = f"<AcctSvcrRef>{self.reference}</AcctSvcrRef>" if self.reference else ""
        back = f"<RtrInf><Rsn><Cd>{self.reason}</Cd></Rsn></RtrInf>" if self.reason else ""
        text = f"<RmtInf><Ustrd>{self.text}</Ustrd></RmtInf>" if self.text else ""
        own_cents = abs(self.cents) - self.charges_cents if self.cents < 0 else self.cents + self.charges_cents
        own = f'<Amt Ccy="EUR">{format_cents(own_cents)}</Amt>'
        charges = (
            f'<Chrgs><Rcrd><Amt Ccy="EUR">{format_cents(abs(self.charges_cents))}</Amt>'
            f"<CdtDbtInd>{'DBIT' if self.charges_cents > 0 else 'CRDT'}</CdtDbtInd>"
            "<ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>"
            if self.charges_cents
            else ""
        )
        undone = "<RvslInd>true</RvslInd>" if self.is_reversal else ""
        details = f"<TxDtls><Refs>{reference}{end_to_end}</Refs>{own}{sign}{charges}{party}{text}{back}</TxDtls>"
        return (
            f"<Ntry>{amount}{sign}{undone}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{self.day}</Dt></BookgDt><BkTxCd/>"
            f"<NtryDtls>{details}</NtryDtls></Ntry>"
        )

    @property
    def opi(self) -> str:
        is_undone = self.is_reversal or self.reason is not None
        word, side = ("STORNATO", "USCITA") if is_undone else ("ESEGUITO", "USCITA" if self.cents < 0 else "ENTRATA")
        quietanza = (
            "" if self.receipt is None else f"<numero_bolletta_quietanza>{self.receipt}</numero_bolletta_quietanza>"
        )
        end_to_end = f"<end_to_end_id>{self.payment}</end_to_end_id>" if self.payment else ""
        document = "<tipo_documento>SOSPESO</tipo_documento>"
        if self.mandate is not None:
            number = f"<numero_documento>{self.mandate}</numero_documento>"
            payee = "<progressivo_documento>1</progressivo_documento>"
            document = f"<tipo_documento>MANDATO</tipo_documento>{number}{payee}"
        return (
            f"<movimento_conto_evidenza><tipo_movimento>{side}</tipo_movimento>{document}"
            f"<tipo_operazione>{word}</tipo_operazione><importo>{format_cents(abs(self.cents))}</importo>{quietanza}"
            f"<data_movimento>{self.day}</data_movimento>{end_to_end}</movimento_conto_evidenza>"
        )


def balance(code: str, cents: int, day: str) -> str:
    sign = "CRDT" if cents >= 0 else "DBIT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{format_cents(abs(cents))}</Amt>'
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def statement(
    number: int,
    opening_cents: int,
    *moved: Moved,
    day: str = "2022-03-07",
    iban: str = OWN,
    name: str | None = None,
    message: str = "M",
) -> bytes:
    """A camt.053 whose balances agree with what it tells."""
    closing_cents = opening_cents + sum(movement.cents for movement in moved)
    entries = "".join(movement.camt for movement in moved)
    return (
        f'{HEAD}<Document xmlns="{CAMT}"><BkToCstmrStmt><GrpHdr><MsgId>{message}{number}</MsgId>'
        f"<CreDtTm>2022-03-08T08:00:00</CreDtTm></GrpHdr><Stmt><Id>{name or f'S{number}'}</Id>"
        f"<ElctrncSeqNb>{number}</ElctrncSeqNb><CreDtTm>2022-03-08T08:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{balance('OPBD', opening_cents, day)}"
        f"{balance('CLBD', closing_cents, day)}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def notification(data: bytes) -> bytes:
    """A camt.054 that tells what a statement tells, without its balances."""
    told = data.decode().replace("camt.053", "camt.054").replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
    return re.sub("<Bal>.*?</Bal>", "", told).replace("Stmt>", "Ntfctn>").encode()


def giornale(
    flow: str,
    opening_cents: int,
    *moved: Moved,
    day: str = "2022-03-07",
    page: tuple[int, int] = (1, 1),
    on_others: Sequence[Moved] = (),
) -> bytes:
    """A treasurer's journal of one account, whose balances agree; or a ``page`` of one, with balances of the whole."""
    whole = *moved, *on_others
    incoming = sum(movement.cents for movement in whole if movement.cents > 0)
    outgoing = -sum(movement.cents for movement in whole if movement.cents < 0)
    amounts = {
        "saldo_precedente": opening_cents,
        "totale_entrate": incoming,
        "totale_uscite": outgoing,
        "saldo_finale": opening_cents + incoming - outgoing,
    }
    balances = "".join(f"<{n}_conto_evidenza>{format_cents(c)}</{n}_conto_evidenza>" for n, c in amounts.items())
    return (
        f"{HEAD}<flusso_giornale_di_cassa><identificativo_flusso_BT>{flow}</identificativo_flusso_BT>"
        f"<pagina>{page[0]}</pagina><pagine_totali>{page[1]}</pagine_totali><esercizio>2022</esercizio><data_riferimento_GdC>{day}</data_riferimento_GdC><informazioni_conto_evidenza>"
        f"<conto_evidenza>0000001</conto_evidenza>{''.join(movement.opi for movement in moved)}{balances}"
        "</informazioni_conto_evidenza></flusso_giornale_di_cassa>"
    ).encode()


def report(
    batch: str,
    group: str,
    *rejected: tuple[str, str],
    message: str = "R1",
    part: str | None = None,
    part_status: str | None = None,
    day: str = "2022-03-07",
) -> bytes:
    """A pain.002: the group's status, that of its one part, and the payments that it rejects with their reasons."""
    listed: Sequence[str] = [
        f"<TxInfAndSts><OrgnlEndToEndId>{payment}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for payment, reason in rejected
    ]
    status = f"<PmtInfSts>{part_status}</PmtInfSts>" if part_status else ""
    told = f"<OrgnlPmtInfId>{part or batch}</OrgnlPmtInfId>{status}{''.join(listed)}"
    part = f"<OrgnlPmtInfAndSts>{told}</OrgnlPmtInfAndSts>" if listed or status else ""
    return _pain002(message, f"{day}T08:00:00", batch, f"<GrpSts>{group}</GrpSts>", part)


def _pain002(message: str, created: str, batch: str, group: str, part: str) -> bytes:
    return (
        f'{HEAD}<Document xmlns="{PAIN}"><CstmrPmtStsRpt><GrpHdr><MsgId>{message}</MsgId>'
        f"<CreDtTm>{created}</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{batch}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>{part}</CstmrPmtStsRpt></Document>"
    ).encode()


def esito(batch: str, mandate: int, word: str, cents: int | None = None) -> bytes:
    """What a treasurer says of one mandate of a flow: ``NON ESEGUIBILE``, with the amount where it tells that."""
    amount = "" if cents is None else f"<importo>{format_cents(cents)}</importo>"
    return (
        f"{HEAD}<messaggi_esito_applicativo><identificativo_flusso_BT>ESI-{batch}-{mandate}</identificativo_flusso_BT>"
        f"<esito_mandati><identificativo_flusso>{batch}</identificativo_flusso><esercizio>2022</esercizio>"
        f"<numero_mandato>{mandate}</numero_mandato><progressivo_beneficiario>1</progressivo_beneficiario>{amount}"
        f"<esito_operazione>{word}</esito_operazione></esito_mandati></messaggi_esito_applicativo>"
    ).encode()


def payees(
    batch: str, group: str, *, message: str = "V1", matches: int | None = None, **listed: tuple[str, ...]
) -> bytes:
    """A pain.002 with a bank's word on the payees: the payments listed by their result, and the matches it counts."""
    transactions = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{payment}</OrgnlEndToEndId><TxSts>{result}</TxSts>"
        "<StsRsnInf><AddtlInf>Un altro nome</AddtlInf></StsRsnInf></TxInfAndSts>"
        for result, named in listed.items()
        for payment in named
    )
    count = f"<DtldNbOfTxs>{matches}</DtldNbOfTxs><DtldSts>RCVC</DtldSts>"
    counted = "" if matches is None else f"<NbOfTxsPerSts>{count}</NbOfTxsPerSts>"
    told = f"<OrgnlPmtInfId>{batch}</OrgnlPmtInfId><PmtInfSts>{group}</PmtInfSts>{counted}{transactions}"
    part = f"<OrgnlPmtInfAndSts>{told}</OrgnlPmtInfAndSts>"
    return _pain002(message, "2022-03-05T18:00:00", batch, f"<GrpSts>{group}</GrpSts>{counted}", part)
