"""The stories are told on the fixtures of the service's tests."""

from tests.fund.doors.web.conftest import desk  # noqa: F401  # a fixture
from tests.fund.fixtures import (  # noqa: F401  # fixtures are used by their names
    _prepared,
    any_office,
    database,
    empty_office,
    office,
    prepared,
    prepared_postgresql,
    prepared_sqlite,
)
