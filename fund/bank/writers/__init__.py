"""Every format in which a batch leaves, and the one way to write it: validated by its grammar, or not returned."""

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

_XML: Final = "application/xml"
_CSV: Final = "text/csv"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

DEFAULT: Final = "pain.001.001.09"
LIST: Final = "opi-list"
"""The format that pays a whole batch by one mandate."""
_OPI: Final = ("fund-opi-orders-1", "opi")


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how it is written and named, and the schemas that it must satisfy. Mandates are numbered.

    The first of ``schemas`` is installed with the service; the second is the official one, for who has it.
    """

    write: Callable[..., bytes]
    extension: str
    media_type: str
    schemas: tuple[str, ...] = ()
    is_numbered: bool = False


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        DEFAULT: Format(write_pain001, "xml", _XML, ("pain.001.001.09",)),
        "pain.001.001.03": Format(write_pain001_03, "xml", _XML, ("pain.001.001.03",)),
        "cbi": Format(write_cbi, "xml", _XML, ("fund-cbi-request-1", "cbi")),
        "opi": Format(write_opi, "xml", _XML, _OPI, is_numbered=True),
        LIST: Format(write_opi_list, "xml", _XML, _OPI, is_numbered=True),
        "register-csv": Format(write_register_csv, "csv", _CSV, is_numbered=True),
        "register-xlsx": Format(write_register_xlsx, "xlsx", _XLSX, is_numbered=True),
    }
)
"""The formats by their names, the default one first."""


MEDIA_TYPES: Final = frozenset({_CSV, *(chosen.media_type for chosen in FORMATS.values())})
"""Every kind of file that a sealed batch may be."""


def file_name(stem: str, format_name: str) -> str:
    """The name of a file in a format of ``FORMATS``, or in the plain register's."""
    return f"{stem}.{'csv' if format_name == PLAIN else FORMATS[format_name].extension}"


def media_type(format_name: str) -> str:
    """What kind of file a format of ``FORMATS``, or the plain register, is."""
    return _CSV if format_name == PLAIN else FORMATS[format_name].media_type


@dataclass(frozen=True, slots=True)
class Written:
    """A batch as a file: its bytes, their digest, and the schemas that accepted it; never one that a schema refused."""

    data: bytes
    sha256: str
    schemas: tuple[str, ...]


def write(batch: Batch, format_name: str, schemas_dir: Path | None, first_number: int = 1) -> Written:
    """Write a batch in a format of ``FORMATS`` and validate it; mandates are numbered from ``first_number``.

    Raises the writers' typed errors, and ``BankFileInvalid`` where a schema refuses the outcome: the grammar that is
    installed with the service, or the official schema where ``schemas_dir`` has it.
    """
    chosen = FORMATS.get(format_name)
    if chosen is None:
        raise errors.NotFound("format", format_name)
    data = chosen.write(batch, first_number=first_number) if chosen.is_numbered else chosen.write(batch)
    return accepted(data, format_name, schemas_dir)


def accepted(data: bytes, format_name: str, schemas_dir: Path | None) -> Written:
    """A file that the schemas of its format accept, with its digest; raises ``BankFileInvalid`` otherwise."""
    passed = schemas.check_written(data, format_name, FORMATS[format_name].schemas, schemas_dir)
    return Written(data, sha256(data).hexdigest(), passed)
