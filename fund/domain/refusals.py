"""Why pydantic refused a field, in words of ours, so that they can be translated; none repeats the value."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fund.domain.texts import Said, Unfit

REASONS = {
    "missing": Said("is missing"),
    "extra_forbidden": Said("is not known here"),
    "string_type": Said("must be a string"),
    "int_type": Said("must be a whole number"),
    "bool_type": Said("must be true or false"),
    "date_type": Said("must be a day"),
    "too_short": Said("needs at least one entry"),
    "too_long": Said("has too many entries"),
    "string_too_short": Said("is too short"),
    "string_too_long": Said("is too long"),
    "string_pattern_mismatch": Said("is not written as expected"),
    "tuple_type": Said("must be a list"),
    "dict_type": Said("must be a table"),
    "model_type": Said("must be a table"),
    "model_attributes_type": Said("must be a table"),
}
"""By pydantic's name of the error; a reader brings its own words where it can say it better."""

OTHERWISE = Said("is not of the kind expected here")


def reason(failure: Mapping[str, Any], own: Mapping[str, Said] = MappingProxyType({})) -> Said:
    """Why one of ``ValidationError.errors()`` was refused; ``own`` words come first."""
    context = failure.get("ctx", {})
    match failure["type"]:
        case "value_error":
            error = context["error"]
            return error.said if isinstance(error, Unfit) else OTHERWISE
        case "greater_than_equal":
            return Said("must be at least %(least)s", {"least": str(context["ge"])})
        case "less_than_equal":
            return Said("must be at most %(most)s", {"most": str(context["le"])})
        case "literal_error" | "enum":
            allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            return Said("must be one of: %(allowed)s", {"allowed": allowed})
        case other:
            return own.get(other) or REASONS.get(other, OTHERWISE)
