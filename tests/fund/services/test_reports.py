"""What a status report rejects: a whole message, a part of it, or one payment, each with the reason that is its own."""

import re

import pytest

from fund.services.banking import open_items
from fund.services.landlords import landlords
from tests.fund.kit import Office
from tests.fund.services.bank_kit import Moved, report, statement
from tests.fund.services.banking.test_open_items import FIRST, OPENING, SECOND, states

BATCH = "BAT-2022-0001"


def account_state(office: Office, landlord: str) -> str:
    return str(office.ask(office.auditor, landlords.list_accounts, landlord)[0].state)


@pytest.mark.parametrize("part_status", [None, "RJCT"])
def test_a_payment_of_a_rejected_group_or_part_keeps_its_own_reason(sent: Office, part_status: str | None) -> None:
    group = "PART" if part_status else "RJCT"
    view = sent.import_file(report(BATCH, group, (FIRST, "AC04"), part_status=part_status), "pain002.xml")
    refused = {line.payment: (line.reason, line.matching) for line in view.lines if line.outcome == "refused"}
    assert refused == {FIRST: ("AC04", "booked"), SECOND: (None, "booked")}
    assert (account_state(sent, "L0001"), account_state(sent, "L0002")) == ("suspended", "confirmed")


@pytest.mark.parametrize("reasons", [("AM04", "AC04"), ("AC04", "AM04")])
def test_a_refusal_told_twice_stops_the_account_if_either_reason_asks_for_it(
    sent: Office,
    reasons: tuple[str, str],
) -> None:
    for reason in reasons:
        sent.import_file(report(BATCH, "PART", (FIRST, reason), message=reason), "pain002.xml")
    assert account_state(sent, "L0001") == "suspended"
    assert sent.findings() == ()


def test_told_again_it_does_not_stop_what_a_person_confirmed_since(sent: Office) -> None:
    sent.import_file(report(BATCH, "PART", (FIRST, "AC04")), "pain002.xml")
    sent.confirm_account("L0001")
    sent.import_file(report(BATCH, "PART", (FIRST, "AC04"), message="again"), "pain002.xml")
    assert account_state(sent, "L0001") == "confirmed"


def test_a_refusal_asks_for_a_person_once(sent: Office) -> None:
    """Told again, or of a payment that is paid, it asks nothing of anybody."""
    first = sent.import_file(report(BATCH, "PART", (FIRST, "MS03")), "pain002.xml")
    again = sent.import_file(report(BATCH, "PART", (FIRST, "MS03"), message="again"), "pain002.xml")
    told = [(line.matching, line.action) for view in (first, again) for line in view.lines if line.payment == FIRST]
    assert told == [("booked", "ask-a-person"), ("repeated", None)]


def test_what_the_bank_says_in_words_is_kept_for_whoever_looks_and_leaves_with_the_landlord(sent: Office) -> None:
    told = report(BATCH, "PART", (FIRST, "AC04")).replace(b"</Rsn>", b"</Rsn><AddtlInf>conto estinto</AddtlInf>")
    view = sent.import_file(told, "pain002.xml")
    place = next(line.ordinal for line in view.lines if line.payment == FIRST)
    shown = sent.ask(sent.preparer, open_items.view_line, view.sha256, place)
    assert (shown.reason_text, shown.batch) == ("conto estinto", BATCH)


def test_a_debit_that_names_its_batch_has_it_as_a_candidate(sent: Office) -> None:
    whole = statement(1, OPENING, Moved(-85_000)).decode()
    code = "<BkTxCd><Prtry><Cd>48</Cd></Prtry></BkTxCd>"
    named = whole.replace("<BkTxCd/>", code).replace(
        "<TxDtls><Refs></Refs>", f"<Btch><PmtInfId>{BATCH}</PmtInfId></Btch><TxDtls><Refs></Refs>"
    )
    named = re.sub("<TxDtls>.*?</TxDtls>", "", named)
    view = sent.import_file(named.encode(), "camt.xml")
    (waiting,) = sent.ask(sent.auditor, open_items.list_open_items)
    assert [(one.key, one.why) for one in waiting.suggestions] == [
        (BATCH, ("reference-in-text", "same-amount", "near-day"))
    ]
    shown = sent.ask(sent.preparer, open_items.view_line, view.sha256, 1)
    assert (shown.bank_code, shown.batch) == ("48", BATCH)


def test_a_rejected_part_is_the_batch_that_it_names(sent: Office) -> None:
    other = sent.import_file(report(BATCH, "PART", part="OTHER", part_status="RJCT"), "other.xml")
    assert [(line.outcome, line.matching) for line in other.lines] == [("part", "noted"), ("refused", "unknown-batch")]
    mine = sent.import_file(report("NOTPROVIDED", "PART", part=BATCH, part_status="RJCT"), "mine.xml")
    assert [line.matching for line in mine.lines if line.outcome == "refused"] == ["booked", "booked"]
    assert states(sent) == {FIRST: "refused", SECOND: "refused"}
