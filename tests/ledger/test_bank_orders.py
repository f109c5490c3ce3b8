"""Payees of a file for the bank: each format is read whole, and what could be read in two ways is refused."""

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.acts.users import key_changed
from ledger.bank_orders import PayeeLine, UnreadableOrders, read_payees
from ledger.chain import extend
from ledger.entries import Entry
from ledger.fingerprints import payee_fingerprint
from ledger.payee_check import check_payees
from tests.ledger.kit import on
from tests.ledger.people import person
from tests.ledger.story import approve, beginning, order, payment

KEY = bytes(range(32))
IBAN, OTHER = "IT28P9990101800000000000100", "IT88S9990101800000000000400"
ISO = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


def transfer(payment: str = "PAY-2022-05-0001", iban: str = IBAN, amount: str = "450.00", more: str = "") -> str:
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>{payment}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="EUR">{amount}</InstdAmt></Amt><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct>{more}'
        "</CdtTrfTxInf>"
    )


def pain(*transfers: str, before: str = "", day: str = "") -> bytes:
    paid_from = "<DbtrAcct><Id><IBAN>IT60X0542811101000000123456</IBAN></Id></DbtrAcct>"
    group = f"<PmtInf>{day}{paid_from}{''.join(transfers)}</PmtInf>"
    return f'<?xml version="1.0"?>{before}<Document xmlns="{ISO}"><C>{group}</C></Document>'.encode()


OPI = """<flusso_ordinativi><mandato><informazioni_beneficiario><importo_beneficiario>450.00</importo_beneficiario>
<sepa_credit_transfer><iban>{iban}</iban><identificativo_end_to_end>PAY-2022-05-0001</identificativo_end_to_end>
</sepa_credit_transfer></informazioni_beneficiario></mandato></flusso_ordinativi>"""
REGISTER = "batch;payment;amount;iban;creditor;remittance\nBAT-2022-0001;PAY-2022-05-0001;450.00;{iban};R;x\n"
MANDATES = "numero;importo;iban;pagamento\n1;450.00;{iban};PAY-2022-05-0001\n"


@pytest.mark.parametrize("data", [pain(transfer()).decode(), OPI, REGISTER, MANDATES, "\ufeff" + REGISTER])
def test_each_format_names_the_same_payee(data: str) -> None:
    (line,) = read_payees(data.replace("{iban}", IBAN).encode())
    assert (line.payment, line.iban, line.amount_cents) == ("PAY-2022-05-0001", IBAN, 45000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"<a>",
        b"<a/>",
        b"payment;iban\nx;y\n",
        REGISTER.replace("450.00", "450,00").format(iban=IBAN).encode(),
        REGISTER.format(iban=IBAN).encode() + b"one;field\n",
        pain(transfer(), before='<!DOCTYPE Document [<!ENTITY a "b">]>'),
        pain(transfer(), transfer()),
        pain(transfer(more=f"<CdtrAcct><Id><IBAN>{OTHER}</IBAN></Id></CdtrAcct>")),
        pain(transfer(), f"<Other><IBAN>{OTHER}</IBAN></Other>"),
        pain(transfer(more=transfer())),
        pain(transfer().replace("EUR", "USD")),
        pain(transfer().replace("IBAN>", "Othr>")),
        pain(
            transfer(iban="", more=f"<CdtrAgtAcct><Id><IBAN>{IBAN}</IBAN></Id></CdtrAgtAcct>").replace(
                "<IBAN></IBAN>", OTHER
            )
        ),
        pain(transfer(iban=f"{OTHER}<More/>{IBAN}")),
        pain(transfer(amount="1e3")),
        b" " * (64 * 1024 * 1024 + 1),
    ],
)
def test_what_is_not_one_plain_list_of_transfers_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableOrders):
        read_payees(data)


def test_the_day_of_execution_is_read_of_its_group_or_of_the_transfer() -> None:
    day, in_opi = date(2022, 4, 11), "<data_esecuzione_pagamento>2022-04-11</data_esecuzione_pagamento>"
    opi = OPI.replace("<sepa", f"{in_opi}<sepa").replace("{iban}", IBAN).encode()
    register = f"data_pagamento;importo;iban;pagamento\n2022-04-11;450.00;{IBAN};PAY-2022-05-0001\n".encode()
    older, newer = "<ReqdExctnDt>2022-04-11</ReqdExctnDt>", "<ReqdExctnDt>\n<Dt>2022-04-11</Dt>\n</ReqdExctnDt>"
    for data in (pain(transfer(), day=older), pain(transfer(), day=newer), opi, register):
        assert [line.pay_on for line in read_payees(data)] == [day]
    for wrong in (older + newer, "<ReqdExctnDt>2022-04-31</ReqdExctnDt>"):
        with pytest.raises(UnreadableOrders):
            read_payees(pain(transfer(), day=wrong))


