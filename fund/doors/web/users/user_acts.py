"""What an admin does for a user who lost something or left: asked for once more, with whom it is about."""

from fund.documents.tables import Fact
from fund.domain.access import ADMIN
from fund.domain.texts import N_
from fund.doors.secrets import new_invitation_secret
from fund.doors.web.acts import About, Act, Places, Setting, proposal
from fund.doors.web.decisions import Nothing
from fund.doors.web.page_requests import Seen
from fund.services.books import keys
from fund.services.context import Context
from fund.services.users import invitations, second_factor, sessions, users

LIST = ("/users", N_("Users"))
ONE = ("/users/{user}", N_("User %(user)s"))


def _reset_password(context: Context, user: str) -> Seen:
    secret = new_invitation_secret()
    return invited(context, users.reset_password(context, user, secret), secret)


def invited(context: Context, user: str, secret: str) -> Seen:
    """The page that shows the secret of a user's new invitation, this once."""
    row = users.read_user(context, user)
    expires_at = context.at + invitations.LIFE
    return Seen("invited.html", {"login": row.login, "code": row.code, "secret": secret, "expires_at": expires_at})


def _of_user(context: Context, places: Places) -> Setting:
    row = users.read_user(context, places["user"])
    return Setting(
        [
            Fact(N_("login"), row.login, "text", ONE[0].format(**places)),
            Fact(N_("role"), row.role, "word"),
            Fact(N_("user since"), row.created_at, "instant"),
            Fact(N_("sessions in force"), len(sessions.list_sessions(context, row.code)), "count"),
        ]
    )


def _of_key(context: Context, _: Places) -> Setting:
    return Setting([Fact(N_("check value of the key"), context.fingerprints.key_check, "code")])


USER = About(_of_user, (LIST, ONE))
INVITATION = Act(
    "/users/{user}/invitation",
    N_("Reset the password"),
    N_("Invite anew"),
    Nothing,
    (ADMIN,),
    USER,
    _reset_password,
    lead=N_(
        "The present password and an older invitation are void at once; sessions and tokens end. The secret of the new "
        "invitation is shown once, to be handed over."
    ),
)
FACTOR = Act(
    "/users/{user}/second-factor/reset",
    N_("Reset the second factor"),
    N_("Reset it"),
    Nothing,
    (ADMIN,),
    USER,
    lambda context, user: second_factor.reset(context, user),
    N_("Another second factor is set up at the next login, and another person confirms it."),
    N_("Its device and recovery codes count no more; who has the password sets up another device. Be sure who asks."),
)
DISABLE = Act(
    "/users/{user}/disable",
    N_("Disable the user"),
    N_("Disable for good"),
    Nothing,
    (ADMIN,),
    USER,
    lambda context, user: users.disable_user(context, user),
    N_("The user is disabled; sessions and tokens have ended."),
    N_("Sessions and tokens end at once. What the user did stays in the books. A user is never enabled again."),
    is_danger=True,
)
PROPOSE_KEY = proposal(
    keys.KEY,
    keys.propose_key,
    "/key/new",
    N_("Propose another key of the fund"),
    Nothing,
    About(_of_key, (LIST,)),
    N_(
        "It is made beside the present one at the machine: copy it to the backup of keys before another person "
        "confirms it. All users sign in again then, and make new tokens."
    ),
    message=N_("The key is proposed; another person confirms it."),
)
OF_USER = (INVITATION, FACTOR, DISABLE)
ACTS = (*OF_USER, PROPOSE_KEY)
