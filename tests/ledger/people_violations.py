"""Books in which somebody acts who may not, as ``violations`` has them: the last draft of each is the violation."""

from dataclasses import replace
from datetime import date

from ledger import events
from ledger.acts import banking as banking_acts
from ledger.acts import households as household_acts
from ledger.acts import payouts as payout_acts
from ledger.acts import users as user_acts
from ledger.acts.households import LeaseRef
from ledger.codes import SYSTEM
from ledger.entries import Draft
from ledger.months import Month
from tests.ledger.histories import KEY_CHECK
from tests.ledger.kit import on
from tests.ledger.people import added, alone_by, known_as, person, proposed
from tests.ledger.story import EVIDENCE, LEASE, account, approve, beginning, lease_of, with_runs

DAY = "2022-04-10"
CREATED, GRANTED = added(DAY, "U04")
ADMIN, RESET = alone_by(DAY, "U98"), user_acts.factor_reset(alone_by(DAY, "U98"), user="U04")
FOUNDED = [replace(draft, facts=draft.facts._replace(role="admin")) for draft in (CREATED, GRANTED)]
MADE, CONFIRMED, REJECTED, WITHDRAWN = (proposed(DAY, 1)[place] for place in (0, 4, 5, 6))
BROUGHT, ADOPTED = (replace(draft, facts=draft.facts._replace(proposal=1)) for draft in proposed(DAY, 1)[8:10])
REJECTED_FIRST = replace(REJECTED, facts=MADE.facts._replace(reason="not-due"))
SECOND = LeaseRef("N01", 2)
ENDED = household_acts.lease_end(alone_by(DAY, "U01"), LEASE, until=date(2022, 6, 30))
TOKEN = user_acts.token_made(
    alone_by(DAY, "U01"), user="U01", token="0" * 12, expires_at="2030-01-01T00:00:00Z", fingerprint=person("token")
)
APPROVAL = approve(DAY)
INVITED = user_acts.invited(ADMIN, user="U04", expires_at="2030-01-01T00:00:00Z", fingerprint=person("invitation"))
ACCOUNTS = [account(landlord).fingerprint for landlord in ("L0001", "L0002")]
KEY = user_acts.key_changed(
    on(DAY, "U98", "U99"),
    key_check=person("key"),
    renewed={one: person(one) for one in ACCOUNTS},
)
TO_ONE = ",".join(f"{one}:{person('one')}" for one in ACCOUNTS)


def _begun(*more: Draft) -> list[Draft]:
    return [*beginning(), *with_runs(list(more))]


def _changed(draft: Draft, **facts: object) -> Draft:
    return replace(draft, facts=draft.facts._replace(**facts))  # type: ignore[arg-type]


def _on_the_day(draft: Draft) -> Draft:
    day = on(DAY)
    return replace(draft, date=day.day, recorded_at=day.at)


