"""How a writer says which format it writes: ``@writes(BankFormat.CBI, XML, "fund-cbi-request-1", "cbi")``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

from fund.domain.lists import BankFormat

Writer = TypeVar("Writer", bound=Callable[..., bytes])


class FileType(NamedTuple):
    """The type of a file: extension of its name, media type."""

    extension: str
    media_type: str


XML: Final = FileType("xml", "application/xml")
CSV: Final = FileType("csv", "text/csv")
XLSX: Final = FileType("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its writer, its type of file, and the schemas that it must satisfy.

    The first of ``schemas`` comes with the service; the second is the official one, used where available.
    ``is_numbered`` formats number their mandates.
    """

    write: Callable[..., bytes]
    file_type: FileType
    schemas: tuple[str, ...]
    is_numbered: bool


written_by: Final[dict[BankFormat, Format]] = {}
"""Each format by its name, filled as the writers' modules are imported."""


def writes(
    name: BankFormat, file_type: FileType, *schemas: str, is_numbered: bool = False
) -> Callable[[Writer], Writer]:
    """Make a function the writer of a format."""

    def declare(write: Writer) -> Writer:
        written_by[name] = Format(write, file_type, schemas, is_numbered)
        return write

    return declare
