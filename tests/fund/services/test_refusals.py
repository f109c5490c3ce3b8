"""Each refusal has an example, leaves everything as it was, and says something in every language."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fund.documents.catalogue import translator
from fund.domain import errors
from fund.doors.problems import OUTCOMES, described
from tests.fund.fixtures import Prepared, office_after
from tests.fund.kit import Office
from tests.fund.services.refusals import banking, books, clock, households, landlords, money, payouts, statements, users
from tests.fund.services.refusals.examples import Example, Examples, Scene

SUBJECTS = (banking, books, clock, households, landlords, money, payouts, statements, users)
EXAMPLES: Examples = [example for subject in SUBJECTS for example in subject.EXAMPLES]

RAISED_BY_DOORS = {
    errors.InvalidAgreement: "a file is read at the door: tests/fund/domain/agreement/test_agreement_reading.py",
    errors.DigestNeeded: "the command line knows its terminal: tests/fund/doors/cli/payouts/test_approve.py",
    errors.NotADemo: "a home is a demo's at the command line: tests/fund/doors/cli/users/test_users.py",
    **dict.fromkeys(
        (
            errors.StorageFailed,
            errors.StoppedAfterCommit,
            errors.NotYetPublished,
            errors.CommitUnknown,
            errors.ProgramFailed,
            errors.SchemaDiffers,
            errors.SchemaOfAnotherVersion,
        ),
        "the database or the machine fails, and no rule: tests/fund/doors/cli/test_faults.py",
    ),
    errors.OutboxMended: "a file was changed behind the fund: tests/fund/services/books/test_kept_files.py",
    errors.IdempotencyKeyReused: "idempotency keys belong to the API: its own tests",
}
ALL = {
    found
    for found in vars(errors).values()
    if isinstance(found, type) and issubclass(found, errors.FundError) and found is not errors.FundError
}


def test_each_error_has_an_example() -> None:
    assert {error for error, _, _ in EXAMPLES} == ALL - RAISED_BY_DOORS.keys()


def _kept(office: Office) -> dict[str, list[object]]:
    """Every row but of messages: that writing has stopped is told."""
    return {name: list(found) for name, found in office.dump().items() if name != "delivery"}


@pytest.fixture
def office(prepared_sqlite: Prepared, tmp_path: Path, after: Scene) -> Iterator[Office]:
    """The small fund after the scene that an example begins with."""
    yield from office_after(prepared_sqlite, after, tmp_path)


@pytest.mark.parametrize(
    ("error", "after", "make"),
    EXAMPLES,
    ids=[make.__name__ for _, _, make in EXAMPLES],
)
def test_it_is_refused_and_nothing_changes(office: Office, error: type[errors.FundError], make: Example) -> None:
    refused = make(office)
    rows, files = _kept(office), office.files()
    with pytest.raises(error) as caught:
        refused()
    assert type(caught.value) is error
    assert _kept(office) == rows
    assert office.files() == files
    for language in ("it", "en"):
        problem = described(caught.value, translator(language))
        assert problem["status"] == OUTCOMES[error.kind].status
        text = problem["title"] + problem["detail"]
        assert "%(" not in text, "every fact has its place filled"