def test_name_reference_and_payer_are_read_where_a_format_has_them() -> None:
    cited = "<RmtInf><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>"
    named = "<Cdtr><Nm>R</Nm></Cdtr><UltmtDbtr><Nm>Another</Nm></UltmtDbtr>"
    of_opi = "<beneficiario><anagrafica_beneficiario>R</anagrafica_beneficiario></beneficiario>"
    said = f"{of_opi}<causale>RF18539007547034 Affitto 2022-05</causale>"
    opi = OPI.replace("<sepa", f"{said}<sepa").replace("{iban}", IBAN).encode()
    payer = "IT60X0542811101000000123456"
    for data, reference, paid_from in (
        (pain(transfer(more=named + cited)), "RF18539007547034", payer),
        (opi, "RF18539007547034", None),
        (REGISTER.replace("{iban}", IBAN).encode(), None, None),
    ):
        (line,) = read_payees(data)
        assert (line.name, line.reference, line.payer) == ("R", reference, paid_from)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_whole_or_refused(data: bytes) -> None:
    with contextlib.suppress(UnreadableOrders):
        read_payees(data)


def entries(version: int = 1) -> list[Entry]:
    """April ordered to an account of L0001 whose fingerprint is that of ``IBAN``."""
    fingerprint = payee_fingerprint(KEY, IBAN)
    drafts = [
        replace(draft, facts=draft.facts._replace(fingerprint=fingerprint)) if draft.facts.account else draft
        for draft in beginning()
    ]
    return list(extend([*drafts, approve("2022-04-10"), order("2022-04-11", payment(1), version)]))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (PayeeLine("PAY-2022-05-0001", IBAN, 45000), ""),
        (PayeeLine("PAY-2022-05-0001", "it28 p999 0101 8000 0000 0000 100", 45000), ""),
        (PayeeLine("PAY-2022-05-0001", OTHER, 45000), "its IBAN is not that of account 1 of L0001"),
        (PayeeLine("PAY-2022-05-0001", IBAN, 45001), "450.01 EUR in the file, 450.00 EUR in the books"),
        (PayeeLine("PAY-2022-05-0009", IBAN, 45000), "is not ordered in the books"),
        (PayeeLine("PAY-2022-05-0001", IBAN, 45000, date(2022, 4, 12)), ""),
        (PayeeLine("PAY-2022-05-0001", IBAN, 45000, date(2022, 4, 10)), "is to be paid on 2022-04-10"),
        (PayeeLine("PAY-2022-05-0001", IBAN, 45000, date(2022, 4, 16)), "and was ordered on 2022-04-11"),
    ],
)
def test_each_payee_is_held_against_its_order(line: PayeeLine, found: str) -> None:
    checked = check_payees(entries(), [line], KEY)
    assert (checked.proved, len(checked.findings)) == ((0, 1) if found else (1, 0))
    assert found in "".join(checked.findings)


def test_an_order_to_an_account_that_nobody_confirmed_is_told() -> None:
    (finding,) = check_payees(entries(2), [PayeeLine("PAY-2022-05-0001", IBAN, 45000)], KEY).findings
    assert "which was never confirmed" in finding


def test_a_payee_is_proved_under_each_key_that_the_fund_has_had_since() -> None:
    """Two changes later; the subkey of no key of the fund's proves nothing."""
    keys = [KEY, bytes(31) + b"1", bytes(31) + b"2"]
    first, second, third = (payee_fingerprint(key, IBAN) for key in keys)
    changes = [
        key_changed(on("2022-04-12", "U98", "U99"), key_check=person(old), renewed={old: new})
        for old, new in ((first, second), (second, third))
    ]
    booked = entries()
    chain = [*booked, *extend(changes, seq=len(booked), head=booked[-1].hash)]
    line = PayeeLine("PAY-2022-05-0001", IBAN, 45000)
    assert [check_payees(chain, [line], key).proved for key in keys] == [1, 1, 1]
    assert check_payees(chain, [replace(line, iban=OTHER)], keys[-1]).proved == 0
    assert check_payees(chain, [line], bytes(32)).proved == 0
    assert check_payees(booked, [line], keys[1]).proved == 0, "before the change there is no such key"
