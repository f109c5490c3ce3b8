"""Formats of a batch, and the one way to write it: a file that fails its grammar is never returned.

Each module of this package that writes a format says so with ``@writes``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Final

from fund.bank import schemas
from fund.bank.port import Batch, Debtor, Instruction
from fund.bank.writers import pain001
from fund.bank.writers.formats import CSV, FileType, Format, written_by
from fund.bank.writers.pain001 import with_codes as with_codes
from fund.domain import errors
from fund.domain.lists import EXPORT_FORMATS, BankFormat

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)

FORMATS: Final[Mapping[str, Format]] = MappingProxyType({form: written_by[form] for form in EXPORT_FORMATS})
"""Formats by name, the default first."""

TRANSFERS: Final = (BankFormat.PAIN_001_09, BankFormat.PAIN_001_03, BankFormat.CBI)
"""Formats of transfers, where the project's codes stand in the remittance text."""

MEDIA_TYPES: Final = frozenset({CSV.media_type, *(chosen.file_type.media_type for chosen in FORMATS.values())})
"""Media types of sealed batches."""


def is_format(format_name: str) -> bool:
    """Whether a file can be in this format: one of ``FORMATS``, or the plain register."""
    return format_name in (*FORMATS, BankFormat.REGISTER)


def file_name(stem: str, format_name: str) -> str:
    """File name in a format of ``FORMATS`` or in the plain register."""
    return f"{stem}.{_file_type(format_name).extension}"


def media_type(format_name: str) -> str:
    """Media type of a format of ``FORMATS`` or of the plain register."""
    return _file_type(format_name).media_type


def _file_type(format_name: str) -> FileType:
    return CSV if format_name == BankFormat.REGISTER else FORMATS[format_name].file_type


def lacks_codes(instruction: Instruction, debtor: Debtor, format_name: str | None) -> bool:
    """Whether CUP or CIG does not fit into a payment's transfer; other formats have a place for it."""
    return format_name in TRANSFERS and pain001.lacks_codes(instruction, debtor)


def without_codes(batch: Batch, format_name: str) -> tuple[str, ...]:
    """The payments of a batch that lack CUP or CIG."""
    return tuple(one.payment for one in batch.instructions if lacks_codes(one, batch.debtor, format_name))


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
