"""Errors as people and programs get them: HTTP status, exit code, and text in the reader's language.

RFC 9457 calls the result a problem. Each error's kind, title and advice stand on its class (``fund.domain.errors``).
"""

import re
from datetime import date
from typing import Any, NamedTuple

from fund.documents.catalogue import Translator, translator
from fund.documents.words import SUBJECTS, phrase
from fund.domain.errors import FundError, Kind, titles
from fund.domain.texts import Message
from ledger import codes
from ledger.money import parse_cents

TYPE_PREFIX = "urn:fund:error:"

DONE, USAGE, REFUSED, INTEGRITY, UNAVAILABLE, UNKNOWN = 0, 2, 3, 4, 5, 6
"""Exit codes of the commands: done, bad usage or input, refused by a rule, integrity, disk or database not usable,
and a commit of which nothing is known."""
FAULT = 70
"""The exit code of a fault of the program itself, as in BSD's ``sysexits.h``."""


class Outcome(NamedTuple):
    """How a kind of error ends a request and a command."""

    status: int
    exit_code: int


OUTCOMES = {
    Kind.INVALID: Outcome(422, USAGE),
    Kind.UNAUTHENTICATED: Outcome(401, REFUSED),
    Kind.FORBIDDEN: Outcome(403, REFUSED),
    Kind.NOT_FOUND: Outcome(404, REFUSED),
    Kind.CONFLICT: Outcome(409, REFUSED),
    Kind.GONE: Outcome(410, REFUSED),
    Kind.TOO_LARGE: Outcome(413, USAGE),
    Kind.UNSUPPORTED: Outcome(415, USAGE),
    Kind.UNANSWERABLE: Outcome(422, REFUSED),
    Kind.RATE_LIMITED: Outcome(429, REFUSED),
    Kind.BUSY: Outcome(503, REFUSED),
    Kind.WARNING: Outcome(200, DONE),
    Kind.UNAVAILABLE: Outcome(503, UNAVAILABLE),
    Kind.OUTCOME_UNKNOWN: Outcome(503, UNKNOWN),
    Kind.INTEGRITY: Outcome(503, INTEGRITY),
    Kind.FAULT: Outcome(500, FAULT),
}


def exit_code(error: FundError) -> int:
    """The exit code of a command that an error ends."""
    return OUTCOMES[error.kind].exit_code


def described(error: FundError, translate: Translator) -> dict[str, Any]:
    """An error as a problem: ``type``, ``title``, ``status``, ``detail``, and its facts as members."""
    members = error.rendered(translate.say)
    facts = {name: _in_words(getattr(error, name), translate) for name in members}
    if isinstance(thing := members.get("thing"), str) and thing in SUBJECTS:
        facts["thing"] = translate.pgettext("subject", SUBJECTS[thing])
    return {
        "type": TYPE_PREFIX + error.code,
        "title": translate.gettext(error.title, **facts),
        "status": OUTCOMES[error.kind].status,
        "detail": translate.gettext(error.advice, **facts),
        **members,
    }


def refusal_title(code: str, language: str) -> str:
    """The title of an error by its code, with an ellipsis in the place of each fact: the log of denials has none."""
    return re.sub(r"%\(\w+\)s", "…", translator(language).gettext(titles().get(code, code)))


_OF_CODES = re.compile(r"[\w-]+( [A-Z0-9][\w/-]*)*")
"""A code, perhaps followed by what it is about."""


def _in_words(value: Any, translate: Translator) -> Any:
    match value:
        case list() | tuple():
            return ", ".join(str(_in_words(item, translate)) for item in value)
        case date():
            return translate.day(value)
        case str() if codes.matches(codes.DAY, value):
            return translate.day(date.fromisoformat(value))
        case str() if codes.matches(codes.AMOUNT, value):
            return translate.money(parse_cents(value))
        case str() if _OF_CODES.fullmatch(value):
            return phrase(value, translate)
        case Message():
            return translate.say(value)
    return value
