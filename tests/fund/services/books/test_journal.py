"""The journal page by page: who did what, and in which role when it was booked."""

from fund.domain import access
from fund.services.books import journal
from fund.services.books.journal import BookedAct, JournalFilter
from fund.services.users import users
from tests.fund.kit import Office


def acts(office: Office, **chosen: str) -> list[BookedAct]:
    found: list[BookedAct] = office.ask(office.auditor, journal.read_acts, JournalFilter(**chosen))
    return found


def test_each_act_tells_the_role_of_who_prepared_and_approved_it(office: Office) -> None:
    granted = acts(office, kind="role-granted")
    assert [(act.entry.facts.user, act.preparer_role, act.approver_role) for act in granted] == [
        ("U01", None, None),
        ("U04", None, None),
        ("U02", access.ADMIN, access.AUDITOR),
        ("U03", access.ADMIN, access.AUDITOR),
    ]


def test_a_role_is_the_one_of_that_instant(office: Office) -> None:
    before = acts(office)
    office.do(office.admin, users.change_role, "U02", role=access.APPROVER)
    assert acts(office)[: len(before)] == before, "an earlier act keeps its role"
    assert {act.preparer_role for act in before if act.entry.prepared_by == "U02"} == {None, access.PREPARER}
