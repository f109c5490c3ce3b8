"""Real databases and a small fund for the tests of the service."""

from tests.fund.fixtures import (  # noqa: F401  # fixtures are used by their names
    _prepared,
    any_office,
    database,
    empty_office,
    migrated_alone,
    office,
    prepared,
    prepared_postgresql,
    prepared_sqlite,
)
