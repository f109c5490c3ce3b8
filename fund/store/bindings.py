"""What binds each column of the database: what ``fund verify`` works out again, and what would not be missed.

A holder of the database can change any cell of it. A bound one cannot be changed without a finding.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from sqlmodel import SQLModel


class Binding(StrEnum):
    """How a column is bound."""

    JOURNAL = "journal"
    """Worked out again from the entries, whose chain is compared with the books."""
    ACTS = "acts"
    """Written from its acts by a projection, and worked out again by the same one."""
    ROW = "row"
    """Bound together by the fingerprint of the row, or of all rows of one file, which its act has."""
    DIGEST = "digest"
    """Bytes and their sha256, or what is compared with such bytes."""
    FINGERPRINT = "fingerprint"
    """Personal, so not in the books: compared with its fingerprint there, under the fund's key."""
    TAG = "tag"
    """What a user is in by for a while: under a keyed tag, compared at each use, so that what was changed or added lets
    no user in. ``fund verify`` does not look."""
    FREE = "free"
    """Nothing of value depends on it: a change moves no money and gives no user power over it."""


Columns = Mapping[Binding, str]
"""Names of a table's columns by how they are bound."""


def _of(
    *,
    journal: str = "",
    acts: str = "",
    row: str = "",
    digest: str = "",
    fingerprint: str = "",
    tag: str = "",
    free: str = "",
) -> Columns:
    """The columns of a table, named in words."""
    return {
        Binding.JOURNAL: journal,
        Binding.ACTS: acts,
        Binding.ROW: row,
        Binding.DIGEST: digest,
        Binding.FINGERPRINT: fingerprint,
        Binding.TAG: tag,
        Binding.FREE: free,
    }


