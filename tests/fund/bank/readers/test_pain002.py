"""pain.002: what is said of a message, of a part of it and of a payment, and nothing beyond."""

from datetime import UTC, datetime

import pytest

from fund.bank.port import PaymentStatus
from fund.bank.readers import PartStatus, read
from tests.fund.bank.readers.kit import part, refusal, status_report, transaction


def told(data: bytes) -> list[tuple[str, str, str | None, str | None]]:
    return [(found.level, found.status, found.payment, found.reason) for found in read(data).statuses]


def group(status: str, inner: str = "") -> str:
    return f"<GrpSts>{status}</GrpSts>{inner}"


WHY = "<StsRsnInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>fondi</AddtlInf><AddtlInf>insufficienti</AddtlInf></StsRsnInf>"


def counted(rejected: int) -> str:
    return f"<NbOfTxsPerSts><DtldNbOfTxs>{rejected}</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>"


@pytest.mark.parametrize("version", ["pain.002.001.02", "pain.002.001.03", "pain.002.001.10", "pain.002.001.14"])
def test_a_rejected_group_rejects_all(version: str) -> None:
    message = read(status_report("", version, group("RJCT", WHY)))
    assert (message.format, message.message_id) == (version, "STS-1")
    assert message.created_at == datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert message.statuses == (PartStatus(1, "group", "rejected", "PB-1", None, None, "AM04", "fondi insufficienti"),)


def test_part_leaves_the_unlisted_as_they_were() -> None:
    body = part(transaction("PAY-2", "RJCT", "AC01") + transaction("PAY-3", "ACSP"), "PART")
    assert told(status_report(body)) == [
        ("group", "part", None, None),
        ("part", "part", None, None),
        ("transaction", "rejected", "PAY-2", "AC01"),
        ("transaction", "accepted", "PAY-3", None),
    ]


def test_a_rejected_part_rejects_that_part_and_hands_its_reason_down() -> None:
    body = part(transaction("PAY-1", None), "RJCT", "PB-1-A", "AC04") + part("", "ACCP", "PB-1-B")
    message = read(status_report(body))
    assert [(found.level, found.status, found.reason) for found in message.statuses] == [
        ("group", "part", None),
        ("part", "rejected", "AC04"),
        ("transaction", "rejected", "AC04"),
        ("part", "accepted", None),
    ]
    assert [getattr(found, "part", None) for found in message.statuses] == [None, "PB-1-A", "PB-1-A", "PB-1-B"]
    assert {found.batch for found in message.statuses} == {"PB-1"}
    assert [found.ordinal for found in message.statuses] == [1, 2, 3, 4]


def test_a_payments_own_reason_wins() -> None:
    body = part(transaction("PAY-1", "RJCT", "MD07"), "RJCT", reason="AC04")
    assert told(status_report(body))[-1] == ("transaction", "rejected", "PAY-1", "MD07")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        *((code, "accepted") for code in ("ACCP", "ACSP", "ACSC", "ACTC", "ACWC", "ACWP", "ACCC", "ACFC")),
        *((code, "pending") for code in ("PDNG", "RCVD", "PATC", "BLCK")),
        *((code, "rejected") for code in ("RJCT", "CANC")),
    ],
)
def test_every_status_of_the_external_list(code: str, status: str) -> None:
    message = read(status_report(part(transaction("PAY-1", code)), group=""))
    assert [(found.status, found.payment, found.amount_cents) for found in message.statuses] == [
        (status, "PAY-1", 45000)
    ]
    assert message.notices == ()


def test_an_unknown_status_changes_nothing_and_is_noticed() -> None:
    message = read(status_report(part(transaction("PAY-1", "QQQQ")), group=""))
    assert [found.status for found in message.statuses] == ["pending"]
    assert [notice.code for notice in message.notices] == ["status-unknown"]


def test_a_payment_without_a_status_changes_nothing_and_is_noticed() -> None:
    message = read(status_report(part(transaction("PAY-1", None, "AC01"))))
    assert [found.status for found in message.statuses] == ["part", "pending"]
    assert [notice.code for notice in message.notices] == ["status-missing"]


def test_every_reason_is_kept() -> None:
    reasons = (
        "<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf>"
        "<StsRsnInf><Rsn><Prtry>conto estinto</Prtry></Rsn><AddtlInf>dal 2025</AddtlInf></StsRsnInf>"
    )
    body = part(transaction("PAY-1").replace("</TxSts>", f"</TxSts>{reasons}"))
    (found,) = read(status_report(body, group="")).statuses
    assert (found.reason, found.reason_text) == ("AC01", "conto estinto; dal 2025")


