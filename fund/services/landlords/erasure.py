"""Forgetting a landlord: the finance office asks, an admin carries it out, and what is still needed is refused.

It cannot be undone. Codes, amounts and books stay as they are, for they hold nothing personal. So do the papers that
the law makes a city keep: statements as issued, sealed batches, files of the bank.
"""

from sqlalchemy import func, or_, select

from fund.domain import access, errors, rules
from fund.services.context import Context
from fund.services.landlords.contacts import forget_changes
from fund.services.statements.links import forget_landlord
from fund.store.queries import AnyRow
from fund.store.tables import BankAccount, BankLine, Contribution, Landlord, Lease, Payment, Posting, table
from ledger import accounts

_landlord, _account, _lease = table(Landlord), table(BankAccount), table(Lease)
_contribution, _posting = table(Contribution), table(Posting)
_line, _payment = table(BankLine), table(Payment)

_SHOWN = (
    _landlord.c.code,
    _landlord.c.erasure_asked_by,
    _landlord.c.erasure_asked_on,
    _landlord.c.erased_by,
    _landlord.c.erased_on,
)
_UNFINISHED = ("proposed", "held", "approved", "ordered")


def ask_erasure(context: Context, landlord: str) -> None:
    """The finance office says that a landlord's data is needed no more. Raises ``StillNeeded``."""
    context.actor.must_be(*access.FINANCE)
    context.get(Landlord, landlord)
    _check_not_needed(context, landlord)
    values = {"erasure_asked_by": context.actor.code, "erasure_asked_on": context.day}
    waiting = (_landlord.c.code == landlord, _landlord.c.erased_on.is_(None))
    if context.run(_landlord.update().where(*waiting).values(**values)).rowcount != 1:
        raise errors.AlreadyExists("erasure", landlord)


def erase_landlord(context: Context, landlord: str) -> None:
    """Forget name, tax code, addresses and IBANs, as another person than the one who asked for it.

    Nothing more is sent to the landlord, no link opens, and a change that waits for its approver is withdrawn.

    Raises ``StillNeeded`` while money is owed or a contract runs, and where nobody asked; ``SamePerson``.
    """
    context.actor.must_be(access.ADMIN)
    row = context.get(Landlord, landlord)
    if row.erasure_asked_by is None:
        raise errors.StillNeeded(landlord, "not-asked")
    rules.check_two_people("landlord", landlord, row.erasure_asked_by, context.actor.code)
    _check_not_needed(context, landlord)
    nothing = dict.fromkeys(("name", "tax_code", "email", "contact", "rf_reference"))
    waiting = (_landlord.c.code == landlord, _landlord.c.erased_on.is_(None))
    done = {"erased_by": context.actor.code, "erased_on": context.day}
    if context.run(_landlord.update().where(*waiting).values(**nothing, **done)).rowcount != 1:
        raise errors.AlreadyExists("erasure", landlord)
    forget_landlord(context, landlord)
    forget_changes(context, landlord)
    _forget_movements(context, landlord)
    context.run(_account.update().where(_account.c.landlord == landlord).values(iban=None))


def _forget_movements(context: Context, landlord: str) -> None:
    """Whoever stands on the other side of the bank's lines that speak of the landlord."""
    own = select(_account.c.iban).where(_account.c.landlord == landlord, _account.c.iban.is_not(None))
    paid = (
        select(_payment.c.code)
        .join(_contribution, _contribution.c.id == _payment.c.contribution_id)
        .where(_contribution.c.landlord == landlord)
    )
    about = or_(_line.c.counterparty_iban.in_(own), _line.c.payment.in_(paid), _line.c.resolved_to.in_(paid))
    other_side = dict.fromkeys(("counterparty_name", "counterparty_iban", "remittance", "reason_text"))
    context.run(_line.update().where(about).values(**other_side))


def read_erasure(context: Context, landlord: str) -> AnyRow:
    """Who asked for a landlord's erasure, who carried it out, and when; nothing personal."""
    context.actor.must_be(*access.ROLES)
    context.get(Landlord, landlord)
    return context.run(select(*_SHOWN).where(_landlord.c.code == landlord)).one()


def list_erasures(context: Context) -> list[AnyRow]:
    """Every erasure that was asked for, those that wait first."""
    context.actor.must_be(*access.FINANCE, access.ADMIN)
    asked = select(*_SHOWN).where(_landlord.c.erasure_asked_by.is_not(None))
    return list(context.run(asked.order_by(_landlord.c.erased_on.is_not(None), _landlord.c.code)))


def _check_not_needed(context: Context, landlord: str) -> None:
    mine = (_contribution.c.landlord == landlord, _contribution.c.state.in_(_UNFINISHED))
    owed = (f"{accounts.LANDLORDS}:{landlord}", f"{accounts.RECOVERY}:{landlord}")
    balances = select(func.sum(_posting.c.amount_cents).label("cents")).where(_posting.c.account.in_(owed))
    open_balance = balances.group_by(_posting.c.account).having(func.sum(_posting.c.amount_cents) != 0)
    if context.run(select(_contribution.c.id).where(*mine)).first() or context.run(open_balance).first():
        raise errors.StillNeeded(landlord, "money-owed")
    runs_on = or_(_lease.c.ends_on.is_(None), _lease.c.ends_on >= context.day)
    if context.run(select(_lease.c.id).where(_lease.c.landlord == landlord, runs_on)).first() is not None:
        raise errors.StillNeeded(landlord, "lease-running")
