"""What gives a user power: in force once another person confirmed each change, and not while one is turned down."""

from collections.abc import Callable

import pytest

from fund.domain.access import AUDITOR, PREPARER, UNCONFIRMED
from fund.services.desk import proposals
from fund.services.users import users
from fund.store.tables import User
from tests.examples import first_of
from tests.fund.kit import Office

IDENTITY = "subject-of-another"


def _waiting(office: Office) -> tuple[int, str]:
    """The number of the one proposal that waits, and the changes that it is about."""
    (view,) = office.ask(office.auditor, proposals.list_proposals)
    return view.number, str(view.values["changes"])


def _role(office: Office) -> str:
    return office.ask(office.auditor, lambda context: context.get(User, office.preparer.code).role_in_force)


def _reject(office: Office, number: int) -> None:
    office.do(office.auditor, proposals.reject_proposal, number, reason="not-verified")


def _withdraw(office: Office, number: int) -> None:
    office.do(office.admin, proposals.withdraw_proposal, number)


@pytest.mark.parametrize("turn_down", first_of([_reject, _withdraw]))
def test_a_change_that_is_turned_down_waits_with_the_next_one(
    office: Office, turn_down: Callable[[Office, int], None]
) -> None:
    """It is not undone: the identity would come in with the role that is confirmed."""
    assert _role(office) == PREPARER
    office.do(office.admin, users.record_identity, "pre", IDENTITY)
    number, _ = _waiting(office)
    turn_down(office, number)
    assert _role(office) == UNCONFIRMED
    office.do(office.admin, users.change_role, "pre", AUDITOR)
    number, changes = _waiting(office)
    assert changes == "identity-linked role-granted", "whoever confirms is shown both"
    office.confirm(number, by=office.auditor)
    assert _role(office) == AUDITOR
    assert office.findings() == ()
