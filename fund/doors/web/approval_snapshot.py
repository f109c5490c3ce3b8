"""What an approval form showed, carried in the form: so that a refusal can say, line by line, what is other now.

It is for showing only: what is approved is decided by the list's digest, and what is now by the use case. What cannot
be read counts as not carried.
"""

import base64
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

MAX_CHARS = 200_000
"""What a form carries, packed: some 10,000 lines. The refusal of a longer list says that it changed, and not where."""
_MAX_BYTES = 2_000_000
"""The limit of unpacking: the content of a form is not trusted."""

_LINE = re.compile(
    r"(?P<key>[A-Z0-9-]{1,30})\.(?P<household>[A-Z0-9]{1,10})\.(?P<month>\d{4}-(?:0[1-9]|1[0-2]))\."
    r"(?P<cents>\d{1,13})\.(?P<landlord>[A-Z0-9]{1,10})\.(?P<account>\d{0,10})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One line as it was shown: the key of its contribution or payment, and what people compare."""

    key: str
    household: str
    month: str
    amount_cents: int
    landlord: str
    account: int | None

    def __str__(self) -> str:
        account = "" if self.account is None else self.account
        return f"{self.key}.{self.household}.{self.month}.{self.amount_cents}.{self.landlord}.{account}"


@dataclass(frozen=True, slots=True)
class SnapshotChange:
    """A line that came, went, or is other than it was shown; ``before`` and ``after`` are ``None`` where it is not."""

    kind: Literal["came", "went", "changed"]
    before: SnapshotLine | None
    after: SnapshotLine | None

    @property
    def any(self) -> SnapshotLine:
        """The line, as it is now or as it was."""
        found = self.after or self.before
        assert found is not None, "a difference has a side"
        return found

    @property
    def account_changed(self) -> bool:
        return self.before is not None and self.after is not None and self.before.account != self.after.account


def pack_snapshot(lines: Iterable[SnapshotLine]) -> str:
    """The lines for a hidden field, packed; nothing where they are too many."""
    packed = base64.urlsafe_b64encode(zlib.compress("_".join(map(str, lines)).encode())).decode()
    return packed if len(packed) <= MAX_CHARS else ""


def unpack_snapshot(text: str) -> dict[str, SnapshotLine] | None:
    """The lines of a hidden field by their keys, or ``None`` where they cannot be read."""
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(base64.urlsafe_b64decode(text), _MAX_BYTES).decode()
    except (ValueError, zlib.error):
        return None
    if not unpacking.eof:
        return None
    found = {}
    for part in unpacked.split("_"):
        match = _LINE.fullmatch(part)
        if match is None:
            return None
        account = int(match["account"]) if match["account"] else None
        cents = int(match["cents"])
        found[match["key"]] = SnapshotLine(
            match["key"], match["household"], match["month"], cents, match["landlord"], account
        )
    return found


def differences(text: str, now: Iterable[SnapshotLine]) -> list[SnapshotChange]:
    """What is other now than what a form carried: lines that changed or came in their order, then those that went."""
    before = unpack_snapshot(text) if text else None
    if before is None:
        return []
    present = {line.key: line for line in now}
    found = [
        SnapshotChange("changed" if key in before else "came", before.get(key), line)
        for key, line in present.items()
        if before.get(key) != line
    ]
    return found + [SnapshotChange("went", line, None) for key, line in before.items() if key not in present]
