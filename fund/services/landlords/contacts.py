"""How a landlord is reached, and by which name: the preparer changes the e-mail, two people the name and the contact.

The call-back contact is what an IBAN's change is safe by, and the name is what a bank is asked about; so both change as
an account does: one person proposes, the landlord is called back by the contact still on file, another confirms.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fund.bank.writers.checked import MAX_NAME, check_text
from fund.domain import access, errors, rules
from fund.domain.fingerprints import Domain
from fund.domain.lists import ContactPart
from fund.domain.members import Whole
from fund.domain.states import ContactChangeState
from fund.domain.texts import Message
from fund.services.context import Context
from fund.services.statements.links import move_landlord
from fund.store import landlords as store
from fund.store import rows
from fund.store.rows import Values
from fund.store.tables import ContactChange, Landlord
from ledger.acts import landlords as landlord_acts

_SEEN = Whole("the use case gives it to the finance office alone")


@dataclass(frozen=True, slots=True)
class ContactChangeView:
    """A change of a landlord's name or contact, without either; ``what`` says which of them.

    From ``ibans_from`` on an account may be proposed that is called back to the new contact.
    """

    id: int
    landlord: str
    what: str
    state: str
    proposed_by: str
    proposed_on: date
    decided_by: str | None
    decided_on: date | None
    called_back_on: date | None
    ibans_from: date | None


@dataclass(frozen=True, slots=True)
class ContactChangeFull(ContactChangeView):
    """A change with what it changes, which is null for readers who may not see it, and once it is erased."""

    name: Annotated[str | None, _SEEN]
    contact: Annotated[str | None, _SEEN]
    name_before: Annotated[str | None, _SEEN]
    contact_before: Annotated[str | None, _SEEN]


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
    context.actor.must_be(access.PREPARER)
    row = read_remembered(context, landlord, "correspondence")
    rows.change(context.session, Landlord, landlord, {Landlord.email: email, Landlord.language: language})
    if email != row.email:
        move_landlord(context, landlord, email)


def propose_change(context: Context, *, landlord: str, name: str | None = None, contact: str | None = None) -> int:
    """Propose another name, another contact, or both; nothing changes before another person confirms it.

    Returns the change's number. Raises ``AlreadyExists`` while one is open, ``InvalidInput`` where nothing would
    change, ``StateNotAllowed`` for a landlord who is erased, ``TextNotWritable`` and ``TextTooLong``.
    """
    context.actor.must_be(access.PREPARER)
    row = read_remembered(context, landlord, "contact_change")
    proposed, on_file = {"name": name, "contact": contact}, {"name": row.name, "contact": row.contact}
    changed = {key: value for key, value in proposed.items() if value is not None and value != on_file[key]}
    if not changed:
        raise errors.InvalidInput([{"path": "name", "message": Message("nothing here differs from what is on file")}])
    if (new_name := changed.get("name")) is not None:
        check_text(landlord, "name", new_name, MAX_NAME)
    if store.has_open_change(context.session, landlord):
        raise errors.AlreadyExists("contact_change", landlord)
    return context.insert(
        ContactChange(
            landlord=landlord,
            what=ContactPart("-and-".join(changed)),
            state=ContactChangeState.PROPOSED,
            proposed_by=context.actor.code,
            proposed_on=context.day,
            name=changed.get("name"),
            contact=changed.get("contact"),
        )
    ).id


def confirm_change(context: Context, landlord: str, change: int, *, called_back_on: date | None = None) -> None:
    """Another person confirms a change, having called the landlord back by the contact that is on file until now.

    A new contact vouches for no account that was proposed before its cooling-off time is over; of a new name the bank
    has said nothing yet. Raises ``NotFound``, ``SamePerson``, ``CallBackMissing`` and ``StateNotAllowed``.
    """
    context.actor.must_be(access.APPROVER)
    row = _of(context, landlord, change)
    rules.check_two_people("contact_change", str(change), row.proposed_by, context.actor.code)
    rules.check_call_back(landlord, called_back_on, row.proposed_on, context.day)
    before = context.get(Landlord, landlord)
    stamp = context.stamp(prepared_by=row.proposed_by, approved_by=context.actor.code)
    decided: dict[object, object] = {**_decided(context), ContactChange.called_back_on: called_back_on}
    if row.name is not None:
        decided[ContactChange.name_before] = before.name
    if row.contact is not None:
        decided |= {ContactChange.contact_before: before.contact, ContactChange.ibans_from: _ibans_from(context)}
    context.step(ContactChange, change, ContactChangeState.CONFIRMED, decided)
    if row.name is not None:
        fingerprint = context.fingerprints.of(Domain.NAME, row.name)
        act = landlord_acts.landlord_name(
            stamp, landlord=landlord, fingerprint=fingerprint, called_back_on=called_back_on
        )
        context.book_act(act, {Landlord.name: row.name})
        store.forget_payee_checks(context.session, landlord)
    if row.contact is not None:
        act = landlord_acts.landlord_contact(
            stamp,
            landlord=landlord,
            contact=before.contact_version + 1,
            fingerprint=context.fingerprints.of(Domain.CONTACT, row.contact),
            called_back_on=called_back_on,
        )
        context.book_act(act, {Landlord.contact: row.contact})


def _ibans_from(context: Context) -> date:
    """At least tomorrow: the order of two events of the same day is not known."""
    return context.day + timedelta(days=max(1, context.fund().iban_cooling_off_days))


def reject_change(context: Context, landlord: str, change: int) -> None:
    """A proposed change is not taken. Raises ``NotFound`` and ``StateNotAllowed``."""
    context.actor.must_be(*access.FINANCE)
    _of(context, landlord, change)
    context.step(ContactChange, change, ContactChangeState.REJECTED, _decided(context))


def _decided(context: Context) -> Values:
    return {ContactChange.decided_by: context.actor.code, ContactChange.decided_on: context.day}


def check_contact_settled(context: Context, landlord: str, proposed_on: date) -> None:
    """An account proposed on a day may be called back to the contact on file. Raises ``ContactTooNew``."""
    ibans_from = store.ibans_from(context.session, landlord)
    if ibans_from is not None and proposed_on < ibans_from:
        raise errors.ContactTooNew(landlord, ibans_from)


def forget_changes(context: Context, landlord: str) -> None:
    """Erase the names and contacts in a landlord's changes, and withdraw the open one."""
    store.forget_changes(context.session, landlord, _decided(context))


