"""Personal links: exchanged once, for one landlord, and nothing opens after their end."""

import re
from datetime import date, timedelta

import pytest

from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.services.desk import lists
from fund.services.statements import deliveries, links, statements
from fund.services.statements.links import SESSION_LIFE
from fund.store.tables import LinkRequest, table
from tests.fund.kit import MARCH, Office

LIFE = timedelta(days=14)


def made(office: Office, landlord: str = "L0001", name: str = "one") -> str:
    link = f"id-{name}"
    office.prepare(links.create_link, landlord=landlord, link=link, secret=name, life=LIFE)
    return link


def exchanged(office: Office, name: str = "one", session: str = "session") -> Actor:
    office.do(SYSTEM, links.exchange_link, secret=name, session_secret=session)
    return office.ask(SYSTEM, links.session_bearer, session)


def state(office: Office, landlord: str = "L0001") -> list[str]:
    return [row.state for row in office.ask(office.auditor, links.list_links, landlord)]


def test_a_link_opens_once_for_its_landlord(any_office: Office) -> None:
    made(any_office)
    assert state(any_office) == ["usable"]
    assert exchanged(any_office) == Actor("L0001", access.LANDLORD)
    assert state(any_office) == ["used"]
    with pytest.raises(errors.LinkNotUsable):
        exchanged(any_office, session="another")
    with pytest.raises(errors.NotAuthenticated):
        any_office.ask(SYSTEM, links.session_bearer, "another")
    assert not [row for rows in any_office.dump().values() for row in rows if "one" in row or "session" in row]


def test_unknown_used_expired_and_revoked_are_told_alike(office: Office) -> None:
    made(office, name="used")
    exchanged(office, "used", "s1")
    office.prepare(links.revoke_link, made(office, name="revoked"))
    made(office, name="expired")
    office.at(office.clock.now() + LIFE)
    told = set()
    for secret in ("unknown", "used", "revoked", "expired", ""):
        with pytest.raises(errors.LinkNotUsable) as caught:
            exchanged(office, secret, f"s-{secret}")
        told.add(str(caught.value))
    assert len(told) == 1
    assert sorted(state(office)) == ["expired", "revoked", "used"]


def test_revoking_a_link_ends_its_sessions(any_office: Office) -> None:
    link = made(any_office)
    made(any_office, "L0002", "two")
    exchanged(any_office)
    exchanged(any_office, "two", "other")
    for _ in range(2):
        any_office.approve(links.revoke_link, link)
    with pytest.raises(errors.NotAuthenticated):
        any_office.ask(SYSTEM, links.session_bearer, "session")
    assert any_office.ask(SYSTEM, links.session_bearer, "other").code == "L0002"


def test_a_session_ends_by_itself_and_by_leaving(office: Office) -> None:
    made(office)
    made(office, name="two")
    me = exchanged(office)
    exchanged(office, "two", "longer")
    office.do(Actor("L0002", access.LANDLORD), links.end_session, "session")
    assert office.ask(SYSTEM, links.session_bearer, "session") == me, "nobody else ends it"
    office.do(me, links.end_session, "session")
    with pytest.raises(errors.NotAuthenticated):
        office.ask(SYSTEM, links.session_bearer, "session")
    office.at(office.clock.now() + SESSION_LIFE - timedelta(seconds=1))
    assert office.ask(SYSTEM, links.session_bearer, "longer") == me
    office.at(office.clock.now() + timedelta(seconds=1))
    with pytest.raises(errors.NotAuthenticated):
        office.ask(SYSTEM, links.session_bearer, "longer")


def test_only_finance_makes_and_revokes(office: Office) -> None:
    link, me = made(office), Actor("L0001", access.LANDLORD)
    for actor in (office.auditor, office.admin, me):
        with pytest.raises(errors.NotPermitted):
            office.do(actor, links.revoke_link, link)
        with pytest.raises(errors.NotPermitted):
            office.do(actor, links.create_link, landlord="L0001", link="x", secret="x", life=LIFE)
        with pytest.raises(errors.NotPermitted):
            office.do(actor, links.request_link, "l0001@example.org")


