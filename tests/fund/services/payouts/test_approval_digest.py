"""The digest of what an approver was shown belongs to that approver, to that list, and to their present password."""

import pytest

from fund.domain import errors
from fund.domain.access import APPROVER, SYSTEM, Actor
from fund.services.payouts.approval_digest import approval_digest, check_approval_digest
from fund.services.users import invitations, users
from tests.fund.kit import Office, accept, add_user

LISTED = "a" * 64


def test_it_is_this_approvers_of_this_list(office: Office) -> None:
    other = Actor(add_user(office, "other", APPROVER), APPROVER)
    accept(office, "other", "another long password")
    digest = office.ask(office.approver, approval_digest, "2022-03", LISTED)
    office.ask(office.approver, check_approval_digest, "2022-03", LISTED, digest)
    for actor, key, listed in (
        (other, "2022-03", LISTED),
        (office.approver, "2022-04", LISTED),
        (office.approver, "2022-03", "b" * 64),
    ):
        with pytest.raises(errors.ListChanged):
            office.ask(actor, check_approval_digest, key, listed, digest)


def test_another_password_voids_it(office: Office) -> None:
    digest = office.ask(office.approver, approval_digest, "2022-03", LISTED)
    office.do(office.admin, users.reset_password, "app", "a secret")
    with pytest.raises(errors.NotAuthenticated):
        office.ask(office.approver, approval_digest, "2022-03", LISTED)
    office.do(SYSTEM, invitations.accept, login="app", secret="a secret", password="a newer long password")
    with pytest.raises(errors.ListChanged):
        office.ask(office.approver, check_approval_digest, "2022-03", LISTED, digest)


def test_others_are_given_none(office: Office) -> None:
    for actor in (office.preparer, office.admin, office.auditor):
        with pytest.raises(errors.NotPermitted):
            office.ask(actor, approval_digest, "2022-03", LISTED)
