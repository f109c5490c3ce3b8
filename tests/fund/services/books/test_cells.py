"""Days and instants that are written as none, which SQLite takes: told by name, and read as nothing else."""

import pytest

from fund.domain import errors
from fund.store.tables import Lease
from tests.fund.kit import Office
from tests.fund.services.books.tampering import indexed_by, tamper

CELLS = {
    "a day by its week": ("UPDATE lease SET ends_on = '2023-W09-3' WHERE id = 1", "lease 1: ends_on"),
    "a day that no month has": ("UPDATE lease SET starts_on = '2022-02-31' WHERE id = 1", "lease 1: starts_on"),
    "a day without its hyphens": ("UPDATE lease SET starts_on = '20220301x' WHERE id = 1", "lease 1: starts_on"),
    "a number for a day": ("UPDATE lease SET ends_on = 20221231 WHERE id = 1", "lease 1: ends_on"),
    "bytes for a day": ("UPDATE lease SET ends_on = x'00ff' WHERE id = 1", "lease 1: ends_on"),
    "a text for an instant": ("UPDATE fund_user SET created_at = 'then' WHERE code = 'U03'", "U03: created_at"),
    "an instant beyond all years": ("UPDATE fund_user SET created_at = 1e18 WHERE code = 'U03'", "U03: created_at"),
    "a day of the fund": ("UPDATE fund SET activities_end = '2024-W49-1'", "fund 1: activities_end"),
    "a day of an entry": ("UPDATE journal_entry SET booked_on = '2022-W07-1' WHERE seq = 9", "entry 9: booked_on"),
    "an instant of an entry": ("UPDATE journal_entry SET recorded_at = 'then' WHERE seq = 9", "entry 9: recorded_at"),
    "the day of an account": ("UPDATE bank_account SET usable_from = 20220101 WHERE id = 1", "1: usable_from"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_cannot_be_read_is_named(office: Office, name: str) -> None:
    statement, named = CELLS[name]
    tamper(office, statement)
    findings = office.findings()
    assert any(finding.startswith("database: ") and f"{named} cannot be read" in finding for finding in findings)


def test_a_day_by_its_week_is_read_as_no_day(office: Office) -> None:
    tamper(office, "UPDATE lease SET ends_on = '2023-W09-3' WHERE id = 1")
    with pytest.raises(errors.IntegrityBroken):
        office.ask(office.preparer, lambda context: context.get(Lease, 1))


def test_a_day_of_an_entry_by_its_week_is_found_in_the_row(office: Office) -> None:
    tamper(office, "UPDATE journal_entry SET booked_on = '2022-W07-1' WHERE seq = 9")
    assert "entries: entry 9: the database's row is not what its hash and tag cover" in office.findings()


def test_a_row_that_an_index_does_not_know_is_found(office: Office) -> None:
    with indexed_by(office, "invitation", "sqlite_autoindex_invitation_1") as connection:
        connection.execute("UPDATE invitation SET accepted_at = NULL WHERE user = 'U03'")
    assert any(
        finding.startswith("schema: ") and "missing from index one_open_invitation" in finding
        for finding in office.findings()
    )
