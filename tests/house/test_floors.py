"""The floors: the import contracts of pyproject.toml, and which library may be used where."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import HOUSE, ROOTS, modules

SQL = {"sqlalchemy", "sqlmodel"}
LIBRARIES: dict[str, set[str]] = {
    "ledger": set(),
    "ledger.plugin": {"beancount"},
    "ledger.verify": {"beancount"},
    "fund": set(),
    "fund.domain.agreement.reading": {"pydantic"},
    "fund.domain.agreement.model": {"pydantic"},
    "fund.domain.identifiers": {"pydantic", "schwifty", "stdnum"},
    "fund.domain.passwords": {"argon2", "zxcvbn"},
    "fund.store": {*SQL, "alembic"},
    "fund.store.types": {"sqlalchemy"},
    "fund.services.users.second_factor": {"pyotp"},
    "fund.vault": {"cryptography"},
    "fund.bank": set(),
    "fund.bank.calendar": {"holidays"},
    "fund.bank.readers": {"lxml"},
    "fund.bank.readers.mt940": {"mt940"},
    "fund.bank.schemas": {"lxml"},
    "fund.bank.simulated": {"lxml"},
    "fund.bank.writers": {"lxml"},
    "fund.bank.writers.register": {"xlsxwriter"},
    "fund.documents": {"babel", "jinja2"},
    "fund.documents.charts": {"lxml", "pygal"},
    "fund.documents.spreadsheets": {"xlsxwriter"},
    "fund.documents.statement_json": {"pydantic", "typing_extensions"},
    "fund.documents.qr": {"segno"},
    "fund.documents.statements": {"typst"},
    "fund.sandbox": set(),
    "fund.sandbox.bql": {"beanquery"},
    "fund.sandbox.cells": {"beancount", "beanquery"},
    "fund.sandbox.fava_guard": {"fava", "flask"},
    "fund.sandbox.fava_server": {"a2wsgi", "uvicorn"},
    "fund.sandbox.worker": {"beancount", "beanquery"},
    "fund.doors": set(),
    "fund.doors.web.users.identity_provider": {"authlib", "httpx", "joserfc"},
    "fund.doors.web.books.fava": {"fastapi", "httpx", "starlette"},
    "fund.doors.demo.events": {"pydantic"},
    "fund.doors.jobs.scheduler": {"apscheduler"},
    "fund.doors.cli": {"rich", "typer", "uvicorn"},
    "fund.doors.http": {"fastapi", "pydantic", "starlette", "typing_extensions"},
    "fund.doors.api": {"fastapi", "pydantic", "starlette", "typing_extensions", "uvicorn"},
    "fund.doors.server": {"fastapi", "starlette"},
    "fund.doors.web": {"fastapi", "pydantic", "starlette"},
}
"""The libraries of each module or package; the longest name that fits decides; a new one is a decision."""

HEAVY = ("fastapi", "sqlalchemy", "sqlmodel", "beancount", "babel", "typst", "pydantic", "jinja2", "alembic", "uvicorn")


def test_the_import_contracts_hold() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_each_library_is_used_where_it_was_decided() -> None:
    unexpected = []
    for module in modules():
        home = max((name for name in LIBRARIES if module.within(name)), key=len)
        used = {name.partition(".")[0] for name in module.imports} - set(sys.stdlib_module_names) - set(ROOTS)
        unexpected += [f"{module.name} uses {name}" for name in sorted(used - LIBRARIES[home])]
    assert not unexpected


def test_services_know_of_the_clock_only_which_day_it_is_in_rome() -> None:
    allowed = {"fund.clock", "fund.clock.day_in_rome"}
    asked = {
        f"{module.name}: {name}"
        for module in modules()
        if module.within("fund.services", "fund.store", "fund.bank")
        for name in module.imports
        if name.startswith("fund.clock") and name not in allowed
    }
    assert not asked


@pytest.mark.parametrize("module", ["fund.doors.cli", "fund.doors.cli.commands"])
def test_help_loads_nothing_heavy(module: str) -> None:
    script = f"import {module}, sys; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    result = subprocess.run([sys.executable, "-c", script], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


def test_the_ledger_alone_loads_nothing_of_the_service() -> None:
    script = "import ledger.__main__, sys; print(*sorted(name for name in sys.modules if name.startswith('fund')))"
    result = subprocess.run([sys.executable, "-c", script], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""
