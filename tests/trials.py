"""How many random trials a property is given: an eighth by default, all of them in the long suite."""

PART = 8

_is_long = False


def choose(*, is_long: bool) -> None:
    """Said once, before a test's module is imported."""
    global _is_long
    _is_long = is_long


def is_long() -> bool:
    """Whether this is the long suite."""
    return _is_long


def trials(number: int) -> int:
    """The number of the long suite, or the part of it that is tried by default."""
    return number if _is_long else -(-number // PART)
