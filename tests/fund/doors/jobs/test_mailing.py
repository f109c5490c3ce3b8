"""The mail job against a real server: once, in the end, whatever happens on the way."""

import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fund import mail
from fund.app import App
from fund.domain import errors, rules
from fund.domain.access import SYSTEM
from fund.doors.jobs import mailing
from fund.doors.jobs.mailing import send_mail
from fund.doors.jobs.scheduler import run_job
from fund.doors.rendering import render_pack, render_statement
from fund.services.books import closings
from fund.services.books.audit_pack import make_pack
from fund.services.landlords import landlords
from fund.services.statements import deliveries, links
from fund.store import journal
from ledger.months import Month
from tests.fund.fixtures import lived_once, lived_once_anywhere
from tests.fund.kit import MARCH, OTHER_IBAN, Office, close_months
from tests.fund.mail_kit import Handler, free_port, mail_server


def with_mail(office: Office, port: int) -> App:
    settings = replace(
        office.app.settings,
        smtp_url=f"smtp://127.0.0.1:{port}",
        mail_from="affitti@comune.example.org",
        public_url="https://affitti.example.org",
    )
    return replace(office.app, settings=settings)


def send_all(office: Office, first: Month = MARCH, last: Month = MARCH, **options: Any) -> deliveries.Mailing:
    return office.prepare(deliveries.send_statements, render_statement, first=first, last=last, **options)


def rows(office: Office) -> list[Any]:
    return office.ask(office.auditor, deliveries.list_deliveries)[::-1]


@lived_once
def paid(office: Office) -> None:
    """March is paid."""
    office.on("2022-03-05").pay_month(MARCH)


@lived_once_anywhere
def paid_anywhere(office: Office) -> None:
    """March is paid, on each engine."""
    office.on("2022-03-05").pay_month(MARCH)


def test_every_landlord_with_something_new_gets_one_statement(paid_anywhere: Office) -> None:
    mailing = send_all(paid_anywhere)
    assert len(mailing.queued) == 2
    assert mailing.skipped == (("L0003", "nothing-to-tell"),)
    with mail_server() as server:
        for _ in range(2):
            send_mail(with_mail(paid_anywhere, server.port))
        first, second = server.handler.messages
    assert [(row.state, row.via, row.last_code) for row in rows(paid_anywhere)] == [("sent", "smtp", 250)] * 2
    assert (first["To"], second["To"]) == ("l0001@example.org", "l0002@example.org")
    assert first["Message-ID"] == f"<message-{mailing.queued[0]}@comune.example.org>"
    attached = next(iter(first.iter_attachments())).get_content()
    with paid_anywhere.app.database.read() as session:
        kept = session.connection().exec_driver_sql("SELECT pdf FROM statement ORDER BY number").scalars().first()
    assert attached == bytes(kept), "the bytes that were issued"
    body = first.get_body()
    assert body is not None and "Gentile" in body.get_content() and "N01" not in body.get_content()
    again = send_all(paid_anywhere)
    assert (again.queued, len(again.skipped)) == ((), 3), "nothing new, nothing sent"


@pytest.mark.long
def test_what_changed_afterwards_is_sent_again_and_only_to_whom_it_concerns(paid: Office) -> None:
    batch = paid.contributions()[0].run_month
    send_all(paid)
    payment = paid.ask(paid.auditor, _payments)[0]
    paid.on("2022-03-20").give_back(payment.batch, payment.code)
    mailing = send_all(paid)
    assert [row.landlord for row in rows(paid)] == ["L0001", "L0002", "L0001"]
    assert len(mailing.queued) == 1 and batch == "2022-03"


def _payments(context: Any) -> list[Any]:
    from fund.services.payouts.payments import list_payments

    return list_payments(context, landlord="L0001")


def test_many_landlords_take_several_calls(paid: Office) -> None:
    first, second, third = (send_all(paid, limit=1) for _ in range(3))
    assert [(len(one.queued), one.left) for one in (first, second, third)] == [(1, 1), (1, 0), (0, 0)]


@pytest.mark.parametrize("handler", [Handler(recipients=["450 l0001"]), Handler(contents=["451 later"])])
def test_a_server_that_asks_to_wait_gets_it_later(office: Office, handler: Handler) -> None:
    office.prepare(deliveries.queue_link, "L0001")
    with mail_server(handler) as server:
        app = with_mail(office, server.port)
        assert send_mail(app) == "sent 0, failed 1"
        (row,) = rows(office)
        assert (row.state, row.attempts, row.last_failure) == ("queued", 1, "try-later")
        assert row.next_attempt_at == office.clock.now() + rules.FIRST_MAIL_PAUSE
        assert send_mail(app) == "", "not before its time"
        office.at(row.next_attempt_at)
        assert send_mail(app) == "sent 1, failed 0"
        (row,) = rows(office)
        assert (row.state, row.attempts, row.last_failure, row.sent_at) == ("sent", 2, None, office.clock.now())


