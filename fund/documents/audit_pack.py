"""The audit pack: one zip that holds the books and no program. The same books give the same bytes.

Its files are sorted by name and dated with the first day that a zip can hold, so that nothing of the moment or the
machine goes into it.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from fund.documents.spreadsheet_text import csv_bytes
from ledger import pack
from ledger.books import render_manifest

CHECKER = """\
python3 -m venv checker
checker/bin/pip install beancount
checker/bin/pip install --no-deps rent_contribution_fund-*.whl"""
"""How the program that checks a pack is installed, from a wheel that came by another way than the pack."""

_COMMANDS = """\
export BEANCOUNT_DISABLE_LOAD_CACHE=1 PATH="$PWD/checker/bin:$PATH"
python -I -m ledger unpack {name} pack
python -I -m ledger verify pack/books
python -I -m beancount.scripts.check pack/books/main.beancount
python -I -m beancount.scripts.check pack/books/audit.beancount
(cd pack/books && sha256sum -c MANIFEST.sha256)"""

EVIDENCE_COLUMNS = ("sha256", "kind", "batch", "day", "bytes", "entries", "schemas")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644


def commands(name: str) -> str:
    """The commands that check a pack of this name, as its README and the desk show them; a test runs exactly these.

    The first keeps caches out of the books; ``-I`` keeps the folder that they run in from being searched for programs.
    """
    return _COMMANDS.format(name=name)


def render_pack(
    books: Mapping[str, bytes], evidence: Iterable[Sequence[object]], *, name: str, fund: str, entries: int, head: str
) -> bytes:
    """The zip of a set of books, with its evidence as rows under ``EVIDENCE_COLUMNS``."""
    files = {f"{pack.BOOKS}/{book}": data for book, data in books.items()}
    files[pack.EVIDENCE] = csv_bytes(EVIDENCE_COLUMNS, evidence)
    for language in ("it", "en"):
        files[f"README.{language}.md"] = _readme(language, name=name, fund=fund, entries=entries, head=head)
    files[pack.SUMS] = render_manifest((file, hashlib.sha256(data).hexdigest()) for file, data in files.items())
    return _zipped(files)


def _readme(language: str, *, name: str, **facts: object) -> bytes:
    from fund.documents.pages import render_page

    checking = {"checker": CHECKER, "commands": commands(name)}
    return render_page("audit-pack.md", language, **checking, **facts).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            # A zip keeps time, permissions and system of every file. They are fixed here, so that auditors who compare
            # the checksums of two packs compare the books and nothing else.
            info = zipfile.ZipInfo(name, _FIRST_DAY)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE << 16, 3
            archive.writestr(info, files[name])
    return out.getvalue()
