"""The audit pack, taken to where there is neither service nor database: its own commands, run as they are told."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fund.documents.audit_pack import commands
from fund.domain import errors
from fund.doors.rendering import render_pack
from fund.services.books.audit_pack import Pack, make_pack
from ledger.books import MANIFEST, render_manifest
from ledger.pack import SUMS, unpack
from tests.fund.fixtures import lived_once
from tests.fund.kit import IBANS, MARCH, Office, close_months, tax_code_of

MONTH = "books/months/2022-03.beancount"


@lived_once
def office(office: Office) -> None:
    """The small fund after March, which is paid."""
    office.on("2022-03-05").pay_month(MARCH)


@pytest.fixture
def pack(office: Office) -> Pack:
    return office.ask(office.auditor, make_pack, office.app.settings.books, render_pack)


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return {name: found.read(name) for name in found.namelist()}


def zipped(path: Path, *files: tuple[str, bytes], before: bytes = b"", comment: bytes = b"") -> Path:
    """A zip as somebody makes it who wants to be believed."""
    with path.open("wb") as out:
        out.write(before)
        with zipfile.ZipFile(out, "w") as made:
            made.comment = comment
            for name, data in files:
                made.writestr(zipfile.ZipInfo(name), data)
    return path


def falsified(files: dict[str, bytes]) -> dict[str, bytes]:
    """One amount changed, and every sum made to fit."""
    changed = {**files, MONTH: files[MONTH].replace(b"450.00", b"460.00")}
    books = {name: data for name, data in changed.items() if name.startswith("books/") and MANIFEST not in name}
    changed[f"books/{MANIFEST}"] = _sums({name.removeprefix("books/"): data for name, data in books.items()})
    changed[SUMS] = _sums({name: data for name, data in changed.items() if name != SUMS})
    return changed


def _sums(files: dict[str, bytes]) -> bytes:
    return render_manifest((name, hashlib.sha256(data).hexdigest()) for name, data in files.items())


def run(command: str, folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    """One command of the pack, in a shell whose Python is the one that the checker is installed in."""
    first, *_ = commands(name).splitlines()
    checker = folder / "checker"
    if not checker.exists():
        checker.symlink_to(sys.prefix)
    script = f"cd {folder}\n{first}\n{command}"
    return subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_commands_are_green_and_red_over_falsified_books(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / pack.name).write_bytes(pack.data)
    _, *checks = commands(pack.name).splitlines()
    for command in checks:
        done = run(command, tmp_path, pack.name)
        assert done.returncode == 0, done.stdout + done.stderr
    found = run(f"{checks[1]} --head {pack.head}", tmp_path, pack.name)
    assert f"after entry {pack.entries} of {pack.entries}" in found.stdout
    month = tmp_path / "pack" / MONTH
    month.write_bytes(month.read_bytes().replace(b"450.00", b"460.00", 1))
    red = {command: run(command, tmp_path, pack.name).returncode != 0 for command in checks}
    assert red == dict.fromkeys(checks, True)


@pytest.mark.long
def test_a_module_that_is_put_beside_the_books_is_a_finding_and_never_runs(pack: Pack, tmp_path: Path) -> None:
    """One added ``hashlib.py`` made every check print the expected head over falsified books."""
    planted = f"import os\nos.write(1, b'{pack.head}')\nos._exit(0)\n".encode()
    files = {**falsified(files_of(pack.data)), "hashlib.py": planted}
    zipped(tmp_path / pack.name, *files.items())
    (tmp_path / "hashlib.py").write_bytes(planted)
    _, laid_out, verify, *_ = commands(pack.name).splitlines()
    refused = run(laid_out, tmp_path, pack.name)
    assert (refused.returncode, "hashlib.py: is no file of an audit pack" in refused.stdout) == (4, True)
    assert not (tmp_path / "pack").exists()
    for name, data in files.items():  # as any other program unzips it
        (tmp_path / "pack" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pack" / name).write_bytes(data)
    told = run(f"cd pack && {verify.replace('pack/', '')} --head {pack.head}", tmp_path, pack.name)
    assert (told.returncode, "its hash is not that of its bytes" in told.stdout) == (4, True)


Files = dict[str, bytes]
ADDED = {
    "../x.py: is no file of an audit pack": ("../x.py", b""),
    "books/x/: is no file of an audit pack": ("books/x/", b""),
    "books/months/2031-01.beancount: is not the file that SHA256SUMS lists": ("books/months/2031-01.beancount", b""),
    f"{MONTH}: is there twice": (MONTH, b""),
}
CHANGED: dict[str, Callable[[Files], Files]] = {
    f"{MONTH}: is not the file that SHA256SUMS lists": lambda files: files | {MONTH: b""},
    f"{MONTH}: is missing": lambda files: {name: files[name] for name in files if name != MONTH},
    "SHA256SUMS: is missing": lambda files: {name: files[name] for name in files if name != SUMS},
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_whatever_else_is_in_the_zip_is_a_finding(pack: Pack, tmp_path: Path) -> None:
    path, files = tmp_path / "other.zip", files_of(pack.data)

    def findings() -> list[str]:
        found = unpack(path, tmp_path / "pack")
        assert not (tmp_path / "pack").exists()
        return found

    for says, added in ADDED.items():
        zipped(path, *files.items(), added)
        assert says in findings()
    for says, change in CHANGED.items():
        zipped(path, *change(files).items())
        assert says in findings()
    for around in ({"before": b"#!/bin/sh\n"}, {"comment": b"x"}):
        zipped(path, *files.items(), **around)
        assert findings() == ["the zip holds bytes that belong to none of its files"]
    path.write_bytes(pack.data[:-9])
    assert findings() == ["other.zip: is no zip that can be read"]
    assert unpack(zipped(path, *files.items()), tmp_path / "pack") == []


@pytest.mark.long
def test_the_same_books_give_the_same_bytes_and_a_closing_gives_them_for_ever(office: Office, pack: Pack) -> None:
    books = office.app.settings.books
    office.on("2022-03-20")
    again = office.ask(office.preparer, make_pack, books, render_pack)
    assert (again.data, again.name) == (pack.data, f"TEST-FUND-{office.balances().seq}.zip")
    close_months(office.on("2022-04-01"))
    closed = office.ask(office.auditor, make_pack, books, render_pack)
    assert office.ask(office.auditor, make_pack, books, render_pack, closing=MARCH) == closed
    office.on("2022-04-05").pay_month(MARCH.plus(1))
    assert office.ask(office.auditor, make_pack, books, render_pack) != closed
    assert office.ask(office.auditor, make_pack, books, render_pack, closing=MARCH) == closed
    with pytest.raises(errors.NotFound):
        office.ask(office.auditor, make_pack, books, render_pack, closing=MARCH.plus(1))


def test_it_holds_no_personal_data(pack: Pack) -> None:
    files = files_of(pack.data)
    assert files["evidence.csv"].count(b"\r\n") == 3
    assert {"README.it.md", "README.en.md", SUMS, "books/MANIFEST.sha256"} <= files.keys()
    for word in (*IBANS.values(), "Locatore", tax_code_of("N01"), tax_code_of("L0001"), "example.org"):
        assert word.encode() not in b"".join(files.values())


def test_it_is_for_readers(office: Office) -> None:
    with pytest.raises(errors.NotPermitted):
        office.ask(office.admin, make_pack, office.app.settings.books, render_pack)
