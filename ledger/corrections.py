"""What is kept of an entry that can be corrected, to know its mirror by."""

import hashlib

from ledger.entries import Facts
from ledger.reader import Record
from ledger.state import State


def digest_of(facts: Facts, body: str) -> bytes:
    """Digest of what an entry is about and posts: of a million entries that can be corrected no more is kept."""
    about = f"{facts.household} {facts.landlord} {facts.month} {facts.payment} {facts.allocation} {facts.bank_date}"
    return hashlib.blake2b(f"{about}\n{body}".encode("ascii"), digest_size=16).digest()


def make_correctable(state: State, entry: Record) -> None:
    """An entry stands that its mirror can take back, once."""
    state.correctable[entry.seq] = entry.kind, digest_of(entry.facts, entry.body)
