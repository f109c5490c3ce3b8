"""How one error is told, at whichever door."""

from dataclasses import dataclass

DONE, USAGE, REFUSED, INTEGRITY, UNAVAILABLE, UNKNOWN = 0, 2, 3, 4, 5, 6
"""Exit codes of the commands: done, bad usage or input, refused by a rule, integrity, disk or database not usable,
and a commit of which nothing is known."""
FAULT = 70
"""The exit code of a fault of the program itself, as in BSD's ``sysexits.h``."""


@dataclass(frozen=True, slots=True)
class Problem:
    """How one error is told: HTTP status, exit code, a title, and what to do about it."""

    status: int
    exit_code: int
    title: str
    advice: str
