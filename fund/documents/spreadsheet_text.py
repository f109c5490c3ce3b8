"""Tables as CSV in which no text becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from fund.documents.spreadsheets import PLAIN_NUMBER, inert


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table in UTF-8 with headings; ``None`` is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(name) for name in columns])
    writer.writerows([safe("" if value is None else str(value)) for value in row] for row in rows)
    return out.getvalue().encode()


def safe(text: str) -> str:
    """A text that no spreadsheet evaluates; a negative number stays a number."""
    return text if PLAIN_NUMBER.fullmatch(text) else inert(text)