def list_changes(context: Context, landlord: str) -> list[ContactChangeFull]:
    """A landlord's changes of name and contact, newest first. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    context.get(Landlord, landlord)
    return [_view(context, change) for change in store.list_changes(context.session, landlord)]


def last_contact(context: Context, landlord: str) -> ContactChangeFull | None:
    """The change that brought the contact now on file; ``None`` for the one of the registration."""
    changes = list_changes(context, landlord)
    confirmed = (change for change in changes if change.state == ContactChangeState.CONFIRMED)
    return next((change for change in confirmed if change.ibans_from is not None), None)


def read_change(context: Context, landlord: str, change: int) -> ContactChangeFull:
    """One of a landlord's changes, for the call-back. Raises ``NotFound``, for another landlord's too."""
    context.actor.must_be(*access.FINANCE)
    return _view(context, _of(context, landlord, change))


def _view(context: Context, row: ContactChange) -> ContactChangeFull:
    may_see = context.actor.role in access.FINANCE
    return ContactChangeFull(
        id=row.id,
        landlord=row.landlord,
        what=row.what,
        name=row.name if may_see else None,
        contact=row.contact if may_see else None,
        name_before=row.name_before if may_see else None,
        contact_before=row.contact_before if may_see else None,
        state=row.state,
        proposed_by=row.proposed_by,
        proposed_on=row.proposed_on,
        decided_by=row.decided_by,
        decided_on=row.decided_on,
        called_back_on=row.called_back_on,
        ibans_from=row.ibans_from,
    )


def _of(context: Context, landlord: str, change: int) -> ContactChange:
    row = context.get(ContactChange, change)
    if row.landlord != landlord:
        raise errors.NotFound("contact_change", str(change))
    return row
