"""What to do about a refusal or a return, by its ISO 20022 external reason code (``ExternalStatusReason1Code``,
``ExternalReturnReason1Code``).

The words that people read about a code are in ``fund/documents/reasons.py``; here is only what each asks for.
"""

from enum import StrEnum


class Action(StrEnum):
    """What a reason asks the finance office to do before the month can be paid again."""

    CONFIRM_ACCOUNT = "confirm-account"
    PROVIDE_CASH = "provide-cash"
    STOP = "stop"
    ASK_A_PERSON = "ask-a-person"


_ACTIONS = {
    **dict.fromkeys(("AC01", "AC03", "AC04", "AC06", "AC13", "AG01", "BE01", "BE06", "RC01"), Action.CONFIRM_ACCOUNT),
    "AM04": Action.PROVIDE_CASH,
    "MD07": Action.STOP,
}


def action_for(reason: str | None) -> Action:
    """The action that a reason code asks for. A code that is not known, or none, is for a person to decide."""
    return _ACTIONS.get(reason or "", Action.ASK_A_PERSON)