def test_the_instructions_id_serves_where_the_bank_leaves_the_other_out() -> None:
    body = transaction("NOTPROVIDED").replace("<OrgnlEndToEnd", "<OrgnlInstrId>PAY-1</OrgnlInstrId><OrgnlEndToEnd")
    assert told(status_report(part(body), group=""))[0][2] == "PAY-1"
    assert told(status_report(part(transaction("NOTPROVIDED")), group=""))[0][2] is None


def test_the_old_version_lists_payments_below_the_group() -> None:
    body = transaction("PAY-1", "RJCT", "AC06") + transaction("PAY-2", "RJCT", "AC01")
    assert told(status_report(body, "pain.002.001.02")) == [
        ("group", "part", None, None),
        ("transaction", "rejected", "PAY-1", "AC06"),
        ("transaction", "rejected", "PAY-2", "AC01"),
    ]


def test_four_rejects_are_four() -> None:
    body = part("".join(transaction(f"PAY-{n}", "RJCT", "AC01") for n in range(1, 5)), "PART")
    message = read(status_report(body, group=group("PART", counted(4))))
    assert [found.payment for found in message.statuses if found.status == "rejected"] == [
        f"PAY-{n}" for n in range(1, 5)
    ]


@pytest.mark.parametrize("stated", [1, 3])
def test_as_many_rejects_as_the_bank_counts(stated: int) -> None:
    body = part(transaction("PAY-1") + transaction("PAY-2"))
    assert refusal(status_report(body, group=group("PART", counted(stated))))[:2] == (
        "NbOfTxsPerSts",
        "rejects-missing",
    )
    own = part(counted(stated) + transaction("PAY-1") + transaction("PAY-2"))
    assert refusal(status_report(own))[:2] == ("NbOfTxsPerSts", "rejects-missing")


@pytest.mark.parametrize(
    ("body", "status", "field", "reason"),
    [
        (part(transaction("PAY-1", "ACSP")), "RJCT", "TxSts", "status-contradicts"),
        (part(transaction("PAY-1", "ACSP"), "RJCT"), "PART", "TxSts", "status-contradicts"),
        (part("", "ACCP"), "RJCT", "PmtInfSts", "status-contradicts"),
        (part(transaction("PAY-1") + "<PmtInfSts>RJCT</PmtInfSts>"), "PART", "PmtInfSts", "out-of-order"),
        ("", "", "GrpSts", "no-status"),
    ],
)
def test_what_contradicts_itself_is_refused(body: str, status: str, field: str, reason: str) -> None:
    data = status_report(body, group=group(status) if status else "")
    assert refusal(data)[:2] == (field, reason)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<OrgnlMsgId>PB-1</OrgnlMsgId>", b"", "missing"),
        (b"pain.002.001.10", b"pain.002.001.99", "wrong-namespace"),
        (b"450.00", b"-450.00", "negative-amount"),
        (b'Ccy="EUR"', b'Ccy="USD"', "currency-not-euro"),
        (b"<TxSts>RJCT</TxSts>", b"<TxSts>RJCT</TxSts><TxSts>ACSP</TxSts>", "repeated"),
        (b"<TxInfAndSts>", b'<TxInfAndSts xmlns="urn:x">', "wrong-namespace"),
        (b"T09:00:00Z", b"T25:00:00Z", "not-an-instant"),
    ],
)
def test_what_decides_must_be_right(old: bytes, new: bytes, reason: str) -> None:
    data = status_report(part(transaction("PAY-1")))
    assert refusal(data.replace(old, new))[1] == reason


def test_a_cbi_envelope() -> None:
    inner = status_report(part(transaction("PAY-1", "RJCT", "AC01"))).split(b"\n", 1)[1]
    inner = inner.replace(b"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10", b"urn:CBI:xsd:CBIPaymentStatus.00.04.01")
    data = b'<B:CBIBody xmlns:B="urn:CBI:xsd:CBIBody.00.04.01">' + inner + b"</B:CBIBody>"
    message = read(data)
    assert message.format == "pain.002 CBI"
    assert [found.payment for found in message.statuses] == [None, "PAY-1"]
    assert all(isinstance(found, PaymentStatus) for found in message.statuses)
