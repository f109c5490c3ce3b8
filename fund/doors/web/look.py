"""How states look: a colour and an icon beside the word, never the colour alone."""

from dataclasses import dataclass

from fund.domain.states import OPEN_LINES


@dataclass(frozen=True, slots=True)
class Look:
    """A tone (a class of the stylesheet), an icon of Bootstrap Italia, and a letter for where there is no room."""

    tone: str
    icon: str
    letter: str


NEUTRAL = Look("neutral", "it-minus-circle", "·")

LOOKS = {
    "open": Look("todo", "it-pencil", "B"),
    "proposed": Look("todo", "it-comment", "P"),
    "approved": Look("doing", "it-check", "A"),
    "ordered": Look("doing", "it-file", "O"),
    "sealed": Look("doing", "it-locked", "S"),
    "sent": Look("doing", "it-exchange-circle", "T"),
    "settled": Look("done", "it-check-circle", "✓"),
    "confirmed": Look("done", "it-check-circle", "✓"),
    "closed": Look("done", "it-lock", "C"),
    "paid": Look("done", "it-check-circle", "✓"),
    "booked": Look("done", "it-check-circle", "✓"),
    "accepted": Look("done", "it-check-circle", "✓"),
    "noted": Look("done", "it-check-circle", "✓"),
    "set-aside": Look("neutral", "it-ban", "X"),
    "repeated": Look("neutral", "it-refresh", "·"),
    "cooling-off": Look("warn", "it-clock", "!"),
    "disputed": Look("bad", "it-error", "!"),
    "foreign": Look("bad", "it-error", "!"),
    **dict.fromkeys(OPEN_LINES, Look("warn", "it-help-circle", "?")),
    "ok": Look("done", "it-check-circle", "✓"),
    "held": Look("warn", "it-clock", "!"),
    "suspended": Look("warn", "it-warning-circle", "!"),
    "returned": Look("bad", "it-error", "R"),
    "refused": Look("bad", "it-close-circle", "R"),
    "not-sent": Look("neutral", "it-file-pdf", "·"),
    "queued": Look("todo", "it-clock", "Q"),
    "sending": Look("doing", "it-exchange-circle", "I"),
    "usable": Look("doing", "it-link", "U"),
    "used": Look("done", "it-check-circle", "✓"),
    "expired": Look("neutral", "it-clock", "·"),
    "revoked": Look("neutral", "it-ban", "X"),
    "failed": Look("bad", "it-error", "!"),
    "rejected": Look("neutral", "it-ban", "X"),
    "cancelled": Look("neutral", "it-ban", "X"),
    "withdrawn": Look("neutral", "it-ban", "X"),
    "replaced": Look("neutral", "it-refresh", "·"),
    "committed": Look("plan", "it-calendar", ""),
    "active": Look("done", "it-check-circle", "✓"),
    "disabled": Look("neutral", "it-ban", "X"),
    "invited": Look("todo", "it-pencil", "!"),
    "free": Look("free", "it-minus", ""),
}


def look(state: str) -> Look:
    """The look of a state; one without a look of its own is neutral."""
    return LOOKS.get(state, NEUTRAL)
