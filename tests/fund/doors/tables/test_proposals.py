"""A proposal's facts as a page shows them: what it would do, and where its codes lead."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from fund.documents.catalogue import translator
from fund.documents.tables import in_words
from fund.domain.lists import Resolution
from fund.domain.proposals import ActName, ProposalFull
from fund.domain.states import ProposalState
from fund.doors.tables.proposals import facts_of_payload

LINE = f"{'a1' * 32}/1"


def of_line(resolution: Resolution, key: str) -> ProposalFull:
    """A proposal by which a line of the bank is something."""
    return ProposalFull(
        number=7,
        act=ActName.MATCH,
        subject=LINE,
        values={
            "line": LINE,
            "bank_date": date(2022, 3, 9),
            "amount_cents": 45_000,
            "resolution": str(resolution),
            "key": key,
            "charges_cents": None,
            "books": "",
        },
        digest="0" * 32,
        state=ProposalState.PROPOSED,
        proposed_by="U02",
        proposed_at=datetime(2022, 3, 9, tzinfo=UTC),
        adopted_by=None,
        decided_by=None,
        decided_at=None,
        called_back_on=None,
        reason=None,
        waits_for=None,
        needs_call_back=False,
        may_confirm=True,
        may_reject=True,
        may_withdraw=False,
        personal={},
    )


@pytest.mark.parametrize(
    ("resolution", "key", "leads_to"),
    [
        (Resolution.PAYMENT, "PAY-2022-03-0001", "/payments/PAY-2022-03-0001"),
        (Resolution.OTHER_AMOUNT, "PAY-2022-03-0001", "/payments/PAY-2022-03-0001"),
        (Resolution.BATCH, "BAT-2022-0001", "/batches/BAT-2022-0001"),
        (Resolution.REGULARISATION, "N01-2022-03", "/search?q=N01-2022-03"),
        (Resolution.OTHER_AMOUNT, "N01-2022-03", "/search?q=N01-2022-03"),
        (Resolution.RECOVERY, "L0001", "/landlords/L0001"),
        (Resolution.ENTRY, "446", "/room/entries/446"),
        (Resolution.PAYMENTS, "PAY-2022-03-0001,PAY-2022-03-0002", ""),
        (Resolution.BANK_CHARGES, "CITY", ""),
    ],
)
def test_what_a_line_is_matched_to_leads_to_its_page(resolution: Resolution, key: str, leads_to: str) -> None:
    facts = {fact.label: fact for fact in facts_of_payload(of_line(resolution, key))}
    assert (facts["its code"].value, facts["its code"].href) == (key, leads_to)
    assert facts["it books"].value == "nothing-booked"


def test_the_kinds_of_what_is_booked_are_said_in_words() -> None:
    proposed = of_line(Resolution.PAYMENT, "PAY-2022-03-0001")
    proposed = replace(proposed, values={**proposed.values, "books": "charge,settlement", "differs": "iban-differs"})
    said = {fact.label: in_words(fact, translator("it")) for fact in facts_of_payload(proposed)}
    assert said["it books"] == "commissione della banca a carico dell’ente, quietanza"
    assert said["not as ordered"] == "IBAN diverso"
