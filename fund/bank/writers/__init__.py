"""Every format in which a batch leaves, and the one way to write it: checked, validated, never returned invalid."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from fund import errors
from fund.bank import schemas
from fund.bank.port import Batch
from fund.bank.register import PLAIN
from fund.bank.writers.cbi import write_cbi
from fund.bank.writers.opi import write_opi, write_opi_list
from fund.bank.writers.pain001 import write_pain001, write_pain001_03
from fund.bank.writers.register import write_register_csv, write_register_xlsx

_XML: Final = "application/xml"
_CSV: Final = "text/csv"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

DEFAULT: Final = "pain.001.001.09"
LIST: Final = "opi-list"
"""The format that pays a whole batch by one mandate."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how it is written and named, and the schema that it must satisfy. Mandates are numbered."""

    write: Callable[..., bytes]
    extension: str
    media_type: str
    schema: str | None
    is_numbered: bool = False


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        DEFAULT: Format(write_pain001, "xml", _XML, "pain.001.001.09"),
        "pain.001.001.03": Format(write_pain001_03, "xml", _XML, "pain.001.001.03"),
        "cbi": Format(write_cbi, "xml", _XML, "cbi"),
        "opi": Format(write_opi, "xml", _XML, "opi", is_numbered=True),
        LIST: Format(write_opi_list, "xml", _XML, "opi", is_numbered=True),
        "register-csv": Format(write_register_csv, "csv", _CSV, None, is_numbered=True),
        "register-xlsx": Format(write_register_xlsx, "xlsx", _XLSX, None, is_numbered=True),
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
    """A batch as a file: its bytes, their digest, and what its schema says; never an invalid one."""

    data: bytes
    sha256: str
    verdict: schemas.Verdict


def write(batch: Batch, format_name: str, schemas_dir: Path | None, first_number: int = 1) -> Written:
    """Write a batch in a format of ``FORMATS`` and validate it; mandates are numbered from ``first_number``.

    Raises the writers' typed errors, and ``BankFileInvalid`` where the outcome fails its schema. Without the folder
    that holds the schema, the verdict says that nothing was validated.
    """
    chosen = FORMATS.get(format_name)
    if chosen is None:
        raise errors.NotFound("format", format_name)
    data = chosen.write(batch, first_number=first_number) if chosen.is_numbered else chosen.write(batch)
    return accepted(data, format_name, schemas_dir)


def accepted(data: bytes, format_name: str, schemas_dir: Path | None) -> Written:
    """A file that is not invalid by the schema of its format, with its digest; raises ``BankFileInvalid`` otherwise."""
    verdict = schemas.validate(data, FORMATS[format_name].schema, schemas_dir)
    if verdict.outcome == "invalid":
        raise errors.BankFileInvalid(format_name, list(verdict.errors))
    return Written(data, sha256(data).hexdigest(), verdict)
