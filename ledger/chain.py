"""The chain: each entry's hash covers the hash before it and the exact bytes of the entry in the books.

``hash = sha256(previous hash + bytes of the record without its hash line)``, both hashes in hexadecimal ASCII. Twenty
lines of any language can check it; ``docs/check_chain.py`` has them in Python.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import fields

from ledger.entries import Draft, Entry
from ledger.text import render_unhashed

GENESIS = "0" * 64
"""What stands as the previous hash of entry 1."""

_DRAFT_FIELDS = tuple(field.name for field in fields(Draft))


def digest(prev: str, unhashed: bytes) -> str:
    """The hash of a record, given the one before it and the record's bytes without its hash line."""
    return hashlib.sha256(prev.encode("ascii") + unhashed).hexdigest()


def seal(draft: Draft, seq: int, prev: str) -> Entry:
    """Give a draft its place in the chain. Raises ``NotAllowed`` for anything that may not stand in the books."""
    values = {name: getattr(draft, name) for name in _DRAFT_FIELDS}
    unsealed = Entry(**values, seq=seq, prev=prev, hash="")
    values["hash"] = digest(prev, render_unhashed(unsealed).encode("ascii"))
    return Entry(**values, seq=seq, prev=prev)


def extend(drafts: Iterable[Draft], *, seq: int = 0, head: str = GENESIS) -> Iterator[Entry]:
    """Seal drafts one after the other behind the entry numbered ``seq`` whose hash is ``head``."""
    for draft in drafts:
        seq += 1
        entry = seal(draft, seq, head)
        head = entry.hash
        yield entry
