"""How one error is told, at whichever door."""

from dataclasses import dataclass

USAGE, REFUSED, INTEGRITY = 2, 3, 4
"""Exit codes of the commands: bad usage or input, refused by a rule, integrity."""


@dataclass(frozen=True, slots=True)
class Problem:
    """How one error is told: HTTP status, exit code, a title, and what to do about it."""

    status: int
    exit_code: int
    title: str
    advice: str
