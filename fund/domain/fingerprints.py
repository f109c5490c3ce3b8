"""Fingerprints of what is personal, by the fund's key: the books name a payee or a person by nothing else."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from fund.domain.identifiers import normalised
from ledger import fingerprints


class Domain(StrEnum):
    """What a fingerprint is of; each domain has a subkey of its own, so that values of two are never comparable."""

    PAYEE = fingerprints.PAYEE
    NAME = "name"
    CONTACT = "contact"
    EMAIL = "email"
    REFERENCE = "reference"
    TAX_CODE = "tax-code"
    ROW = "row"
    CONTRACT = "contract"
    LOGIN = "login"
    CREDENTIAL = "credential"
    SALT = "salt"
    IDENTITY = "identity"
    TOKEN = "token"  # noqa: S105  # the name of a domain
    PROPOSAL = "proposal"
    SESSION = "session"
    LIST = "list"
    KEY_CHECK = "key-check"
    ENTRY = "entry"
    EXPORT = "export"
    """No fingerprint: its subkey encrypts what is exported."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Fingerprints under one fund's key (32 bytes)."""

    key: bytes = field(repr=False)

    def subkey(self, domain: Domain) -> bytes:
        """The key of one domain, as auditors get it of the payees."""
        return fingerprints.subkey(self.key, domain)

    @property
    def key_check(self) -> str:
        """The value by which the agreement's entry knows the fund's key again."""
        return fingerprints.fingerprint(self.subkey(Domain.KEY_CHECK), "")

    def entry_tags(self) -> Callable[[str], str]:
        """What gives an entry its tag by its hash: who lacks the key books nothing in this fund's journal."""
        return fingerprints.fingerprints(self.subkey(Domain.ENTRY))

    def of(self, domain: Domain, value: str) -> str:
        """Of a value: blanks and case make no difference in codes and words, nor do compatible characters in words."""
        match domain:
            case Domain.PAYEE:
                return fingerprints.payee_fingerprint(self.subkey(domain), value)
            case Domain.TAX_CODE:
                canonical = normalised(value)
            case Domain.NAME | Domain.CONTACT | Domain.CONTRACT:
                folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
                canonical = " ".join(folded.split())
            case _:
                canonical = value
        return fingerprints.fingerprint(self.subkey(domain), canonical)
