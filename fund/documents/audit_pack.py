"""The audit pack: one zip that needs only Beancount to check. The same books give the same bytes.

Its files are sorted by name and dated with the first day that a zip can hold, so that nothing of the moment or the
machine goes into it.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import ledger
from fund.documents.resources import shipped
from fund.documents.spreadsheet_text import csv_bytes
from ledger.books import render_manifest

COMMANDS = """\
export BEANCOUNT_DISABLE_LOAD_CACHE=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=.
sha256sum -c SHA256SUMS
(cd books && sha256sum -c MANIFEST.sha256)
python check_chain.py books
python -m ledger verify books
bean-check books/main.beancount
bean-check books/audit.beancount"""
"""Commands that the pack's README shows; a test runs exactly these. The first line keeps caches out of the books."""

EVIDENCE_COLUMNS = ("sha256", "kind", "batch", "day", "bytes", "entries", "schemas")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644


def render_pack(
    books: Mapping[str, bytes], evidence: Iterable[Sequence[object]], *, fund: str, entries: int, head: str
) -> bytes:
    """The zip of a set of books, with its evidence as rows under ``EVIDENCE_COLUMNS``."""
    files = {f"books/{name}": data for name, data in books.items()}
    files |= {f"ledger/{path.relative_to(_ledger())}": path.read_bytes() for path in sorted(_ledger().rglob("*.py"))}
    files["check_chain.py"] = (shipped("docs") / "check_chain.py").read_bytes()
    files["evidence.csv"] = csv_bytes(EVIDENCE_COLUMNS, evidence)
    for language in ("it", "en"):
        files[f"README.{language}.md"] = _readme(language, fund=fund, entries=entries, head=head)
    files["SHA256SUMS"] = render_manifest((name, hashlib.sha256(data).hexdigest()) for name, data in files.items())
    return _zipped(files)


def _ledger() -> Path:
    return Path(str(ledger.__file__)).parent


def _readme(language: str, **facts: object) -> bytes:
    from fund.documents.pages import render_page

    return render_page("audit-pack.md", language, commands=COMMANDS, **facts).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in sorted(files):
            # A zip keeps time, permissions and system of every file. They are fixed here, so that auditors who compare
            # the checksums of two packs compare the books and nothing else.
            info = zipfile.ZipInfo(name, _FIRST_DAY)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE << 16, 3
            pack.writestr(info, files[name])
    return out.getvalue()
