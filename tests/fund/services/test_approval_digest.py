"""The digest of what an approver was shown belongs to that approver, to that list, and to their present password."""

import pytest

from fund import access, errors
from fund.access import APPROVER, Actor
from fund.services import users
from fund.services.approval_digest import approval_digest, check_approval_digest
from tests.fund.kit import Office

LISTED = "a" * 64


def test_it_is_this_approvers_of_this_list(office: Office) -> None:
    hashed = access.hash_password("another long password")
    code = office.do(office.admin, users.add_user, login="other", role=APPROVER, password_hash=hashed)
    other = Actor(code, APPROVER)
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
    office.do(office.admin, users.reset_password, "app", access.hash_password("given by an admin"))
    with pytest.raises(errors.ListChanged):
        office.ask(office.approver, check_approval_digest, "2022-03", LISTED, digest)


def test_others_are_given_none(office: Office) -> None:
    for actor in (office.preparer, office.admin, office.auditor):
        with pytest.raises(errors.NotPermitted):
            office.ask(actor, approval_digest, "2022-03", LISTED)
