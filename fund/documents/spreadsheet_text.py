"""Tables as CSV that a spreadsheet opens as what they are: no text of theirs becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from fund.documents.spreadsheets import PLAIN_NUMBER, inert


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table in UTF-8 with its headings; what is ``None`` is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(name) for name in columns])
    writer.writerows([safe("" if value is None else str(value)) for value in row] for row in rows)
    return out.getvalue().encode()


def safe(text: str) -> str:
    """A text in which no spreadsheet finds a formula; a negative number stays a number."""
    return text if PLAIN_NUMBER.fullmatch(text) else inert(text)
