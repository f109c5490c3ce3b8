"""The chain: each entry's hash covers the hash before it and the exact bytes of the entry in the books.

``hash = sha256(previous hash + bytes of the record without its hash line)``, both hashes in hexadecimal ASCII. Twenty
lines of any language can check it; ``docs/check_chain.py`` has them in Python.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import fields

from ledger.entries import Draft, Entry
from ledger.text import render_unhashed, with_hash

GENESIS = "0" * 64
"""Previous hash of entry 1."""

_DRAFT_FIELDS = tuple(field.name for field in fields(Draft))


def digest(prev: str, unhashed: bytes) -> str:
    """Hash of a record, from the previous hash and the record's bytes without its hash line."""
    return hashlib.sha256(prev.encode("ascii") + unhashed).hexdigest()


def seal(draft: Draft, seq: int, prev: str) -> Entry:
    """Give a draft its number and its hash. Raises ``NotAllowed`` for a value that the books may not contain."""
    # The hash covers the bytes that the books will show, not the values: a checker needs no parser and no knowledge of
    # our types, only the text (decision 0002).
    parts = render_unhashed(draft, seq, prev)
    own_hash = digest(prev, "".join(parts).encode("ascii"))
    values = {name: getattr(draft, name) for name in _DRAFT_FIELDS}
    return Entry(**values, seq=seq, prev=prev, hash=own_hash, record=with_hash(parts, own_hash).encode("ascii"))


def extend(drafts: Iterable[Draft], *, seq: int = 0, head: str = GENESIS) -> Iterator[Entry]:
    """Seal drafts in sequence after entry ``seq``, whose hash is ``head``."""
    for draft in drafts:
        seq += 1
        entry = seal(draft, seq, head)
        head = entry.hash
        yield entry
