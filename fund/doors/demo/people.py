"""The people of the demo: one user a role, and what each of them does when there is something to do."""

from dataclasses import dataclass

from fund import access
from fund.access import SYSTEM, Actor
from fund.app import App
from fund.doors.transaction import reading, writing
from fund.errors import NothingToPay
from fund.services import payments, runs, users
from fund.store.tables import PaymentBatch, table
from ledger.months import Month

LOGINS = {"admin": access.ADMIN, "preparer": access.PREPARER, "approver": access.APPROVER, "auditor": access.AUDITOR}
"""The demo's users by login, in the order in which they get their codes."""


@dataclass(frozen=True, slots=True)
class People:
    """The actors of the demo."""

    admin: Actor
    preparer: Actor
    approver: Actor
    auditor: Actor


def add_people(app: App, password: str) -> People:
    """Make the demo's users; the first is the admin, who makes the others."""
    actors: dict[str, Actor] = {}
    password_hash = access.hash_password(password)
    for login, role in LOGINS.items():
        with writing(app, actors.get("admin", SYSTEM)) as context:
            code = users.add_user(context, login=login, role=role, password_hash=password_hash)
        actors[login] = Actor(code, role)
    return People(**actors)


def prepare_runs(app: App, people: People) -> None:
    """The preparer puts every open run before the approver."""
    with reading(app, people.preparer) as context:
        waiting = [Month.parse(run.month) for run in runs.list_runs(context) if run.state == "open"]
    for month in sorted(waiting):
        with writing(app, people.preparer) as context:
            runs.propose_run(context, month)


def approve_runs(app: App, people: People) -> None:
    """The approver looks at each proposed run and approves what is shown."""
    with reading(app, people.approver) as context:
        waiting = [Month.parse(run.month) for run in runs.list_runs(context) if run.state == "proposed"]
        shown = [runs.view_run(context, month) for month in sorted(waiting)]
    for run in shown:
        with writing(app, people.approver) as context:
            runs.approve_run(context, run.month, digest=run.digest)


def pay_again(app: App, people: People) -> None:
    """Preparer and approver order what an approval could not: returned payments, and accounts that had to wait."""
    try:
        with writing(app, people.preparer) as context:
            batch = payments.prepare_batch(context)
    except NothingToPay:
        return
    with writing(app, people.approver) as context:
        payments.approve_batch(context, batch.code, digest=batch.digest)


def sealed_batches(app: App, people: People) -> list[tuple[str, bytes]]:
    """The batches that are ready for the bank, with their files."""
    batch = table(PaymentBatch)
    with reading(app, people.approver) as context:
        rows = context.run(batch.select().where(batch.c.state == "sealed").order_by(batch.c.code)).all()
        return [(row.code, bytes(row.file_bytes)) for row in rows]
