"""Why pydantic refused a field, in words of ours, so that they can be translated; none repeats the value."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fund.domain.texts import Message, Unfit

REASONS = {
    "missing": Message("is missing"),
    "extra_forbidden": Message("is not known here"),
    "string_type": Message("must be a string"),
    "int_type": Message("must be a whole number"),
    "bool_type": Message("must be true or false"),
    "date_type": Message("must be a day"),
    "too_short": Message("needs at least one entry"),
    "too_long": Message("has too many entries"),
    "string_too_short": Message("is too short"),
    "string_too_long": Message("is too long"),
    "string_pattern_mismatch": Message("is not written as expected"),
    "tuple_type": Message("must be a list"),
    "dict_type": Message("must be a table"),
    "model_type": Message("must be a table"),
    "model_attributes_type": Message("must be a table"),
}
"""By pydantic's name of the error; a reader brings its own words where it can say it better."""

OTHERWISE = Message("is not of the kind expected here")


def reason(failure: Mapping[str, Any], own: Mapping[str, Message] = MappingProxyType({})) -> Message:
    """Why one of ``ValidationError.errors()`` was refused; ``own`` words come first."""
    context = failure.get("ctx", {})
    match failure["type"]:
        case "value_error":
            error = context["error"]
            return error.message if isinstance(error, Unfit) else OTHERWISE
        case "greater_than_equal":
            return Message("must be at least %(least)s", {"least": str(context["ge"])})
        case "less_than_equal":
            return Message("must be at most %(most)s", {"most": str(context["le"])})
        case "literal_error" | "enum":
            allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            return Message("must be one of: %(allowed)s", {"allowed": allowed})
        case other:
            return own.get(other) or REASONS.get(other, OTHERWISE)