def test_a_landlord_sees_their_own_and_nothing_else(office: Office) -> None:
    office.on("2022-03-05").pay_month(MARCH)
    numbers = {
        code: office.do(
            SYSTEM,
            statements.issue_statement,
            lambda view, _: fake(view.landlord),
            landlord=code,
            first=MARCH,
            last=MARCH,
        ).number
        for code in ("L0001", "L0002")
    }
    me = Actor("L0001", access.LANDLORD)
    seen = office.ask(me, statements.read_own_position)
    assert [row.number for row in seen.statements] == [numbers["L0001"]]
    assert (seen.now.approved_cents, seen.now.paid_cents, seen.to_recover_cents) == (45_000, 45_000, 0)
    assert not re.search(r"(?<!REG-)N0[12]", repr(seen)), "the contract, and no household"
    assert office.ask(me, statements.read_own_pdf, numbers["L0001"]) == b"L0001"
    refused = []
    for number in (numbers["L0002"], "EC-2022-0099"):
        with pytest.raises(errors.NotFound) as caught:
            office.ask(me, statements.read_own_pdf, number)
        refused.append(caught.value.facts | {"key": ""})
    assert refused[0] == refused[1]
    with pytest.raises(errors.NotPermitted):
        office.ask(me, statements.read_statement, numbers["L0001"])
    with pytest.raises(errors.NotPermitted):
        office.ask(office.auditor, statements.read_own_position)


def fake(text: str) -> statements.Bytes:
    return statements.Bytes(b"", text.encode(), b"")


def test_asking_does_the_same_for_known_and_unknown_addresses(any_office: Office) -> None:
    for address in (" L0001@Example.org ", "nobody@example.org"):
        for _ in range(2):
            any_office.do(SYSTEM, links.request_link, address)
    kept = any_office.dump()["link_request"]
    assert len(kept) == 2 and "example" not in repr(kept)
    assert any_office.do(SYSTEM, deliveries.queue_requested_links) == 1
    (queued,) = any_office.ask(any_office.auditor, deliveries.list_deliveries)
    assert (queued.landlord, queued.statement, queued.state) == ("L0001", None, "queued")
    assert any_office.dump()["link_request"] == []
    any_office.do(SYSTEM, links.request_link, "l0001@example.org")
    assert any_office.do(SYSTEM, deliveries.queue_requested_links) == 0, "one is on its way"


def test_who_asks_for_everybodys_links_fills_no_database(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MAX_REQUESTS_WAITING", 3)
    for number in range(5):
        office.do(SYSTEM, links.request_link, f"a{number}@example.org")
    assert len(office.dump()[table(LinkRequest).name]) == 3


def test_a_forgotten_landlord_gets_and_opens_nothing(any_office: Office) -> None:
    any_office.on("2022-03-05")
    made(any_office)
    exchanged(any_office)
    made(any_office, name="two")
    queued = any_office.prepare(deliveries.queue_link, "L0001")
    any_office.forget("L0001")
    row = any_office.ask(any_office.auditor, deliveries.read_delivery, queued)
    assert (row.state, row.address) == ("cancelled", None)
    with pytest.raises(errors.NotAuthenticated):
        any_office.ask(SYSTEM, links.session_bearer, "session")
    with pytest.raises(errors.LinkNotUsable):
        exchanged(any_office, "two", "s2")
    with pytest.raises(errors.InvalidInput):
        any_office.prepare(deliveries.queue_link, "L0001")
    assert any_office.ask(any_office.approver, lists.read_landlord, "L0001").email is None
    assert "l0001@example.org" not in repr(any_office.dump())
    assert any_office.day == date(2022, 3, 5)
