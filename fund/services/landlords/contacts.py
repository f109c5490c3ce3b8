"""How a landlord is reached, and by which name: the preparer changes the e-mail, two people the name and the contact.

The call-back contact is what an IBAN's change is safe by, and the name is what a bank is asked about; so both change as
an account does: one person proposes, the landlord is called back by the contact still on file, another confirms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fund.bank.writers.checked import MAX_NAME, check_text
from fund.domain import access, errors, rules
from fund.domain.fingerprints import Domain
from fund.domain.lists import ContactPart
from fund.domain.proposals import ActName
from fund.domain.texts import Message
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, check_none_alike, propose
from fund.services.statements.links import move_landlord
from fund.store import landlords as store
from fund.store import rows
from fund.store.tables import Landlord
from ledger.acts import landlords as landlord_acts


def read_remembered(context: Context, landlord: str, step: str) -> Landlord:
    """A landlord who is not erased: after an erasure no personal data comes back, and no new payee either.

    Raises ``NotFound``, and ``StateNotAllowed`` for the step that was asked for.
    """
    row = context.get(Landlord, landlord)
    if row.erased_on is not None:
        raise errors.StateNotAllowed("landlord", landlord, "erased", step)
    return row


def change_correspondence(context: Context, landlord: str, *, email: str, language: str) -> None:
    """The e-mail address and the language in which a landlord is written to from now on.

    Another address ends every personal link and session, and gets what was not sent yet. Raises ``StateNotAllowed`` for
    a landlord who is erased.
    """
    context.actor.must_be(*access.people("landlord-email"))
    row = read_remembered(context, landlord, "correspondence")
    rows.change(context.session, Landlord, landlord, {Landlord.language: language})
    if email != row.email:
        write_to(context, landlord, email)
        move_landlord(context, landlord, email)


def write_to(context: Context, landlord: str, email: str) -> None:
    """Book and keep the e-mail address of a landlord."""
    fingerprint = context.fingerprints.of(Domain.EMAIL, email)
    act = landlord_acts.landlord_email(context.stamp(), landlord=landlord, fingerprint=fingerprint)
    context.book_act(act, {Landlord.email: email})


@dataclass(frozen=True, slots=True)
class ContactPayload:
    """What changes of a landlord; the values stand beside it."""

    landlord: str
    what: ContactPart


NAME, CONTACT_OF_CALLS = "new_name", "new_contact"
"""What the personal values of such a proposal are called."""


def propose_change(context: Context, *, landlord: str, name: str | None = None, contact: str | None = None) -> int:
    """Propose another name, another contact, or both; nothing changes before another person confirms it.

    Returns the proposal's number. Raises ``ProposalWaits`` while one is open, ``InvalidInput`` where nothing would
    change, ``StateNotAllowed`` for a landlord who is erased, ``TextNotWritable`` and ``TextTooLong``.
    """
    context.actor.must_be(*CONTACT.proposers)
    row = read_remembered(context, landlord, "contact_change")
    proposed, on_file = {NAME: name, CONTACT_OF_CALLS: contact}, {NAME: row.name, CONTACT_OF_CALLS: row.contact}
    changed = {key: value for key, value in proposed.items() if value is not None and value != on_file[key]}
    if not changed:
        raise errors.InvalidInput([{"path": "name", "message": Message("nothing here differs from what is on file")}])
    if (new_name := changed.get(NAME)) is not None:
        check_text(landlord, "name", new_name, MAX_NAME)
    check_none_alike(context, CONTACT, landlord, lambda _: True)
    what = ContactPart("-and-".join(key.removeprefix("new_") for key in changed))
    return propose(context, CONTACT, ContactPayload(landlord, what), changed)


def _judge(context: Context, payload: ContactPayload) -> None:
    read_remembered(context, payload.landlord, "contact_change")


def _change(context: Context, payload: ContactPayload, confirmed: Confirmation) -> None:
    """The landlord was called back by the contact that is on file until now. A new contact vouches for no account that
    was proposed before its cooling-off time is over; of a new name the bank has said nothing yet.

    Raises ``CallBackMissing``.
    """
    landlord, changed = payload.landlord, confirmed.personal
    day = rules.check_call_back(landlord, confirmed.called_back_on, confirmed.proposed_on, context.day)
    stamp, fingerprint = confirmed.stamp(context), context.fingerprints.of
    if (name := changed.get(NAME)) is not None:
        act = landlord_acts.landlord_name(
            stamp, landlord=landlord, fingerprint=fingerprint(Domain.NAME, name), called_back_on=day
        )
        context.book_act(act, {Landlord.name: name})
        store.forget_payee_checks(context.session, landlord)
    if (contact := changed.get(CONTACT_OF_CALLS)) is not None:
        act = landlord_acts.landlord_contact(
            stamp,
            landlord=landlord,
            contact=context.get(Landlord, landlord).contact_version + 1,
            fingerprint=fingerprint(Domain.CONTACT, contact),
            called_back_on=day,
        )
        context.book_act(act, {Landlord.contact: contact})


def _erased(context: Context, payloads: Sequence[ContactPayload]) -> list[ContactPayload]:
    return [payload for payload in payloads if context.get(Landlord, payload.landlord).erased_on is not None]


def _on_file(context: Context, payload: ContactPayload) -> Mapping[str, str | None]:
    row = context.get(Landlord, payload.landlord)
    return {"name_on_file": row.name, "tax_code": row.tax_code, "contact_on_file": row.contact}


CONTACT = TwoPersonAct(
    ActName.CONTACT,
    ContactPayload,
    subject=lambda payload: payload.landlord,
    judge=_judge,
    carry_out=_change,
    changed=_erased,
    needs_call_back=lambda _context, _payload: True,
    on_file=_on_file,
)


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact that two people put in the place of another; accounts proposed from ``ibans_from`` on may be called
    back to it.
    """

    confirmed_on: date
    confirmed_by: str | None
    ibans_from: date


def new_contact(context: Context, landlord: str) -> NewContact | None:
    """The contact on file, where it is not the one of the registration any more."""
    confirmed = store.confirmed_contact(context.session, landlord)
    if confirmed is None:
        return None
    # At least the next day: the order of two events of the same day is not known.
    cooling_off = timedelta(days=max(1, context.fund().iban_cooling_off_days))
    return NewContact(confirmed.confirmed_on, confirmed.confirmed_by, confirmed.confirmed_on + cooling_off)


def check_contact_settled(context: Context, landlord: str, proposed_on: date) -> None:
    """An account proposed on a day may be called back to the contact on file. Raises ``ContactTooNew``."""
    contact = new_contact(context, landlord)
    if contact is not None and proposed_on < contact.ibans_from:
        raise errors.ContactTooNew(landlord, contact.ibans_from)