def test_a_refused_address_stops_shows_and_is_sent_again_by_a_person(paid_anywhere: Office) -> None:
    office = paid_anywhere
    (failing, _) = send_all(office).queued
    with mail_server(Handler(recipients=["550 no l0001@example.org here"])) as server:
        app = with_mail(office, server.port)
        assert send_mail(app) == "sent 1, failed 1"
        row = office.ask(office.auditor, deliveries.read_delivery, failing)
        assert (row.state, row.last_code, row.last_failure) == ("failed", 550, "address-refused")
        office.at(office.clock.now() + timedelta(days=30))
        assert send_mail(app) == "", "a person decides"
        assert send_all(office).queued == (), "and no second first time"
        copy = office.approve(deliveries.send_statement, row.statement, reason="address-changed")
        with pytest.raises(errors.StateNotAllowed):
            office.approve(deliveries.send_statement, row.statement, reason="not-received")
        assert send_mail(app) == "sent 1, failed 0"
        told = office.ask(office.auditor, deliveries.read_delivery, copy)
        assert (told.statement, told.copy_number, told.reason) == (row.statement, 1, "address-changed")
        assert [message["To"] for message in server.handler.messages] == ["l0002@example.org", "l0001@example.org"]


@pytest.mark.long
def test_nobody_at_the_other_end_ends_the_round_and_in_the_end_the_message(office: Office) -> None:
    for landlord in ("L0001", "L0002"):
        office.prepare(deliveries.queue_link, landlord)
    app = with_mail(office, free_port())
    assert send_mail(app) == "sent 0, failed 1"
    assert [(row.state, row.attempts) for row in rows(office)] == [("queued", 1), ("queued", 0)]
    while any(row.state == "queued" for row in rows(office)):
        office.at(office.clock.now() + rules.LONGEST_MAIL_PAUSE)
        send_mail(app)
    told = {(row.state, row.attempts, row.last_failure, row.last_code) for row in rows(office)}
    assert told == {("failed", rules.MAX_MAIL_ATTEMPTS, "unreachable", None)}


