"""Erasure of a landlord's personal data: the finance office asks for it, and an admin carries it out.

It cannot be undone. Codes, amounts and books stay as they are, for they hold nothing personal. So do the papers that
the law makes a city keep: statements as issued, sealed batches, files of the bank.
"""

from fund.domain import access, errors, rules
from fund.services.bank_lines import bind_lines
from fund.services.context import Context
from fund.services.landlords.contacts import forget_changes
from fund.services.statements.links import forget_landlord
from fund.store import landlords as store
from fund.store.landlords import ErasureView as ErasureView
from fund.store.tables import Landlord
from ledger.acts import landlords as landlord_acts


def ask_erasure(context: Context, landlord: str) -> None:
    """The finance office says that a landlord's data is needed no more. Raises ``ErasureBlocked``."""
    context.actor.must_be(*access.FINANCE)
    row = context.get(Landlord, landlord)
    _check_not_needed(context, landlord)
    if row.erased_on is not None:
        raise errors.AlreadyExists("erasure", landlord)
    context.book_act(landlord_acts.erasure_asked(context.stamp(), landlord=landlord))


def erase_landlord(context: Context, landlord: str) -> None:
    """Erase name, tax code, addresses and IBANs, as another person than the one who asked for it.

    Nothing more is sent to the landlord, no link opens, and a change that waits for its approver is withdrawn.

    Raises ``ErasureBlocked`` while money is owed or a contract runs, and where it was not asked for; ``SamePerson``.
    """
    context.actor.must_be(access.ADMIN)
    row = context.get(Landlord, landlord)
    if row.erasure_asked_by is None:
        raise errors.ErasureBlocked(landlord, "not-asked")
    rules.check_two_people("landlord", landlord, row.erasure_asked_by, context.actor.code)
    _check_not_needed(context, landlord)
    if row.erased_on is not None:
        raise errors.AlreadyExists("erasure", landlord)
    stamp = context.stamp(prepared_by=row.erasure_asked_by, approved_by=context.actor.code)
    context.book_act(landlord_acts.erasure(stamp, landlord=landlord))
    forget_landlord(context, landlord)
    forget_changes(context, landlord)
    bind_lines(context, store.forget_ibans(context.session, landlord))


def read_erasure(context: Context, landlord: str) -> ErasureView:
    """Who asked for a landlord's erasure, who carried it out, and when; nothing personal. Raises ``NotFound``."""
    context.actor.must_be(*access.ROLES)
    erasure = store.find_erasure(context.session, landlord)
    if erasure is None:
        raise errors.NotFound("landlord", landlord)
    return erasure


def list_erasures(context: Context) -> list[ErasureView]:
    """Every erasure that was asked for, those that wait first."""
    context.actor.must_be(*access.FINANCE, access.ADMIN)
    return store.list_erasures(context.session)


def _check_not_needed(context: Context, landlord: str) -> None:
    if store.has_unsettled_months(context.session, landlord) or store.has_open_balance(context.session, landlord):
        raise errors.ErasureBlocked(landlord, "money-owed")
    if store.has_running_lease(context.session, landlord, context.day):
        raise errors.ErasureBlocked(landlord, "lease-running")
