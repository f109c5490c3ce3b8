"""The agreement file: one fund with its allocations, landlords and households, written in TOML and checked whole.

Shape first (every field, all problems at once), then what the facts say together. Each problem carries its dotted
path and, where it can be found, its line; none repeats a value, because the file holds personal data.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from fund.domain.agreement.checks import Found, disagreements
from fund.domain.agreement.model import (
    Agreement,
    AllocationFacts,
    ContributionStep,
    ControlsFacts,
    CsvFacts,
    FounderFacts,
    FundFacts,
    HouseholdFacts,
    LandlordFacts,
    LeaseFacts,
    OpiFacts,
    RentStep,
    TreasuryFacts,
)
from fund.domain.agreement.toml_lines import Keys, find_lines
from fund.domain.refusals import reason
from fund.domain.texts import Message

__all__ = [
    "MAX_BYTES",
    "Agreement",
    "AgreementInvalid",
    "AllocationFacts",
    "ContributionStep",
    "ControlsFacts",
    "CsvFacts",
    "FounderFacts",
    "FundFacts",
    "HouseholdFacts",
    "LandlordFacts",
    "LeaseFacts",
    "OpiFacts",
    "Problem",
    "RentStep",
    "TreasuryFacts",
    "parse_agreement",
    "read_agreement",
]

MAX_BYTES = 1024 * 1024
"""A larger file is refused before it is read whole."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: its dotted path (empty for the file as a whole), its line from 1, and why."""

    path: str
    line: int | None
    message: Message

    @property
    def facts(self) -> dict[str, str | Message]:
        """The problem as a fact of ``InvalidAgreement``."""
        return {"path": self.path, "line": str(self.line or ""), "message": self.message}

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class AgreementInvalid(ValueError):
    """The file cannot be used; ``problems`` holds every reason found, in the order of the file."""

    def __init__(self, problems: Sequence[Problem], name: str = "agreement") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{name}: {problem}" for problem in self.problems))


def read_agreement(path: Path) -> Agreement:
    """Read and check an agreement file. Raises ``AgreementInvalid``, also when the file cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError:
        raise AgreementInvalid([Problem("", None, Message("cannot be read"))], path.name) from None
    if len(content) > MAX_BYTES:
        raise AgreementInvalid([Problem("", None, Message("is larger than 1 MiB"))], path.name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise AgreementInvalid([Problem("", line, Message("is not UTF-8 text"))], path.name) from None
    return parse_agreement(text, path.name)


def parse_agreement(text: str, name: str = "agreement") -> Agreement:
    """Check the text of an agreement file; ``name`` is what its problems call it. Raises ``AgreementInvalid``.

    The facts are compared with each other only once every field is well formed.
    """
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise AgreementInvalid([_syntax_problem(str(error), text)], name) from None
    try:
        agreement = Agreement.model_validate(data)
    except ValidationError as error:
        found = list(_shape_problems(error))
    else:
        found = list(disagreements(agreement))
        if not found:
            return agreement
    lines = find_lines(text)
    problems = [Problem(_dotted(keys), _line_of(keys, lines), message) for keys, message in found]
    raise AgreementInvalid(sorted(problems, key=lambda problem: problem.line or 0), name)


_SYNTAX = {
    "Cannot overwrite a value": Message("is not valid TOML: the key stands twice in its table"),
    "Invalid value": Message("is not valid TOML: a value is missing or not written as one"),
    "Invalid date or datetime": Message("is not valid TOML: there is no such day"),
    "Invalid statement": Message("is not valid TOML: neither a key nor the heading of a table"),
    "Unclosed array": Message("is not valid TOML: a list is not closed"),
    "Unclosed inline table": Message("is not valid TOML: an inline table is not closed"),
    "Unterminated string": Message("is not valid TOML: a string is not closed"),
}
"""By the words of `tomllib`, some of which repeat the file."""


def _syntax_problem(refused: str, text: str) -> Problem:
    """What `tomllib` refused, and where."""
    place = re.search(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)$", refused)
    line = int(place[1] or text.count("\n") + 1) if place else None
    return Problem("", line, _SYNTAX.get(refused[: place.start()] if place else "", Message("is not valid TOML")))


_EVENTS = Message(
    "is not part of an agreement: enter what changes (a rent, a landlord, an account) in the service, when it changes"
)
_REASONS = {
    "extra_forbidden": Message("is not a field of the agreement file"),
    "date_type": Message("must be a day such as 2021-03-01, without quotes"),
    "tuple_type": Message("must be a list of tables, written [[...]]"),
}


def _shape_problems(error: ValidationError) -> Found:
    """Each field that pydantic refused, without what only follows from another refusal."""
    items = error.errors(include_url=False)
    for item in items:
        place = item["loc"]
        follows = item["type"] == "too_short" and any(other["loc"][:-1][: len(place)] == place for other in items)
        if not follows and item["type"] != "default_factory_not_called":
            yield (("events", 0), _EVENTS) if place == ("events",) else (place, reason(item, _REASONS))


def _dotted(keys: Keys) -> str:
    """``households[2].leases[0].rent``; a key that no field could have is written ``?``, as it may be personal."""
    parts = []
    for key in keys:
        if isinstance(key, int):
            parts.append(f"[{key}]")
        else:
            parts.append(f".{key}" if re.fullmatch(r"[a-z][a-z_]{0,30}", key) else ".?")
    return "".join(parts).removeprefix(".")


def _line_of(keys: Keys, lines: dict[Keys, int]) -> int | None:
    """The line of a value, or of the nearest table around it that has one."""
    return next((lines[keys[:size]] for size in range(len(keys), 0, -1) if keys[:size] in lines), None)