def test_pauses_double_up_to_half_a_day() -> None:
    pauses = [rules.mail_pause(attempts) for attempts in range(1, rules.MAX_MAIL_ATTEMPTS + 1)]
    minutes = [None if pause is None else pause // timedelta(minutes=1) for pause in pauses]
    assert minutes == [5, 10, 20, 40, 80, 160, 320, 640, 720, None]


def test_two_schedulers_send_each_message_once(any_office: Office) -> None:
    office = any_office
    for landlord in ("L0001", "L0002", "L0003"):
        office.prepare(deliveries.queue_link, landlord)
    with mail_server() as server:
        app, begin, failures = with_mail(office, server.port), threading.Barrier(2), []

        def work() -> None:
            begin.wait()
            try:
                send_mail(app)
            except Exception as failure:
                failures.append(failure)

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        taken = sorted(message["To"] for message in server.handler.messages)
    assert taken == ["l0001@example.org", "l0002@example.org", "l0003@example.org"]
    assert {row.state for row in rows(office)} == {"sent"}


class Killed(BaseException):
    """The process dies here."""


def test_killed_between_sending_and_recording_it_is_the_same_message_again(
    paid: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(paid, limit=1)
    with mail_server() as server:
        app = with_mail(paid, server.port)
        monkeypatch.setattr(deliveries, "record_sent", _die)
        with pytest.raises(Killed):
            send_mail(app)
        monkeypatch.undo()
        assert rows(paid)[0].state == "sending"
        assert send_mail(app) == "", "its claim holds"
        paid.at(paid.clock.now() + rules.MAIL_CLAIM_LIFE)
        assert send_mail(app) == "sent 1, failed 0"
        first, second = server.handler.messages
    assert first["Message-ID"] == second["Message-ID"], "whoever keeps it keeps it once"
    assert rows(paid)[0].state == "sent"


def test_killed_before_sending_it_goes_out_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.prepare(deliveries.queue_link, "L0001")
    with mail_server() as server:
        app = with_mail(office, server.port)
        monkeypatch.setattr(mail.SmtpMailer, "send", _die)
        with pytest.raises(Killed):
            send_mail(app)
        monkeypatch.undo()
        office.at(office.clock.now() + rules.MAIL_CLAIM_LIFE)
        send_mail(app)
        assert len(server.handler.messages) == 1


def _die(*_arguments: Any, **_named: Any) -> None:
    raise Killed


def test_an_answer_after_the_claim_lapsed_changes_nothing(office: Office) -> None:
    office.prepare(deliveries.queue_link, "L0001")
    claims = [{"link": f"id{n}", "secret": f"s{n}", "life": timedelta(days=1)} for n in range(2)]
    late = office.do(SYSTEM, deliveries.claim_delivery, **claims[0])
    assert late is not None
    office.at(office.clock.now() + rules.MAIL_CLAIM_LIFE)
    office.do(SYSTEM, deliveries.lapse_claims)
    now = office.do(SYSTEM, deliveries.claim_delivery, **claims[1])
    assert now is not None and now.attempt == 2
    office.do(SYSTEM, deliveries.record_failure, late, failure="address-refused", code=550, is_permanent=True)
    assert rows(office)[0].state == "sending"
    office.do(SYSTEM, links.exchange_link, secret="s1", session_secret="x")
    with pytest.raises(errors.LinkNotUsable):
        office.do(SYSTEM, links.exchange_link, secret="s0", session_secret="y")


def test_forgotten_while_it_is_sent(office: Office) -> None:
    office.prepare(deliveries.queue_link, "L0001")
    claimed = office.do(SYSTEM, deliveries.claim_delivery, link="id", secret="s", life=timedelta(days=1))
    office.forget("L0001")
    assert claimed is not None
    office.do(SYSTEM, deliveries.record_sent, claimed, via="smtp", code=250)
    (row,) = rows(office)
    assert (row.state, row.address) == ("cancelled", None)


def test_without_a_server_messages_lie_in_a_folder_until_their_landlord_is_forgotten(office: Office) -> None:
    number = office.prepare(deliveries.queue_link, "L0001")
    assert run_job(office.app, "mail") == "ok"
    (file,) = office.app.settings.mail_folder.iterdir()
    assert file.name == f"message-{number}.1.eml"
    secret = re.search(rb"/landlord/link/=?\r?\n?([\w=\r\n-]+)\?lang", file.read_bytes())
    assert secret is not None
    assert rows(office)[0].via == "folder"
    office.forget("L0001")
    send_mail(office.app)
    assert not list(office.app.settings.mail_folder.iterdir())


def test_the_link_in_the_message_opens_and_is_in_no_table(office: Office) -> None:
    office.prepare(deliveries.queue_link, "L0001")
    with mail_server() as server:
        send_mail(with_mail(office, server.port))
        body = server.handler.messages[0].get_body()
    assert body is not None
    found = re.search(r"https://affitti\.example\.org/landlord/link/([\w-]{43})\?lang=it", body.get_content())
    assert found is not None
    assert found[1] not in repr(office.dump())
    office.do(SYSTEM, links.exchange_link, secret=found[1], session_secret="session")
    assert office.ask(SYSTEM, links.session_bearer, "session").code == "L0001"


def test_wrong_settings_are_the_jobs_outcome(office: Office) -> None:
    app = replace(office.app, settings=replace(office.app.settings, smtp_url="mail.example.org"))
    office.prepare(deliveries.queue_link, "L0001")
    assert run_job(app, "mail") == "failed"
    assert rows(office)[0].state == "queued"
    with pytest.raises(errors.InvalidInput):
        mailing.open_mailer(app.settings)


def test_each_closing_sends_its_head_and_the_sum_of_its_pack_to_the_auditors(paid: Office) -> None:
    paid.set_terms(auditors="revisori@example.org,dg@example.org")
    close_months(paid.on("2022-04-01"))
    paid.on("2022-04-05").run_month(MARCH.plus(1))
    (closing, *_) = paid.ask(paid.auditor, closings.list_closings)
    pack = paid.ask(paid.auditor, make_pack, paid.app.settings.books, render_pack, closing=MARCH)
    with mail_server() as server:
        send_mail(with_mail(paid, server.port))
        first, second = (one for one in server.handler.messages if "marzo" in one["Subject"])
    assert (first["To"], second["To"]) == ("revisori@example.org", "dg@example.org")
    told = first.get_body().get_content()
    assert pack.head == closing.chain_head
    assert all(word in told for word in (closing.chain_head, f"scrittura {closing.seq}", pack.name, pack.sha256))
    assert [(row.landlord, row.closing, row.state) for row in rows(paid)][-2:] == [(None, "2022-03", "sent")] * 2


def test_those_whom_entries_name_are_told_once_by_mail(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    assert run_job(office.app, "notices") == run_job(office.app, "mail") == "ok"
    number = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(number, called_back_on=office.day)
    assert [run_job(office.app, "notices") for _ in range(2)] == ["ok", "ok"]
    with mail_server() as server:
        send_mail(with_mail(office, server.port))
        told = {one["To"]: one.get_body().get_content() for one in server.handler.messages}
    assert sorted(told) == ["app@example.org", "l0001@example.org", "pre@example.org"]
    assert "1 × conferma di IBAN" in told["app@example.org"]
    with office.app.database.read() as session:
        head = journal.head(session)
    assert head is not None
    assert head.hash in told["pre@example.org"], "and the head leaves the house"
    assert f"{OTHER_IBAN[:4]}…{OTHER_IBAN[-4:]}" in told["l0001@example.org"]


def test_without_a_configured_address_links_lead_to_where_the_service_serves(office: Office) -> None:
    settings = office.app.settings
    assert settings.address == "http://127.0.0.1:8000"
    assert replace(settings, served_at="http://127.0.0.1:8137").address == "http://127.0.0.1:8137"
    assert with_mail(office, 1).settings.address == "https://affitti.example.org"
