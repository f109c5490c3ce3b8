"""The books read as text: what stands in them is shown, whole or broken, and by every thread that leads to it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.documents.book_text import lines_of
from fund.domain import errors
from fund.services.books import evidence, reading_room
from fund.services.books.reading_room import BookRecord
from fund.services.payouts import corrections, payments
from ledger.chain import GENESIS
from ledger.months import Month
from tests.examples import first_of
from tests.fund.fixtures import lived_once
from tests.fund.kit import MARCH, Office, close_months


@lived_once
def office(office: Office) -> None:
    """The small fund after March, which is paid and closed."""
    office.on("2022-03-05").pay_month(MARCH)
    close_months(office.on("2022-04-01"))


@pytest.fixture
def books(office: Office) -> Path:
    return office.app.settings.books


def shown(office: Office, code: str) -> list[int | None]:
    shelf = office.ask(office.auditor, reading_room.read_linked, office.app.settings.books, code)
    return [record.seq for record in shelf.records]


def kinds(office: Office, code: str) -> list[str]:
    shelf = office.ask(office.auditor, reading_room.read_linked, office.app.settings.books, code)
    return [record.entry.kind for record in shelf.records if record.entry]


def test_the_room_tells_where_the_books_stand(office: Office, books: Path) -> None:
    room = office.ask(office.auditor, reading_room.read_room, books)
    assert (room.head, room.seq) == (office.balances().chain_head, office.balances().seq)
    assert sum(file.entries for file in room.files) == room.seq
    assert [file.month for file in room.files] == sorted((file.month for file in room.files), reverse=True)
    assert room.closing is not None
    assert room.closing.facts.month == MARCH


def test_a_month_is_shown_byte_for_byte(office: Office, books: Path) -> None:
    for file in office.ask(office.auditor, reading_room.read_room, books).files:
        shelf = office.ask(office.auditor, reading_room.read_month, books, file.month)
        assert "".join(record.text + "\n" for record in shelf.records) == (books / file.name).read_text("ascii")
        assert all(record.is_sealed and record.refused is None for record in shelf.records)
        for record in shelf.records:
            line = (books / file.name).read_text("ascii").splitlines()[record.line - 1]
            assert record.text.startswith(line)


def test_long_months_come_in_parts(office: Office, books: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_room, "PAGE", 3)
    seqs, after = [], 0
    while True:
        shelf = office.ask(office.auditor, reading_room.read_month, books, MARCH, after=after)
        seqs += [record.seq for record in shelf.records]
        if shelf.next is None:
            break
        after = shelf.next
    assert seqs == sorted(set(seqs), key=lambda seq: seq or 0)
    assert len(seqs) == (books / "months" / "2022-03.beancount").read_text().count("  seq: ")


def test_every_thread_leads_to_its_entries(office: Office, books: Path) -> None:
    assert kinds(office, "N01-2022-03") == ["commitment", "contribution-decided", "approval", "order", "settlement"]
    assert kinds(office, "PAY-2022-03-0001") == ["order", "settlement"]
    assert kinds(office, "BAT-2022-0001") == ["sealed", "order", "order", "sent"]
    assert kinds(office, "A01") == ["allocation", "collection"]
    assert kinds(office, "L0003") == [
        "registration",
        "landlord-name",
        "landlord-contact",
        "landlord-email",
        "account-proposed",
        "account-confirmed",
    ]
    found = office.ask(office.auditor, evidence.list_evidence, books)
    assert [(one.kind, one.code) for one in found] == [("batch", "BAT-2022-0001"), ("bank file", None)]
    for one in found:
        assert shown(office, one.sha256) == list(one.entries)
        assert office.ask(office.auditor, evidence.find_evidence, books, one.sha256) == one
        assert len(office.ask(office.preparer, evidence.read_evidence, one.sha256)) == one.size_bytes
        with pytest.raises(errors.NotPermitted):
            office.ask(office.auditor, evidence.read_evidence, one.sha256)


@pytest.mark.parametrize("code", first_of(["N99", "X", "N01-2031-01", "0" * 64, "PAY-2022-03-9999", "../etc", '"']))
def test_what_no_entry_names_is_not_found(office: Office, books: Path, code: str) -> None:
    with pytest.raises(errors.NotFound):
        shown(office, code)


def test_an_entry_and_its_correction_know_each_other(office: Office, books: Path) -> None:
    office.on("2022-04-05").run_month(Month(2022, 4))
    approved = next(seq for seq in shown(office, "N01-2022-04")[1:2] if seq)
    office.on("2022-04-06")
    batch = "BAT-2022-0002"
    office.approve(payments.cancel_batch, batch, reason="wrong-amount")
    contribution = office.contributions(household="N01", month="2022-04")[0].id
    office.decide(corrections.propose_correction, contribution, reason="wrong-amount")
    view = office.ask(office.auditor, reading_room.read_entry, books, approved)
    (correction,) = view.corrected_by
    assert (view.previous, view.following) == (approved - 1, approved + 1)
    back = office.ask(office.auditor, reading_room.read_entry, books, correction)
    assert back.record.entry is not None
    assert back.record.entry.facts.corrects == approved
    assert f"entries/{approved}" in targets(back.record)
    assert f"entries/{correction - 1}" in targets(back.record)


def targets(record: BookRecord) -> set[str | None]:
    return {part.to for line in lines_of(record.text, record.seq) for part in line}


def test_a_changed_record_is_shown_and_said_to_be_changed(office: Office, books: Path) -> None:
    path = books / "months" / "2022-03.beancount"
    path.write_bytes(path.read_bytes().replace(b"450.00", b"460.00"))
    shelf = office.ask(office.auditor, reading_room.read_month, books, MARCH)
    changed = [record for record in shelf.records if "460.00" in record.text]
    assert changed
    assert not any(record.is_sealed for record in changed)
    path.write_bytes(path.read_bytes() + b'plugin "x"\n\xe8\n\n')
    last = office.ask(office.auditor, reading_room.read_month, books, MARCH).records[-1]
    assert (last.entry, last.seq, last.text) == (None, None, 'plugin "x"\n\\xe8\n')
    assert last.refused


def test_books_not_yet_begun_are_read_too(office: Office, tmp_path: Path) -> None:
    empty = tmp_path / "none" / "books"
    empty.mkdir(parents=True)
    room = office.ask(office.auditor, reading_room.read_room, empty)
    assert (room.head, room.seq, room.files, room.closing) == (GENESIS, 0, (), None)


@pytest.mark.parametrize(
    "read",
    first_of(
        [
            lambda context, books: reading_room.read_room(context, books),
            lambda context, books: reading_room.read_month(context, books, MARCH),
            lambda context, books: reading_room.read_entry(context, books, 1),
            lambda context, books: reading_room.read_linked(context, books, "N01"),
            lambda context, books: evidence.list_evidence(context, books),
        ]
    ),
)
def test_an_admin_reads_none_of_it(office: Office, books: Path, read: object) -> None:
    with pytest.raises(errors.NotPermitted):
        office.ask(office.admin, read, books)  # type: ignore[arg-type]  # a use case


@given(st.text(st.characters(codec="ascii", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e"), max_size=200))
def test_the_parts_of_a_text_are_the_text(text: str) -> None:
    joined = "\n".join("".join(part.text for part in line) for line in lines_of(text, 3))
    assert joined == text.removesuffix("\n")
