"""Action for a refusal or return, by its ISO 20022 external reason code.

The codes are those of ``ExternalStatusReason1Code`` and ``ExternalReturnReason1Code``; their texts for people are in
``fund/documents/reasons.py``.
"""

from enum import StrEnum


class Action(StrEnum):
    """What the finance office has to do before the month can be paid again."""

    CHECK_ACCOUNT = "check-account"
    PROVIDE_CASH = "provide-cash"
    STOP = "stop"
    ASK_A_PERSON = "ask-a-person"


_ACTIONS = {
    **dict.fromkeys(("AC01", "AC03", "AC04", "AC06", "AC13", "AG01", "BE01", "BE06", "RC01"), Action.CHECK_ACCOUNT),
    "AM04": Action.PROVIDE_CASH,
    "MD07": Action.STOP,
}


def action_for(reason: str | None) -> Action:
    """Action for a reason code; an unknown or missing code is for a person to decide."""
    return _ACTIONS.get(reason or "", Action.ASK_A_PERSON)
