"""What every test may use: golden files, one Chromium for each process, and Hypothesis without a stopwatch."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

import tests.compiled_once
import tests.routed_once
import tests.unsynced
import tests.verified_once  # noqa: F401  # for its effect
from tests.chromium import chromium  # noqa: F401  # a fixture is used by its name; a second one could not start
from tests.house.source import HOUSE
from tests.trials import choose, is_long, trials

LONGEST_FILES = (
    "tests/fund/doors/cli/test_demo.py",
    "tests/fund/services/test_machine.py",
    "tests/fund/services/test_refusals.py",
    "tests/fund/services/banking/test_lives.py",
    "tests/fund/doors/web/test_access.py",
    "tests/fund/doors/cli/payouts/test_approve.py",
    "tests/fund/store/test_schema.py",
    "tests/fund/doors/web/test_look.py",
    "tests/fund/doors/web/test_office.py",
    "tests/fund/doors/cli/test_faults.py",
    "tests/story/test_desk.py",
    "tests/fund/services/banking/test_any_order.py",
    "tests/ledger/test_ordinary.py",
    "tests/ledger/test_violations.py",
    "tests/ledger/test_publisher.py",
    "tests/ledger/test_histories.py",
)
"""A file is one worker's: begun last, one of these would leave the others with nothing to do."""

ALWAYS_ON_POSTGRESQL = (
    "tests/fund/store/test_schema.py",
    "tests/fund/store/test_rows.py",
    "tests/fund/store/test_journal.py::test_the_rows",
    "tests/fund/services/test_concurrency.py::test_schedulers_at_once",
    "tests/fund/doors/web/payouts/test_runs.py::test_a_month_by_two_people",
    "tests/story/test_months.py::test_a_plain_month",
)
"""The store, who comes at once, and some whole months; what else runs on both engines does so in the long suite."""

Golden = Callable[[Path, bytes], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="write the golden files anew instead of comparing")


def pytest_configure(config: pytest.Config) -> None:
    """The long suite tries each property again, as often as is said of it; the default one a part of that."""
    choose(is_long=config.getoption("markexpr") == "long")
    settings.register_profile(
        "house",
        deadline=None,  # a busy machine is no defect
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
        max_examples=trials(100),
    )
    settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)  # before the long tests are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, and leave to the long suite what looks again.

    That is PostgreSQL where it does what SQLite does, and, of a file in which some tests are marked ``first``, the
    others: further examples of what these say.
    """
    last = len(LONGEST_FILES)
    order = {HOUSE / file: place for place, file in enumerate(LONGEST_FILES)}
    items.sort(key=lambda item: order.get(item.path, last))
    with_first = {item.path for item in items if item.get_closest_marker("first")}
    for item in items:
        if item.path in with_first and not item.get_closest_marker("first"):
            item.add_marker(pytest.mark.long)
        engine = item.callspec.params.get("prepared") if hasattr(item, "callspec") else None
        if engine == "postgresql" and not item.nodeid.startswith(ALWAYS_ON_POSTGRESQL):
            item.add_marker(pytest.mark.long)
        if is_long() and is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.long)


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import are no garbage: the collector need not look for any among them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare bytes with a golden file, or renew the file under ``pytest --golden-update``."""

    def check(path: Path, data: bytes) -> None:
        if request.config.getoption("--golden-update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assert path.is_file(), f"{path.name} has no golden file yet: pytest --golden-update"
        expected = path.read_bytes()
        if data != expected:
            assert data.decode("utf-8", "replace") == expected.decode("utf-8", "replace")
        assert data == expected, f"{path.name} differs in bytes that do not show as text"

    return check
