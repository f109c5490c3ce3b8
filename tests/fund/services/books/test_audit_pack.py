"""The audit pack, unzipped where there is neither service nor database: its own commands, run as they are told."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fund.documents.audit_pack import COMMANDS
from fund.domain import errors
from fund.doors.rendering import render_pack
from fund.services.books.audit_pack import make_pack
from tests.fund.kit import IBANS, MARCH, Office, tax_code_of

RUN = """
import runpy, sys
from importlib.abc import MetaPathFinder

class OnlyBeancount(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {refused}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, OnlyBeancount())
"""
SERVICE = {"fund", "sqlalchemy", "sqlmodel", "fastapi", "pydantic", "jinja2", "babel", "fava", "beanquery", "typer"}


@pytest.fixture
def pack(office: Office) -> bytes:
    office.on("2022-03-05").pay_month(MARCH)
    return office.ask(office.auditor, make_pack, office.app.settings.books, render_pack).data


@pytest.fixture
def unpacked(pack: bytes, tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    with zipfile.ZipFile(io.BytesIO(pack)) as found:
        found.extractall(folder)
    return folder


def run(command: str, folder: Path, tools: Path) -> subprocess.CompletedProcess[str]:
    """One command of the pack in a shell that knows Python with Beancount, and refuses to import our service."""
    refusing = RUN.format(refused=SERVICE)
    (tools / "sitecustomize.py").write_text(refusing)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    first, *_ = COMMANDS.splitlines()
    script = f"{first}:{tools}\ncd {folder}\n{command}"
    return subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script], env={"PATH": path}, capture_output=True, text=True, check=False
    )


def test_its_commands_are_green_with_beancount_alone_and_red_after_one_digit(unpacked: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    assert run("python -c 'import fund'", unpacked, tools).returncode != 0, "the service is not there"
    commands = COMMANDS.splitlines()[1:]
    for command in commands:
        done = run(command, unpacked, tools)
        assert done.returncode == 0, done.stdout + done.stderr
    where = run("python -c 'import ledger; print(ledger.__file__)'", unpacked, tools).stdout.strip()
    assert Path(where) == unpacked / "ledger" / "__init__.py"
    month = unpacked / "books" / "months" / "2022-03.beancount"
    month.write_bytes(month.read_bytes().replace(b"450.00", b"460.00", 1))
    red = {command: run(command, unpacked, tools).returncode != 0 for command in commands}
    assert red == dict.fromkeys(commands, True)


def test_the_same_books_give_the_same_bytes(office: Office, pack: bytes) -> None:
    office.on("2022-03-20")
    again = office.ask(office.preparer, make_pack, office.app.settings.books, render_pack)
    assert again.data == pack
    assert again.name == f"TEST-FUND-{office.balances().seq}.zip"


def test_it_holds_no_personal_data(office: Office, pack: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(pack)) as found:
        text = b"".join(found.read(name) for name in found.namelist())
        assert found.read("evidence.csv").count(b"\r\n") == 3
        assert {"README.it.md", "README.en.md", "SHA256SUMS", "books/MANIFEST.sha256"} <= set(found.namelist())
    for word in (*IBANS.values(), "Locatore", tax_code_of("N01"), tax_code_of("L0001"), "example.org"):
        assert word.encode() not in text


def test_it_is_for_readers(office: Office) -> None:
    with pytest.raises(errors.NotPermitted):
        office.ask(office.admin, make_pack, office.app.settings.books, render_pack)
