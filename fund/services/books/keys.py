"""Another key of the fund: two people agree to it, and everything that is held is fingerprinted again, at once.

The key is made beside the file of the one in force and is in force once the act is committed, since the books have its
check value. Nothing has to happen between the two: a crash leaves the old key in force, or the new one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from fund.domain import errors
from fund.domain.fingerprints import Domain, Fingerprints
from fund.domain.proposals import ActName
from fund.domain.states import ProposalState, RunState
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, propose
from fund.services.users.power import end_all
from fund.store import books, journal, users
from fund.store.banking import bank_files
from fund.store.bindings import rows_as_text
from fund.store.payouts.payments import batches_waiting, sealed_rows
from fund.store.payouts.runs import runs_in
from fund.store.persons import absent_values, erased_subjects, subjects_of
from fund.store.projections.comparison import BoundValue, compare
from fund.store.proposals import agreed_in, list_proposals
from ledger.acts.users import key_changed


@dataclass(frozen=True, slots=True)
class KeyPayload:
    """The check value of the key that is to be, and that of the key in force."""

    key_check: str
    key_check_before: str


def propose_key(context: Context) -> int:
    """Propose another key, which is made beside the file of the one in force unless it is there. Returns the number.

    Raises ``KeyChangeWaits`` while anything else waits for a second person, or values are lacking.
    """
    context.actor.must_be(*KEY.proposers)
    successor = context.fingerprint_key.successor
    successor.make()
    new = Fingerprints(successor.read())
    return propose(context, KEY, KeyPayload(new.key_check, context.fingerprints.key_check))


def _judge(context: Context, _: KeyPayload) -> None:
    """What is proposed names fingerprints, and what is absent has none under the new key. Raises ``KeyChangeWaits``."""
    open_ = list_proposals(context.session, state=ProposalState.PROPOSED)
    proposed = [f"run {run.month}" for run in runs_in(context.session, RunState.PROPOSED)]
    proposed += [f"batch {code}" for code in batches_waiting(context.session)]
    if waits := [*(f"proposal {row.id}" for row in open_), *proposed, *absent_values(context.session)]:
        raise errors.KeyChangeWaits(waits)


def _change(context: Context, payload: KeyPayload, confirmed: Confirmation) -> None:
    new = Fingerprints(context.fingerprint_key.successor.read())
    if new.key_check != payload.key_check:
        raise errors.FingerprintKeyWrong()
    renewed = {}
    for held in _held(context):
        if held.fingerprint is None or not held.is_booked(context.fingerprints):
            raise errors.IntegrityBroken([f"{held.name}: not what was booked by its fingerprint: {held.columns}"])
        renewed[held.fingerprint] = new.of(held.domain, held.value)
    context.book_act(key_changed(confirmed.stamp(context), key_check=new.key_check, renewed=renewed))
    journal.tag_again(context.session, context.tag_of, new.entry_tags())
    context.take_key(new)
    for user in users.enabled_users(context.session):
        end_all(context, user.code)


def _held(context: Context) -> Iterator[BoundValue]:
    """Every value that the books have a fingerprint of and the database holds. Raises ``IntegrityBroken``."""
    session, tag_of = context.session, context.tag_of
    found = compare(session, chain.from_iterable(journal.as_sealed(session, tag_of)))
    if found.differences or found.absent:
        raise errors.IntegrityBroken([*map(str, found.differences), *found.absent])
    yield from found.values
    erased = erased_subjects(session)
    for row in list_proposals(session):
        proposal = BoundValue(f"proposal {row.id}", "payload", Domain.PROPOSAL, agreed_in(row), row.digest)
        if row.payload is not None and (proposal.is_booked(context.fingerprints) or not subjects_of(row) & erased):
            yield proposal
    read = {file.sha256: file.lines_fingerprint for file in bank_files.read_files(session)}
    for file, text in bank_files.kept_texts(session, [*read]):
        yield BoundValue(f"bank file {file[:12]}", "lines", Domain.ROW, text, read[file])
    for batch in books.booked_batches(session):
        for act in journal.acts_citing(session, ("sealed",), batch.file_sha256 or "", tag_of):
            text = rows_as_text(*sealed_rows(session, batch.code))
            yield BoundValue(f"batch {batch.code}", "seal", Domain.ROW, text, act.facts.fingerprint)


def _changed(context: Context, payloads: Sequence[KeyPayload]) -> list[KeyPayload]:
    return [payload for payload in payloads if payload.key_check_before != context.fingerprints.key_check]


KEY = TwoPersonAct(
    ActName.KEY,
    KeyPayload,
    subject=lambda _: "",
    judge=_judge,
    carry_out=_change,
    changed=_changed,
)
