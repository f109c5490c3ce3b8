"""Examples of refusals: statements and links."""

from datetime import timedelta

from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.services.statements import deliveries, links, statements
from ledger.months import Month
from tests.fund.kit import MARCH, Office
from tests.fund.services.refusals.examples import Refused, examples, ordered

EXAMPLES, example = examples()


@example(errors.LinkNotUsable)
def a_link_that_nobody_was_given(office: Office) -> Refused:
    return lambda: office.do(SYSTEM, links.exchange_link, secret="guessed", session_secret="mine")


@example(errors.InvalidInput)
def a_link_for_a_forgotten_landlord(office: Office) -> Refused:
    office.forget("L0003")
    return lambda: office.prepare(deliveries.queue_link, "L0003")


@example(errors.InvalidInput)
def an_unknown_reason_for_sending_again(office: Office) -> Refused:
    return lambda: office.prepare(deliveries.send_statement, "EC-2022-0001", reason="because")


@example(errors.InvalidInput, after=ordered)
def a_further_copy_without_a_reason(office: Office) -> Refused:
    facts = {"landlord": "L0001", "first": MARCH, "last": MARCH}
    issued = office.prepare(statements.issue_statement, lambda view, language: statements.Bytes(b"", b"", b""), **facts)
    first = office.prepare(deliveries.send_statement, issued.number)
    claimed = office.do(SYSTEM, deliveries.claim_delivery, link="", secret="", life=timedelta())
    assert claimed is not None and claimed.id == first
    office.do(SYSTEM, deliveries.record_sent, claimed, via="folder", code=None)
    return lambda: office.prepare(deliveries.send_statement, issued.number)


@example(errors.InvalidInput)
def a_statement_that_ends_before_it_begins(office: Office) -> Refused:
    return lambda: office.do(
        office.auditor,
        statements.issue_statement,
        lambda view, language: statements.Bytes(b"", b"", b""),
        landlord="L0001",
        first=MARCH,
        last=Month(2022, 2),
        language="it",
    )
