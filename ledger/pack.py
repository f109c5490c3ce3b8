"""The audit pack: a zip of exactly the files that its manifest lists, laid out without running anything of it."""

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ledger import codes, files
from ledger.books import AUDIT, MAIN, MANIFEST, MONTH_FILE, parse_manifest, printable

SUMS, EVIDENCE, BOOKS = "SHA256SUMS", "evidence.csv", "books"
README = r"README\.(?:it|en)\.md"
_NAME = rf"{SUMS}|{EVIDENCE}|{README}|{BOOKS}/(?:{MAIN}|{AUDIT}|{MANIFEST}|{MONTH_FILE})"
"""The names that a file of a pack may have: no program is among them, and no path leads out of the folder."""

_LOCAL_HEADER, _DIRECTORY_HEADER, _END = 30, 46, 22
"""Bytes that a zip has beside names and contents: before each file, for each file at the end, and behind all."""
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def unpack(pack: Path, folder: Path) -> list[str]:
    """Lay out a pack in a new folder, or nothing of it where something is found. Returns the findings."""
    try:
        with zipfile.ZipFile(pack) as archive:
            findings = list(_findings(archive, pack.stat().st_size))
            if not findings:
                for name in archive.namelist():
                    files.make_folder((folder / name).parent)
                    files.write_whole(folder / name, archive.read(name))
    except _UNREADABLE:
        return [f"{printable(pack.name)}: is no zip that can be read"]
    return findings


def _findings(archive: zipfile.ZipFile, size: int) -> Iterator[str]:
    names = Counter(archive.namelist())
    for name, times in sorted(names.items()):
        if times > 1:
            yield f"{printable(name)}: is there twice"
        if not codes.matches(_NAME, name):
            yield f"{printable(name)}: is no file of an audit pack"
    listed = dict(parse_manifest(archive.read(SUMS))) if SUMS in names else {}
    for name in sorted({SUMS, *listed} - names.keys()):
        yield f"{printable(name)}: is missing"
    for name in sorted(names.keys() - {SUMS}):
        with archive.open(name) as file:
            if listed.get(name) != hashlib.file_digest(file, "sha256").hexdigest():  # type: ignore[arg-type]  # it reads
                yield f"{printable(name)}: is not the file that {SUMS} lists"
    if size != _size(archive):
        yield "the zip holds bytes that belong to none of its files"


def _size(archive: zipfile.ZipFile) -> int:
    """Bytes of a zip that holds its files and nothing beside, between, before or behind them."""
    files_and_headers = (
        one.compress_size + _LOCAL_HEADER + _DIRECTORY_HEADER + 2 * len(one.filename) for one in archive.infolist()
    )
    return sum(files_and_headers) + _END
