"""The cookies of the pages, and what is signed with them: the token in every form, and the message after a step.

``session`` holds a secret whose sha256 is in SQL; ``visitor`` is the same for a browser without a session, and kept
nowhere. Each gives the key of the form token, so that a form works only in the browser that it was made for.
"""

import base64
import hashlib
import hmac
import json

from starlette.requests import Request
from starlette.responses import Response

from fund.domain import access
from fund.domain.texts import Message, MessageValue
from ledger.months import Month

SESSION, VISITOR, LANGUAGE, FLASH, LANDLORD = "session", "visitor", "language", "message", "landlord"
SIGN_IN, PROVIDER, KEPT_FORM = "sign-in", "provider", "form"
KNOWN = "known-{user}"
"""The mark of a browser that a user has come in from before; each of its users has one."""
LANGUAGE_SECONDS = 365 * 24 * 3600
KNOWN_SECONDS = 365 * 24 * 3600
FLASH_SECONDS = 300


def _name(name: str, *, https: bool) -> str:
    """``__Host-`` makes browsers refuse the cookie from another host, from a path, or without TLS."""
    return f"__Host-fund-{name}" if https else f"fund-{name}"


def read_cookie(request: Request, name: str, *, https: bool) -> str | None:
    """A cookie of ours, or ``None``."""
    return request.cookies.get(_name(name, https=https)) or None


def set_cookie(response: Response, name: str, value: str, *, https: bool, seconds: int | None = None) -> None:
    """Give the browser a cookie: for this host only, unseen by scripts, not sent along from other sites' forms."""
    response.set_cookie(
        _name(name, https=https), value, max_age=seconds, path="/", secure=https, httponly=True, samesite="lax"
    )


def drop_cookie(response: Response, name: str, *, https: bool) -> None:
    """Take a cookie back."""
    response.delete_cookie(_name(name, https=https), path="/", secure=https, httponly=True, samesite="lax")


def form_token(key: str) -> str:
    """The token that every form of this browser carries."""
    return _mac(key, b"form")


def is_form_token(key: str, token: str) -> bool:
    """Whether a token is this browser's. Constant-time comparison."""
    return token.isascii() and access.same_secret(form_token(key), token)


def seal(key: str, message: Message) -> str:
    """A message for the next page, which only this service can have written."""
    text = json.dumps([message.text, {name: _kept(value) for name, value in message.values.items()}])
    return f"{base64.urlsafe_b64encode(text.encode()).decode()}.{_mac(key, text.encode())}"


def unseal(key: str, sealed: str) -> Message | None:
    """The message, or ``None`` for anything that was not sealed with this key."""
    data, _, mac = sealed.partition(".")
    try:
        text = base64.urlsafe_b64decode(data.encode("ascii"))
    except ValueError:
        return None
    if not mac.isascii() or not access.same_secret(_mac(key, text), mac):
        return None
    message, values = json.loads(text)
    return Message(message, {name: _fact(value) for name, value in values.items()})


def _kept(value: MessageValue) -> str | list[str]:
    """A list in a cookie is one of months, be it of one."""
    if isinstance(value, str):
        return value
    return [str(month) for month in ([value] if isinstance(value, Month) else value)]


def _fact(value: str | list[str]) -> MessageValue:
    return value if isinstance(value, str) else [Month.parse(month) for month in value]


def _mac(key: str, message: bytes) -> str:
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
