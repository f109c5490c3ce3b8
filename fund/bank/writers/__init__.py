"""Formats of a batch, and the one way to write it: a file that fails its grammar is never returned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from fund.bank import schemas
from fund.bank.port import Batch
from fund.bank.register import PLAIN
from fund.bank.writers.cbi import write_cbi
from fund.bank.writers.opi import write_opi, write_opi_list
from fund.bank.writers.pain001 import write_pain001, write_pain001_03
from fund.bank.writers.register import write_register_csv, write_register_xlsx
from fund.domain import errors
from fund.domain.lists import BankFormat

_XML: Final = "application/xml"
_CSV: Final = "text/csv"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

DEFAULT: Final = BankFormat.PAIN_001_09
LIST: Final = BankFormat.OPI_LIST
"""The format with one mandate for a whole batch."""
_OPI: Final = ("fund-opi-orders-1", "opi")


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its writer, its naming, and the schemas that it must satisfy.

    The first of ``schemas`` comes with the service; the second is the official one, used where available.
    ``is_numbered`` formats number their mandates.
    """

    write: Callable[..., bytes]
    extension: str
    media_type: str
    schemas: tuple[str, ...] = ()
    is_numbered: bool = False


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        DEFAULT: Format(write_pain001, "xml", _XML, ("pain.001.001.09",)),
        BankFormat.PAIN_001_03: Format(write_pain001_03, "xml", _XML, ("pain.001.001.03",)),
        BankFormat.CBI: Format(write_cbi, "xml", _XML, ("fund-cbi-request-1", "cbi")),
        BankFormat.OPI: Format(write_opi, "xml", _XML, _OPI, is_numbered=True),
        LIST: Format(write_opi_list, "xml", _XML, _OPI, is_numbered=True),
        BankFormat.REGISTER_CSV: Format(write_register_csv, "csv", _CSV, is_numbered=True),
        BankFormat.REGISTER_XLSX: Format(write_register_xlsx, "xlsx", _XLSX, is_numbered=True),
    }
)
"""Formats by name, the default first."""


MEDIA_TYPES: Final = frozenset({_CSV, *(chosen.media_type for chosen in FORMATS.values())})
"""Media types of sealed batches."""


def file_name(stem: str, format_name: str) -> str:
    """File name in a format of ``FORMATS`` or in the plain register."""
    return f"{stem}.{'csv' if format_name == PLAIN else FORMATS[format_name].extension}"


def media_type(format_name: str) -> str:
    """Media type of a format of ``FORMATS`` or of the plain register."""
    return _CSV if format_name == PLAIN else FORMATS[format_name].media_type


@dataclass(frozen=True, slots=True)
class Written:
    """A written batch: bytes, digest, and the schemas that accepted it."""

    data: bytes
    sha256: str
    schemas: tuple[str, ...]


def write(batch: Batch, format_name: str, schemas_dir: Path | None, first_number: int = 1) -> Written:
    """Write and validate a batch in a format of ``FORMATS``, numbering mandates from ``first_number``.

    Raises the writers' typed errors, and ``BankFileInvalid`` where a schema refuses the file: the grammar that comes
    with the service, or the official schema if ``schemas_dir`` has it.
    """
    chosen = FORMATS.get(format_name)
    if chosen is None:
        raise errors.NotFound("format", format_name)
    data = chosen.write(batch, first_number=first_number) if chosen.is_numbered else chosen.write(batch)
    return accepted(data, format_name, schemas_dir)


def accepted(data: bytes, format_name: str, schemas_dir: Path | None) -> Written:
    """A file with its digest, once the schemas of its format accept it; raises ``BankFileInvalid`` otherwise."""
    passed = schemas.check_written(data, format_name, FORMATS[format_name].schemas, schemas_dir)
    return Written(data, sha256(data).hexdigest(), passed)
