"""How each state is drawn: a colour and an icon beside the word, never the colour alone."""

from dataclasses import dataclass

from fund.domain.lists import OPEN_MATCHINGS


@dataclass(frozen=True, slots=True)
class StateStyle:
    """A tone (a class of the stylesheet), an icon of Bootstrap Italia, and a letter for where there is no room."""

    tone: str
    icon: str
    letter: str


NEUTRAL = StateStyle("neutral", "it-minus-circle", "·")

STATE_STYLES: dict[str, StateStyle] = {
    "open": StateStyle("todo", "it-pencil", "B"),
    "proposed": StateStyle("todo", "it-comment", "P"),
    "approved": StateStyle("doing", "it-check", "A"),
    "ordered": StateStyle("doing", "it-file", "O"),
    "sealed": StateStyle("doing", "it-locked", "S"),
    "sent": StateStyle("doing", "it-exchange-circle", "T"),
    "part-paid": StateStyle("warn", "it-exchange-circle", "½"),
    "settled": StateStyle("done", "it-check-circle", "✓"),
    "confirmed": StateStyle("done", "it-check-circle", "✓"),
    "closed": StateStyle("done", "it-lock", "C"),
    "paid": StateStyle("done", "it-check-circle", "✓"),
    "booked": StateStyle("done", "it-check-circle", "✓"),
    "accepted": StateStyle("done", "it-check-circle", "✓"),
    "noted": StateStyle("done", "it-check-circle", "✓"),
    "set-aside": StateStyle("neutral", "it-ban", "X"),
    "repeated": StateStyle("neutral", "it-refresh", "·"),
    "cooling-off": StateStyle("warn", "it-clock", "!"),
    "disputed": StateStyle("bad", "it-error", "!"),
    "foreign": StateStyle("bad", "it-error", "!"),
    **dict.fromkeys(OPEN_MATCHINGS, StateStyle("warn", "it-help-circle", "?")),
    "ok": StateStyle("done", "it-check-circle", "✓"),
    "held": StateStyle("warn", "it-clock", "!"),
    "suspended": StateStyle("warn", "it-warning-circle", "!"),
    "returned": StateStyle("bad", "it-error", "R"),
    "refused": StateStyle("bad", "it-close-circle", "R"),
    "not-sent": StateStyle("neutral", "it-file-pdf", "·"),
    "queued": StateStyle("todo", "it-clock", "Q"),
    "sending": StateStyle("doing", "it-exchange-circle", "I"),
    "usable": StateStyle("doing", "it-link", "U"),
    "used": StateStyle("done", "it-check-circle", "✓"),
    "expired": StateStyle("neutral", "it-clock", "·"),
    "revoked": StateStyle("neutral", "it-ban", "X"),
    "failed": StateStyle("bad", "it-error", "!"),
    "rejected": StateStyle("neutral", "it-ban", "X"),
    "excluded": StateStyle("neutral", "it-ban", "X"),
    "cancelled": StateStyle("neutral", "it-ban", "X"),
    "withdrawn": StateStyle("neutral", "it-ban", "X"),
    "replaced": StateStyle("neutral", "it-refresh", "·"),
    "committed": StateStyle("plan", "it-calendar", ""),
    "not-admitted": StateStyle("todo", "it-comment", "P"),
    "admitted": StateStyle("doing", "it-check", "A"),
    "exited": StateStyle("done", "it-lock", "C"),
    "active": StateStyle("done", "it-check-circle", "✓"),
    "disabled": StateStyle("neutral", "it-ban", "X"),
    "invited": StateStyle("todo", "it-pencil", "!"),
    "free": StateStyle("free", "it-minus", ""),
}


def state_style(state: str) -> StateStyle:
    """The style of a state; neutral for a state that has none."""
    return STATE_STYLES.get(state, NEUTRAL)
