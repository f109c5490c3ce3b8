"""Tables as CSV that a spreadsheet opens as what they are: no text of theirs becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table in UTF-8 with its headings; what is ``None`` is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(name) for name in columns])
    writer.writerows([safe("" if value is None else str(value)) for value in row] for row in rows)
    return out.getvalue().encode()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula; a negative number stays a number."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) and not _NUMBER.fullmatch(text) else text
