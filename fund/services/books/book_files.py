"""The books as files, for readers at other machines: only what the manifest lists, and never anything beside it."""

from dataclasses import dataclass
from pathlib import Path

from fund.domain import access, errors
from fund.services.context import Context
from ledger.books import MANIFEST, manifest_lines


@dataclass(frozen=True, slots=True)
class BookFile:
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BooksView:
    """The files of the books, and the head of the journal's chain with its number."""

    files: tuple[BookFile, ...]
    chain_head: str
    seq: int


def list_files(context: Context, books: Path) -> BooksView:
    """The files of the books. Raises ``FundMissing``."""
    context.actor.must_be(*access.READERS)
    fund = context.fund()
    files = tuple(BookFile(path, sha256) for path, sha256 in manifest_lines(books))
    return BooksView(files, fund.journal_hash, fund.journal_seq)


def read_file(context: Context, books: Path, name: str) -> bytes:
    """The bytes of a file that the manifest lists, or of the manifest. Raises ``NotFound`` for anything else."""
    context.actor.must_be(*access.READERS)
    listed = {MANIFEST, *(listed for listed, _ in manifest_lines(books))}
    path = books / name
    if name not in listed or not path.resolve().is_relative_to(books.resolve()) or not path.is_file():
        raise errors.NotFound("file", name)
    return path.read_bytes()
