"""Fixtures that give a test a real database, or a small fund, on SQLite and on PostgreSQL.

They stand in a module of their own, so that every folder's ``conftest.py`` shares one server.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from fund.lock import file_lock
from fund.store.engine import Database
from tests.fund.engines import ENGINES, Host, host_for, migrated
from tests.fund.kit import Office, found_office, open_office


@dataclass(frozen=True)
class Prepared:
    """A host of databases, one with the schema in it, and one with a small fund whose books lie in ``home``.

    ``lives`` is a folder of all workers.
    """

    engine: str
    host: Host
    migrated: str
    founded: str
    home: Path
    lives: Path

    def open_at(self, home: Path) -> Office:
        """A copy of the small fund on the embedded engine, whose database lies in its home."""
        database = Path(shutil.copytree(self.home, home), "fund.sqlite")
        shutil.copyfile(self.founded.removeprefix("sqlite:///"), database)
        return open_office(home, f"sqlite:///{database}")


@contextmanager
def copied_office(home: Path) -> Iterator[Office]:
    """An office in a copy of a home that ``open_at`` made and nobody is connected to; the copy is gone afterwards."""
    with TemporaryDirectory(prefix="fund-copied-") as folder:
        copied = Path(shutil.copytree(home, Path(folder, "home")))
        office = open_office(copied, f"sqlite:///{copied / 'fund.sqlite'}")
        try:
            yield office
        finally:
            office.close()


def of_all_workers(factory: pytest.TempPathFactory) -> Path:
    """The folder of this run, which all its workers see."""
    ours = factory.getbasetemp()
    return ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A folder whose contents the first worker that asks for it makes, for all."""
    ended = folder.with_name(f"{folder.name} ended")
    with file_lock(folder.with_name(f"{folder.name} lock")):
        if not ended.exists():
            folder.mkdir()
            make(folder)
            ended.touch()
    return folder


_MADE: dict[str, Prepared] = {}
_LIVED: dict[tuple[str, Callable[[Office], object]], tuple[Prepared, datetime]] = {}
_HOSTS: dict[str, Host] = {}


@pytest.fixture(scope="session")
def _prepared() -> Iterator[dict[str, Prepared]]:
    yield _MADE
    _MADE.clear()
    _LIVED.clear()
    while _HOSTS:
        _HOSTS.popitem()[1].stop()


def _host(engine: str, factory: pytest.TempPathFactory) -> Host:
    if engine not in _HOSTS:
        _HOSTS[engine] = host_for(engine, factory.mktemp("databases"))
    return _HOSTS[engine]


def _prepare(made: dict[str, Prepared], engine: str, factory: pytest.TempPathFactory) -> Prepared:
    if engine not in made:
        host = _host(engine, factory)
        empty = migrated(host)
        founded, home = host.copy(empty), factory.mktemp("founded")
        office = open_office(home, founded)
        found_office(office)
        office.close()
        lives = of_all_workers(factory) / "lives"
        lives.mkdir(exist_ok=True)
        made[engine] = Prepared(engine, host, empty, founded, home, lives)
    return made[engine]


def office_after(prepared: Prepared, live: Callable[[Office], object], folder: Path) -> Iterator[Office]:
    """The small fund at the end of some days of its life, which are lived once on each engine and then copied."""
    key = prepared.engine, live
    if key not in _LIVED:
        _LIVED[key] = _lived(prepared, live)
    lived, instant = _LIVED[key]
    for office in _office(lived, folder):
        office.clock.set(instant)
        yield office


def _lived(prepared: Prepared, live: Callable[[Office], object]) -> tuple[Prepared, datetime]:
    """Where some days were lived, and when they ended; on a server each worker lives them on its own."""

    def begin(folder: Path) -> None:
        if prepared.engine == "sqlite":
            shutil.copyfile(prepared.founded.removeprefix("sqlite:///"), folder / "fund.sqlite")
        office = open_office(Path(shutil.copytree(prepared.home, folder / "home")), url)
        live(office)
        office.close()
        (folder / "instant").write_text(office.clock.now().isoformat())

    folder = prepared.lives / f"{live.__module__}.{live.__qualname__}"
    if prepared.engine == "sqlite":
        url = f"sqlite:///{folder / 'fund.sqlite'}"
    else:
        url, folder = prepared.host.copy(prepared.founded), prepared.home.with_name(f"lived {len(_LIVED)}")
    home = made_once(folder, begin) / "home"
    return replace(prepared, founded=url, home=home), datetime.fromisoformat((folder / "instant").read_text())


def lived_once(live: Callable[[Office], object]) -> Any:
    """A fixture of its name: the embedded small fund after what it does, as by ``office_after``."""

    def lived(prepared_sqlite: Prepared, tmp_path: Path) -> Iterator[Office]:
        yield from office_after(prepared_sqlite, live, tmp_path)

    return pytest.fixture(name=live.__name__)(lived)


def lived_once_anywhere(live: Callable[[Office], object]) -> Any:
    """As ``lived_once``, on each engine."""

    def lived(prepared: Prepared, tmp_path: Path) -> Iterator[Office]:
        yield from office_after(prepared, live, tmp_path)

    return pytest.fixture(name=live.__name__)(lived)


@pytest.fixture(params=ENGINES)
def migrated_alone(
    request: pytest.FixtureRequest,
    _prepared: dict[str, Prepared],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Database]:
    """A database that the migrations made and nothing was written into since, on each engine."""
    database = Database(migrated(_host(request.param, tmp_path_factory)))
    yield database
    database.dispose()


@pytest.fixture(params=ENGINES)
def prepared(
    request: pytest.FixtureRequest, _prepared: dict[str, Prepared], tmp_path_factory: pytest.TempPathFactory
) -> Prepared:
    """Both engines, one after the other."""
    return _prepare(_prepared, request.param, tmp_path_factory)


@pytest.fixture(scope="session")
def prepared_sqlite(_prepared: dict[str, Prepared], tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return _prepare(_prepared, "sqlite", tmp_path_factory)


@pytest.fixture(scope="session")
def prepared_postgresql(_prepared: dict[str, Prepared], tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return _prepare(_prepared, "postgresql", tmp_path_factory)


@pytest.fixture
def database(prepared: Prepared) -> Iterator[Database]:
    """A database with the newest schema and nothing in it, on each engine."""
    url = prepared.host.copy(prepared.migrated)
    database = Database(url)
    yield database
    database.dispose()
    prepared.host.drop(url)


def _office(prepared: Prepared, folder: Path) -> Iterator[Office]:
    url = prepared.host.copy(prepared.founded)
    home = Path(shutil.copytree(prepared.home, folder / "home"))
    office = open_office(home, url)
    yield office
    office.close()
    prepared.host.drop(url)


@pytest.fixture
def office(prepared_sqlite: Prepared, tmp_path: Path) -> Iterator[Office]:
    """A small fund on the embedded engine: for what cannot differ between engines."""
    yield from _office(prepared_sqlite, tmp_path)


@pytest.fixture
def empty_office(prepared_sqlite: Prepared, tmp_path: Path) -> Iterator[Office]:
    """A home without a fund, and so without a user."""
    url = prepared_sqlite.host.copy(prepared_sqlite.migrated)
    office = open_office(tmp_path / "empty", url)
    yield office
    office.close()
    prepared_sqlite.host.drop(url)


@pytest.fixture
def any_office(prepared: Prepared, tmp_path: Path) -> Iterator[Office]:
    """A small fund on each engine."""
    yield from _office(prepared, tmp_path)
