"""What gives a user power: in force once another person confirmed each change, and not while one is turned down."""

from collections.abc import Callable

import pytest

from fund.domain.access import AUDITOR, PREPARER, UNCONFIRMED
from fund.domain.proposals import PowerChange
from fund.services.desk import proposals
from fund.services.users import users
from fund.store.tables import User
from tests.fund.kit import Office

IDENTITY = "subject-of-another"


def _waiting(office: Office) -> dict[object, int]:
    """The number of each proposal about a user, by its change."""
    views = office.ask(office.auditor, proposals.list_proposals)
    return {view.values["change"]: view.number for view in views}


def _role(office: Office) -> str:
    return office.ask(office.auditor, lambda context: context.get(User, office.preparer.code).role_in_force)


def _reject(office: Office, number: int) -> None:
    office.do(office.auditor, proposals.reject_proposal, number, reason="not-verified")


def _withdraw(office: Office, number: int) -> None:
    office.do(office.admin, proposals.withdraw_proposal, number)


@pytest.mark.parametrize("turn_down", [_reject, _withdraw])
def test_a_change_that_is_turned_down_is_not_in_force_with_the_others(
    office: Office, turn_down: Callable[[Office, int], None]
) -> None:
    """Neither undoes the change: the identity would come in with the role that was confirmed."""
    assert _role(office) == PREPARER
    office.do(office.admin, users.record_identity, "pre", IDENTITY)
    office.do(office.admin, users.change_role, "pre", AUDITOR)
    waiting = _waiting(office)
    turn_down(office, waiting[PowerChange.IDENTITY_LINKED])
    office.confirm(waiting[PowerChange.ROLE_GRANTED], by=office.auditor)
    assert _role(office) == UNCONFIRMED
    office.do(office.admin, users.record_identity, "pre", "subject-of-the-user")
    office.confirm(_waiting(office)[PowerChange.IDENTITY_LINKED], by=office.auditor)
    assert _role(office) == AUDITOR