COLUMNS: Final[Mapping[str, Columns]] = MappingProxyType(
    {
        # the journal and what is compared with it
        "journal_entry": _of(
            journal="seq booked_on kind recorded_at prepared_by approved_by key_check user household landlord "
            "account contact fingerprint month payment corrects bank_date evidence hash tag record"
        ),
        "posting": _of(journal="seq ordinal account amount_cents month"),
        "closing": _of(journal="month seq chain_head last_seq file_sha256"),
        "fund": _of(
            acts="code agreement_date activities_end cap_months target_months pay_day iban_cooling_off_days "
            "auditors_fingerprint",
            journal="available_cents committed_cents used_cents journal_seq journal_hash journal_day",
            fingerprint="auditors",
            free="id name project city funder language currency",
        ),
        "control_terms": _of(acts="id payee_check_required tax_check_days tax_thresholds"),
        "allocation": _of(journal="code granted_on amount_cents received_cents"),
        "collection": _of(journal="seq allocation amount_cents bank_date"),
        "repayment": _of(journal="amount_cents state prepared_by approved_by bank_date", free="id"),
        "household": _of(
            acts="code cap_months person reason admitted_on exited_on is_annulled erased_on",
            journal="months_used months_committed",
            fingerprint="tax_code",
        ),
        "landlord": _of(
            acts="code registered_on person name_fingerprint contact_fingerprint contact_version email_fingerprint "
            "rf_fingerprint erased_on",
            fingerprint="name contact tax_code email rf_reference",
            free="language",
        ),
        "contribution": _of(
            journal="household month run_month landlord lease_id amount_cents lot_cents set_off_cents ordered_cents "
            "formula state",
            acts="reason",
            free="id",
        ),
        "payment": _of(
            journal="code contribution_id batch account_id amount_cents outstanding_cents paid_cents misexecuted_cents "
            "state bank_date",
            row="rf_reference payee_result payee_checked_on payee_reference",
            free="reason",
        ),
        "payment_batch": _of(
            journal="code state prepared_by approved_by sealed_at file_sha256",
            digest="file_bytes",
            row="run_month file_format first_mandate debtor",
            free="file_schemas",
        ),
        "batch_export": _of(acts="batch row_fingerprint", row="format", digest="sha256 content", free="schemas"),
        "overpayment": _of(
            journal="contribution_id household landlord month amount_cents recovered_cents reason prepared_by "
            "approved_by entry",
            free="id",
        ),
        "set_off": _of(
            journal="contribution_id household landlord month amount_cents prepared_by approved_by entry",
            free="id",
        ),
        "proposal": _of(
            acts="id act digest state proposed_by proposed_at adopted_by decided_by decided_at called_back_on reason",
            fingerprint="subject payload personal",
        ),
        # what decides who is paid, how much and where
        "lease": _of(
            acts="household number landlord registration_fingerprint starts_on ends_on recorded_by",
            fingerprint="registration",
            free="id",
        ),
        "lease_rent": _of(acts="household lease since rent_cents recorded_by"),
        "grant": _of(acts="household first_month months decided_on"),
        "grant_amount": _of(acts="household since amount_cents"),
        "bank_account": _of(
            acts="landlord version fingerprint state proposed_by proposed_on confirmed_by called_back_on usable_from",
            fingerprint="iban",
            free="id",
        ),
        "treasury": _of(
            acts="id row_fingerprint",
            row="name tax_code iban bic cuc cup cig ipa istat siope cgu bollo chapter act treasurer_abi "
            "journal_account category_purpose cbi_envelope local_instrument format csv",
        ),
        "foreign_balance": _of(acts="id bank_date amount_cents"),
        "bank_rule": _of(acts="number agreed_at ended_at row_fingerprint", row="counterparty text"),
        "payee_check": _of(
            acts="id landlord version recorded_by recorded_at lapsed_on row_fingerprint",
            row="result checked_on reference",
        ),
        "tax_check": _of(
            acts="id landlord recorded_by recorded_at row_fingerprint", row="reference checked_on outcome"
        ),
        "run": _of(acts="month state opened_at opened_by prepared_by prepared_at approved_by approved_at digest"),
        "acknowledgement": _of(
            acts="id acknowledged_by acknowledged_at row_fingerprint",
            row="thing key fingerprint code about facts reason",
        ),
        # who may act
        "fund_user": _of(
            acts="code person role created_at confirmed_at disabled_at identity_fingerprint unconfirmed "
            "login_fingerprint email_fingerprint password_fingerprint",
            fingerprint="identity login email password_hash",
        ),
        "user_iban": _of(acts="user fingerprint set_by set_at"),
        "enrolment": _of(free="user sealed_secret"),
        "second_factor": _of(
            acts="user confirmed_at row_fingerprint", row="sealed_secret recovery_codes", free="last_step"
        ),
        "token": _of(
            acts="id user fingerprint created_at expires_at revoked_at",
            fingerprint="secret_sha256",
            tag="tag",
            free="last_used_at",
        ),
        "invitation": _of(
            acts="id user fingerprint created_at expires_at accepted_at ended_at", fingerprint="secret_sha256"
        ),
        # what the bank said
        "bank_file": _of(
            acts="sha256 received_at received_by booked_at set_aside_as set_aside_by set_aside_at lines_fingerprint",
            digest="content",
            free="name format message_id",
        ),
        "bank_notice": _of(free="file_sha256 ordinal code place"),
        "bank_statement": _of(
            acts="decided_by decided_at",
            row="file_sha256 ordinal account series statement_id number currency opening_cents closing_cents "
            "first_day last_day created_at fingerprint state",
        ),
        "bank_line": _of(
            acts="resolved_as resolved_to resolved_by resolved_at entry",
            row="file_sha256 ordinal payment outcome amount_cents bank_date reason matching statement moved_cents "
            "value_date bank_reference mandate receipt_number charges_cents batch bank_code bank_word",
            fingerprint="counterparty_name counterparty_iban remittance reason_text",
        ),
        # what was issued and sent
        "statement": _of(
            acts="number landlord issued_at row_fingerprint",
            row="first_month last_month language chain_head html pdf document",
        ),
        "delivery": _of(
            free="id landlord statement closing user notice about copy_number reason link language address state "
            "queued_by queued_at attempts next_attempt_at claimed_at sent_at via last_code last_failure"
        ),
        "landlord_link": _of(free="id landlord secret_sha256 created_by created_at expires_at used_at revoked_at"),
        "landlord_session": _of(free="secret_sha256 link created_at expires_at ended_at"),
        "link_request": _of(free="address_sha256 asked_at"),
        # what the service keeps for itself
        "web_session": _of(
            tag="secret_sha256 user csrf_secret expires_at authenticated_at second_factor_at tag",
            free="created_at last_seen_at ended_at",
        ),
        "sign_in": _of(tag="secret_sha256 user factor_given expires_at tag"),
        "identity_request": _of(free="state_sha256 browser_sha256 nonce verifier expires_at going_to"),
        "attempts": _of(free="kind subject_sha256 times last_at blocked_until"),
        "job_run": _of(free="id job started_at duration_ms outcome detail"),
        "day_confirmation": _of(free="day confirmed_by confirmed_at"),
        "denial": _of(free="id at user role act error"),
        "disclosure": _of(free="id at user role kind key accounts"),
        "idempotency_key": _of(free="user key request_sha256 status body created_at"),
    }
)
"""Every column of every table, by how it is bound."""

