"""One's own account: who one is here, one's password, second factor and sessions."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.domain import access
from fund.domain.errors import FundError
from fund.domain.texts import Message
from fund.doors.attempts import check_password, counted
from fund.doors.http.fields import SessionId, TokenId
from fund.doors.secrets import new_factor_secret, new_recovery_codes
from fund.doors.tables.users import TOKENS
from fund.doors.transaction import writing, writing_unchecked
from fund.doors.web.forms import CodeAgain, Form
from fund.doors.web.page_requests import Done
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.doors.web.users.invitation import NewPasswordForm, Typed
from fund.doors.web.users.sign_in import know_browser
from fund.doors.web.users.sign_in_steps import CodeForm, waiting_secret
from fund.services.context import Context
from fund.services.users import second_factor, sessions, tokens, users

router = APIRouter(prefix="/account", route_class=PageRoute)


class OwnPasswordForm(NewPasswordForm):
    """The password that one has, and twice the one that one wants."""

    password: Typed


class PasswordForm(Form):
    """One's own password, once more."""

    password: Typed


@router.get("")
def show_account(desk: Desk, _: Blank) -> Response:
    """Who one is here, until when, and where else one is logged in."""
    with desk.reading() as context:
        listed = sessions.list_sessions(context, desk.actor.code)
        made = tokens.list_tokens(context, desk.actor.code)
        enrolled, left = second_factor.is_enrolled(context), second_factor.recovery_codes_left(context)
    here = access.session_id(access.token_sha256(desk.secret or ""))
    return desk.page(
        "account.html",
        sessions=listed,
        tokens=made,
        table_of_tokens=TOKENS,
        this_session=here,
        enrolled=enrolled,
        recovery_codes_left=left,
    )


@router.post("/tokens/{token}/end")
@form_on(show_account)
def end_token(context: Context, _form: Form, token: TokenId) -> Done:
    """End a token of one's own."""
    tokens.revoke_token(context, token)
    return Done("/account", Message("The token has ended."))


@router.post("/sessions/{session}/end")
@form_on(show_account)
def end_session(context: Context, _form: Form, session: SessionId) -> Done:
    """End a session of one's own, on another device or here."""
    sessions.end_session_of(context, context.actor.code, session)
    return Done("/account", Message("The session has ended."))


@router.get("/password")
def show_password(desk: Desk, filled: Blank) -> Response:
    """The form for another password."""
    return desk.page("account_password.html", form=filled)


@router.post("/password")
def choose_password(desk: Desk) -> Response:
    """Change one's own password; every other session ends."""
    try:
        form = desk.form(OwnPasswordForm)
        form.check_same()
        with counted(desk.app, "present-password", desk.actor.code), writing(desk.app, desk.actor) as context:
            users.change_password(context, present=form.password, new=form.new_password, session=desk.secret)
    except FundError as refused:
        return desk.again(refused, lambda filled: show_password(desk, filled))
    response = desk.done("/account", Message("Your password is changed, and your other sessions have ended."))
    know_browser(desk, desk.actor, response)
    return response


@router.get("/second-factor")
def show_second_factor(desk: Desk, filled: Blank) -> Response:
    """What one has, what waits to be confirmed, or how to begin."""
    with desk.reading() as context:
        enrolled, left = second_factor.is_enrolled(context), second_factor.recovery_codes_left(context)
    waiting = waiting_secret(desk, desk.actor)
    return desk.page(
        "account_factor.html",
        form=filled,
        enrolled=enrolled,
        recovery_codes_left=left,
        waiting=waiting,
        back="/account/second-factor",
    )


@router.post("/second-factor/begin")
def begin_second_factor(desk: Desk) -> Response:
    """Draw a secret for one's device. It takes the password: an open session alone enrols no device."""
    try:
        check_password(desk.app, desk.actor, desk.form(PasswordForm).password)
        with writing_unchecked(desk.app, desk.actor) as context:
            second_factor.begin(context, desk.app.vault, new_factor_secret())
    except FundError as refused:
        return desk.again(refused, lambda filled: show_second_factor(desk, filled))
    return desk.go("/account/second-factor")


@router.post("/second-factor")
def confirm_second_factor(desk: Desk) -> Response:
    """The first code confirms it; the recovery codes are shown now and never again."""
    codes = new_recovery_codes()
    try:
        form = desk.form(CodeForm)
        with counted(desk.app, "second-factor", desk.actor.code), writing(desk.app, desk.actor) as context:
            second_factor.confirm(context, desk.app.vault, form.one_time_code, codes)
    except FundError as refused:
        return desk.again(refused, lambda filled: show_second_factor(desk, filled))
    return desk.page("recovery_codes.html", codes=codes, next="/account", back=None)


@router.post("/recovery-codes")
def renew_recovery_codes(desk: Desk) -> Response:
    """New recovery codes for a code of the second factor; the old ones are worth nothing any more."""
    codes = new_recovery_codes()
    try:
        desk.check_code(desk.form(CodeAgain))
        with writing(desk.app, desk.actor) as context:
            second_factor.renew_recovery_codes(context, codes)
    except FundError as refused:
        return desk.again(refused, lambda filled: show_second_factor(desk, filled))
    return desk.page("recovery_codes.html", codes=codes, next="/account", back=None)