DRAFTS = [
    ("people", "prepared by nobody", _begun(replace(APPROVAL, prepared_by="U55"))),
    ("people", "approved by nobody", _begun(replace(APPROVAL, approved_by="U55"))),
    ("people", "approved by an auditor", _begun(replace(APPROVAL, approved_by="U99"))),
    ("people", "a run opened by an auditor", _begun(payout_acts.run_opened(alone_by(DAY, "U99"), run=Month(2022, 7)))),
    (
        "people",
        "a file received by an auditor",
        _begun(banking_acts.document_received(alone_by(DAY, "U99"), evidence="0" * 64, size=1)),
    ),
    (
        "people",
        "a line set aside by who is not in force",
        _begun(
            CREATED, banking_acts.set_aside(alone_by(DAY, "U04"), evidence=EVIDENCE, place=1, reason="other-business")
        ),
    ),
    ("people", "approved by a role not in force", _begun(CREATED, replace(APPROVAL, approved_by="U04"))),
    ("people", "approved after a reset", _begun(CREATED, GRANTED, RESET, replace(APPROVAL, approved_by="U04"))),
    (
        "people",
        "alone after being disabled",
        _begun(
            CREATED,
            GRANTED,
            user_acts.user_disabled(ADMIN, user="U04"),
            replace(TOKEN, prepared_by="U04", facts=TOKEN.facts._replace(user="U04")),
        ),
    ),
    ("people", "a lease of who is not in force", _begun(CREATED, _on_the_day(lease_of(SECOND, "U04")))),
    ("people", "a lease of who was reset", _begun(CREATED, GRANTED, RESET, _on_the_day(lease_of(SECOND, "U04")))),
    ("people", "a lease of an auditor", _begun(_on_the_day(lease_of(SECOND, "U99")))),
    ("people", "the end of a lease by the service", _begun(replace(ENDED, prepared_by=SYSTEM))),
    (
        "people",
        "months committed by who was never in force",
        _begun(CREATED, events.commitment(on(DAY, "U04"), household="N02", months={Month(2022, 4): 45000})),
    ),
    (
        "people",
        "a little collected by the service, and approved",
        _begun(events.collection(on(DAY, SYSTEM), allocation="A01", amount_cents=1, bank_date=date.fromisoformat(DAY))),
    ),
    (
        "people",
        "a line set aside by the service, by no rule",
        _begun(banking_acts.set_aside(alone_by(DAY, SYSTEM), evidence=EVIDENCE, place=1, reason="other-business")),
    ),
    ("people", "a proposal of an auditor", _begun(replace(MADE, prepared_by="U99"))),
    ("people", "a proposal of the service for what only people propose", _begun(replace(MADE, prepared_by=SYSTEM))),
    ("people", "a proposal of an approver for what preparers propose", _begun(replace(MADE, prepared_by="U02"))),
    (
        "people",
        "a proposal of the service adopted by an approver",
        _begun(BROUGHT, replace(ADOPTED, prepared_by="U02")),
    ),
    ("people", "a repayment confirmed by an auditor", _begun(MADE, replace(CONFIRMED, approved_by="U99"))),
    ("people", "a repayment rejected by an auditor", _begun(MADE, replace(REJECTED_FIRST, prepared_by="U99"))),
    ("unknown-code", "a proposal for no act of two people", _begun(_changed(MADE, purpose="open-the-safe"))),
    ("people", "one person twice", _begun(_changed(CREATED, fingerprint=person("U01")))),
    ("people", "added by an approver", _begun(replace(CREATED, prepared_by="U01"))),
    ("people", "personal data exported by an approver", _begun(user_acts.persons_exported(alone_by(DAY, "U01")))),
    ("people", "a token made by another", _begun(replace(TOKEN, prepared_by="U98"))),
    ("four-eyes", "granted by one person", _begun(CREATED, replace(GRANTED, approved_by=None))),
    ("four-eyes", "another role than proposed", _begun(CREATED, _changed(GRANTED, role="auditor"))),
    ("four-eyes", "a third founder", _begun(FOUNDED[0], replace(FOUNDED[1], prepared_by=SYSTEM, approved_by=None))),
    (
        "four-eyes",
        "anew by a user",
        _begun(user_acts.access_recovered(ADMIN, user="U99", role="auditor", known_by=known_as("U99"))),
    ),
    ("four-eyes", "invited in force", _begun(CREATED, GRANTED, INVITED)),
    (
        "people",
        "a password chosen by another",
        _begun(user_acts.credential_set(ADMIN, user="U01", fingerprint="0" * 32)),
    ),
    ("four-eyes", "oneself reset", _begun(user_acts.factor_reset(ADMIN, user="U98"))),
    ("duplicate", "a key that was the fund's already", _begun(_changed(KEY, key_check=KEY_CHECK))),
    ("payee", "an account left under the former key", _begun(_changed(KEY, renewed=TO_ONE.split(",")[0]))),
    ("payee", "two accounts under one fingerprint", _begun(_changed(KEY, renewed=TO_ONE))),
    ("people", "a key changed by an approver", _begun(replace(KEY, prepared_by="U01"))),
    ("four-eyes", "a key changed by one person", _begun(replace(KEY, approved_by=None))),
    ("unknown-code", "a role of nobody", _begun(GRANTED)),
    ("unknown-code", "the end of no token", _begun(user_acts.token_ended(ADMIN, user="U01", token="0" * 12))),
    ("duplicate", "a user created twice", _begun(_changed(CREATED, user="U01"))),
    ("duplicate", "a token made twice", _begun(TOKEN, TOKEN)),
    ("duplicate", "a proposal out of order", _begun(_changed(MADE, proposal=2))),
    ("order-of-states", "a proposal decided that was not made", _begun(CONFIRMED)),
    ("four-eyes", "a proposal confirmed alone", _begun(MADE, replace(CONFIRMED, approved_by=None))),
    ("four-eyes", "a proposal changed", _begun(MADE, _changed(CONFIRMED, fingerprint=person("another")))),
    (
        "four-eyes",
        "rejected by its proposer",
        _begun(MADE, replace(_changed(REJECTED, **MADE.facts._asdict() | {"reason": "not-due"}), prepared_by="U01")),
    ),
    (
        "four-eyes",
        "withdrawn by another",
        _begun(MADE, replace(WITHDRAWN, facts=MADE.facts, prepared_by="U02")),
    ),
]
"""Each as (rule, name, drafts)."""