FREE_BECAUSE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "enrolment": "a secret that waits for its first code: sealed for that purpose, it opens as no device",
        "bank_notice": "told by the bytes of the file, which are bound; a notice books nothing",
        "delivery": "what leaves is taken from bound rows. A tag would not bring a message back that was removed; "
        "one that was made up carries a statement as it was issued, or a personal link",
        "landlord_link": "shows a landlord's months and statements, which whoever writes the database can read there",
        "landlord_session": "as a personal link, for the time of a visit",
        "link_request": "slows down requests for personal links",
        "identity_request": "a login that waits some minutes for the provider's answer",
        "attempts": "counted in the memory of each process as well",
        "job_run": "tells when a job ran; what is due is worked out from the data",
        "day_confirmation": "lets work go on under a clock that nothing vouches for; the books have each day",
        "denial": "the log of who was refused",
        "disclosure": "the log of who was shown whole IBANs",
        "idempotency_key": "answers a program's repeated request; what it did or not is in the books",
    }
)
"""Why nothing binds the tables that are free as a whole."""


def columns_of(table: str, binding: Binding) -> tuple[str, ...]:
    """The columns of a table that are bound so."""
    return tuple(COLUMNS[table][binding].split())


def row_text(table: str, row: object) -> str:
    """What a row's act binds of it as a whole, in one canonical text: canonical JSON, with its table's name."""
    values = {name: getattr(row, name) for name in columns_of(table, Binding.ROW)}
    return _canonical({table: values})


def rows_as_text(*bound: SQLModel) -> str:
    """What an act binds of a row, or of several together, in one text."""
    return "\n".join(row_text(str(row.__tablename__), row) for row in bound)


def values_text(values: Sequence[object]) -> str:
    """The values of one row, of those that ``rows_text`` puts together."""
    return _canonical(values)


def rows_text(tables: Mapping[str, Iterable[str]]) -> str:
    """What an act binds of several rows together, each as its ``values_text``, by their tables; their columns are those
    of ``bound_together``.
    """
    texts = (f"{_canonical(name)}:[{','.join(found)}]" for name, found in sorted(tables.items()))
    return f"{{{','.join(texts)}}}"


def bound_together(table: str) -> tuple[str, ...]:
    """The columns of a table that one act binds in all rows of a file; what is personal among them may be erased."""
    return columns_of(table, Binding.ROW) + columns_of(table, Binding.FINGERPRINT)


def _plain(value: object) -> str:
    """What JSON has no word for."""
    match value:
        case date():
            return value.isoformat()
        case bytes():
            return sha256(value).hexdigest()
        case _:
            raise TypeError(type(value).__name__)


_canonical: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_plain).encode
"""One encoder for all: to make one takes longer than to write a row."""
