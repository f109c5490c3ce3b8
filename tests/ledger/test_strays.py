"""A file that is not the fund's among its books: a finding for an auditor, and never the end of publishing."""

import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.__main__ import INTEGRITY, main
from ledger.books import own_files, stray_files
from tests.ledger.kit import Journal, files_of, run
from tests.ledger.tampering import STRAYS
from tests.ledger.test_publisher import MORE, STORY

CACHE_ALWAYS = """
from beancount import loader
from beancount.scripts.check import main
loader.PICKLE_CACHE_THRESHOLD = 0
loader.initialize(use_cache=True)
main()
"""
"""Stock ``bean-check``, on a machine so slow that it keeps what it loaded."""


@pytest.fixture
def books(tmp_path: Path) -> Path:
    STORY.publish(tmp_path / "books")
    return tmp_path / "books"


@pytest.mark.parametrize("name", ["main", "audit"])
def test_the_cache_of_stock_bean_check_is_told_and_stops_nothing(
    name: str, books: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BEANCOUNT_DISABLE_LOAD_CACHE", raising=False)
    assert run(sys.executable, "-c", CACHE_ALWAYS, books / f"{name}.beancount").returncode == 0
    assert stray_files(books) == [f".{name}.beancount.picklecache"]
    for _ in range(2):
        assert main(["verify", str(books)]) == INTEGRITY, "and it is still there"
    assert f"stray: .{name}.beancount.picklecache" in capsys.readouterr().out
    assert MORE.publish(books).appended == 1


def test_a_planted_cache_is_never_loaded(books: Path, tmp_path: Path) -> None:
    witness = tmp_path / "witness"

    class Planted:
        def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
            return os.mkdir, (str(witness),)

    for name in own_files(books):
        if name.endswith(".beancount"):
            path = books / name
            path.with_name(f".{path.name}.picklecache").write_bytes(pickle.dumps(Planted()))
    assert main(["verify", str(books)]) == INTEGRITY
    assert MORE.publish(books).appended == 1
    assert not witness.exists()


def test_every_stray_is_named_once_and_none_is_read(books: Path) -> None:
    pipe_of_a_month = "a pipe named as a month"  # which another of them takes
    for name, how in STRAYS:
        if name != pipe_of_a_month:
            how(books)
    (books / "deep/deeper").mkdir(parents=True)
    told = stray_files(books)
    assert len(told) == len(set(told)) >= len(STRAYS)
    assert "deep/" in told
    assert "deep/deeper/" not in told


def test_without_the_strays_the_books_are_what_they_were(books: Path, tmp_path: Path) -> None:
    (books / "months/2022-04.beancount~").write_bytes(b"")
    MORE.publish(books)
    Journal(MORE.entries).publish(tmp_path / "clean")
    assert {name: data for name, data in files_of(books).items() if not name.endswith("~")} == files_of(
        tmp_path / "clean"
    )
