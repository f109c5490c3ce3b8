"""The sign-in: from a known user to a session, one page for each step that is left."""

import secrets
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from fund.domain.access import SYSTEM, Actor
from fund.domain.errors import NotAuthenticated
from fund.doors.secrets import new_factor_secret
from fund.doors.transaction import reading, writing_unchecked
from fund.doors.web import cookies
from fund.doors.web.forms import Filled, Form
from fund.doors.web.page_requests import MAX_NEXT, PageRequest, safe_path, with_next
from fund.services.users import known_browsers, second_factor, sessions, sign_in
from fund.services.users.sign_in import SigningIn, Step

Next = Annotated[str, Query(alias="next", max_length=MAX_NEXT)]
"""The page to go to after the sign-in, as the address of a step names it."""


class StepForm(Form):
    """The form of a step, which keeps the page to go to afterwards."""

    next: Annotated[str, Field(max_length=MAX_NEXT)] = "/"


def asked_page(desk: PageRequest) -> str:
    """The page to go to afterwards, as a form names it that may be refused."""
    return safe_path(next(iter(desk.posted.get("next", ())), "/"))


def begin(desk: PageRequest, actor: Actor, asked: str, *, factor_given: bool = False) -> Response:
    """Begin a sign-in, by password or by the identity provider: on to the next step, or to a session."""
    secret = secrets.token_urlsafe(32)
    with writing_unchecked(desk.app, actor) as context:
        sign_in.begin(context, secret=secret, factor_given=factor_given)
    return proceed(desk, secret, asked)


def proceed(desk: PageRequest, secret: str, asked: str) -> Response:
    """To the next step's page, or in when none is left."""
    found = _find(desk, secret)
    if found.step is Step.DONE:
        return admit(desk, secret, found.actor, desk.go(asked))
    if found.step is Step.SET_UP_FACTOR:
        with writing_unchecked(desk.app, found.actor) as context:
            second_factor.begin(context, desk.app.vault, new_factor_secret())
    response = desk.go(with_next(f"/login/{found.step.value}", asked))
    cookies.set_cookie(response, cookies.SIGN_IN, secret, https=desk.https)
    return response


def signing_in(desk: PageRequest) -> tuple[str, SigningIn]:
    """The sign-in that a step belongs to. Raises ``NotAuthenticated`` without one, and after its time limit."""
    secret = cookies.read_cookie(desk.request, cookies.SIGN_IN, https=desk.https)
    if secret is None:
        raise NotAuthenticated()
    return secret, _find(desk, secret)


def step_page(desk: PageRequest, template: str, path: str, filled: Filled, asked: str, **more: Any) -> Response:
    """The page of a step, which keeps the page to go to afterwards, also when its language is switched."""
    return desk.page(template, form=filled, next=safe_path(asked), back=with_next(path, asked), **more)


def admit(desk: PageRequest, secret: str, actor: Actor, response: Response) -> Response:
    """Begin the session under a new secret, and give its cookie with a response. Raises ``NotAuthenticated``."""
    session, csrf_secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with writing_unchecked(desk.app, actor) as context:
        given = sign_in.finish(context, secret, is_required=desk.app.settings.needs_second_factor)
        sessions.begin_session(
            context,
            secret=session,
            csrf_secret=csrf_secret,
            replaces=desk.secret,
            second_factor_at=context.at if given else None,
        )
    cookies.set_cookie(response, cookies.SESSION, session, https=desk.https)
    for name in (cookies.VISITOR, cookies.SIGN_IN):
        cookies.drop_cookie(response, name, https=desk.https)
    know_browser(desk, actor, response)
    return response


def know_browser(desk: PageRequest, actor: Actor, response: Response) -> None:
    """Set the browser's mark of a user who has signed in from it, or renew it."""
    with reading(desk.app, actor) as context:
        kept = known_browsers.number_in(context, actor.code, desk.mark_of(actor.code) or "")
        mark = known_browsers.mark(context, kept or secrets.token_urlsafe(16))
    name, seconds = cookies.KNOWN.format(user=actor.code), cookies.KNOWN_SECONDS
    cookies.set_cookie(response, name, mark, https=desk.https, seconds=seconds)


def _find(desk: PageRequest, secret: str) -> SigningIn:
    with reading(desk.app, SYSTEM) as context:
        return sign_in.find(context, secret, is_required=desk.app.settings.needs_second_factor)
