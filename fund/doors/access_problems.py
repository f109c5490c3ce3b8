"""How it is told who may not come in, or may not do something (``fund.domain.access_errors``)."""

from fund.documents.catalogue import N_
from fund.domain import errors
from fund.doors.problem import REFUSED, USAGE, Problem

ACCESS_PROBLEMS: dict[type[errors.FundError], Problem] = {
    errors.NotAuthenticated: Problem(
        401, REFUSED, N_("Nobody is logged in"), N_("Give a valid token, or a user and the right password.")
    ),
    errors.NotPermitted: Problem(
        403, REFUSED, N_("The role %(role)s may not do this"), N_("It takes one of these roles: %(needs)s.")
    ),
    errors.TooManyAttempts: Problem(
        429,
        REFUSED,
        N_("It was tried in vain too often"),
        N_("Wait %(wait_seconds)s seconds and try again."),
    ),
    errors.SecondFactorNeeded: Problem(
        403, REFUSED, N_("A code of the second factor is needed"), N_("Type the six digits that your device shows now.")
    ),
    errors.SecondFactorMissing: Problem(
        403,
        REFUSED,
        N_("This takes a second factor, and you have none"),
        N_("Set one up at the desk, on the page 'My account', then try again."),
    ),
    errors.WrongCode: Problem(
        403,
        REFUSED,
        N_("This code is not valid"),
        N_("Each code counts once. Wait for the next one on your device, and check that its clock is right."),
    ),
    errors.DigestNeeded: Problem(
        422,
        USAGE,
        N_("Without a terminal, an approval takes the digest of what was shown"),
        N_("Look at the list with 'fund approve RUN --show', then give back with --digest the digest told there."),
    ),
    errors.InvitationNotUsable: Problem(
        410,
        REFUSED,
        N_("This invitation cannot be used: %(reason)s"),
        N_("Ask an admin of the fund for a new one. Each is good once, for 72 hours."),
    ),
    errors.WeakPassword: Problem(
        422,
        USAGE,
        N_("This password cannot be chosen: %(reason)s"),
        N_(
            "Choose another of %(min_length)s to %(max_length)s characters. "
            "Several words that do not belong together are easy to remember and hard to guess."
        ),
    ),
    errors.IdentityRefused: Problem(
        403,
        REFUSED,
        N_("The login by the identity provider did not succeed: %(reason)s"),
        N_("Begin the login again; if it fails again, tell the admin."),
    ),
    errors.NotForOneself: Problem(
        403, REFUSED, N_("Nobody does this for themselves"), N_("Ask another admin to do it for you.")
    ),
    errors.LastAdmin: Problem(
        409, REFUSED, N_("This is the last admin"), N_("Add another admin first, so that somebody can manage users.")
    ),
    errors.NotADemo: Problem(
        409, REFUSED, N_("This works only in a demo's home"), N_("Make one with 'fund demo --home DIR'.")
    ),
    errors.StillNeeded: Problem(
        409,
        REFUSED,
        N_("The data of the landlord %(landlord)s cannot be erased: %(reason)s"),
        N_("Pay or settle what is owed, end the contracts, and ask for the erasure first."),
    ),
}
