"""Whoever the event table does not name for a kind is refused by its use case before anything is written.

Each kind that one person can write has its use cases here, each with the roles that may: together they are the roles of
the table, so that a new kind, or another role of one, is red until it is shown.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from fund.bank.port import Answer, LineOutcome
from fund.bank.register import write_answers
from fund.domain import access, errors
from fund.domain.access import (
    ADMIN,
    APPROVER,
    AUDITOR,
    FINANCE,
    PREPARER,
    ROLES,
    SYSTEM,
    SYSTEM_ROLE,
    UNCONFIRMED,
    Actor,
    Role,
)
from fund.domain.lists import Resolution
from fund.doors.rendering import render_statement
from fund.services.banking import bank_rules, bank_statements, exports, imports, reopening, resolutions
from fund.services.books import closings, persons, rebuilding
from fund.services.books.rebuilding import read_source
from fund.services.context import Context
from fund.services.desk import proposals
from fund.services.households import grants, households, leases
from fund.services.landlords import accounts, checks, contacts, erasure, landlords
from fund.services.money import money, recoveries
from fund.services.payouts import corrections, payments, runs
from fund.services.statements import statements
from fund.services.users import own_ibans, recovery, second_factor, tokens, users
from fund.services.users.users import Founder
from ledger.kind import Kind
from ledger.kinds import KINDS
from tests.examples import first_of
from tests.fund.factor_kit import RECOVERY_CODES, SECRET, code_now
from tests.fund.kit import (
    FUND,
    IBANS,
    MARCH,
    OTHER_IBAN,
    PASSWORD,
    Office,
    accept,
    add_user,
    admit,
    confirm_as_shown,
    new_user,
    propose_landlord,
    tax_code_of,
)
from tests.fund.services.bank_kit import Moved, statement

Use = Callable[[Context], object]
FIRST, OPENING, BATCH = "PAY-2022-03-0001", 1_000_000, "BAT-2022-0001"


@dataclass(frozen=True)
class Case:
    """A use case: the kinds that it books, the roles that may, and what brings an office to where it is done."""

    kinds: tuple[str, ...]
    by: tuple[Role, ...]
    begin: Callable[[Office], Use]
    fixture: str


CASES: list[Case] = []


def books(*kinds: str, by: Iterable[Role], at: str = "office") -> Callable[[Callable[[Office], Use]], object]:
    """A use case that books some kinds, for these roles, in the office of a fixture."""

    def register(begin: Callable[[Office], Use]) -> Callable[[Office], Use]:
        CASES.append(Case(kinds, tuple(by), begin, at))
        return begin

    return register


BROUGHT = (PREPARER, SYSTEM_ROLE)


# Money.


@books("agreement", by=[SYSTEM_ROLE], at="empty_office")
def _(_office: Office) -> Use:
    return lambda context: money.begin_fund(context, **FUND)  # type: ignore[arg-type]


@books("collection", by=[PREPARER])
def _(office: Office) -> Use:
    office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=10_000)
    return lambda context: money.receive(context, allocation="A02", amount_cents=1, bank_date=context.day)


@books("correction", by=FINANCE)
def _(office: Office) -> Use:
    office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=10_000)
    seq = office.record(money.receive, allocation="A02", amount_cents=1)
    return lambda context: corrections.correct_collection(context, seq, reason="data-entry")


def _overpaid(office: Office) -> Office:
    office.on("2022-03-05").pay_month(MARCH)
    office.decide(recoveries.propose_overpayment, contribution=1, amount_cents=10_000, reason="departure")
    return office


@books("recovery", by=FINANCE)
def _(office: Office) -> Use:
    _overpaid(office)
    return lambda context: recoveries.recover(context, landlord="L0001", amount_cents=1, bank_date=context.day)


@books("proposal-made", by=FINANCE)
def _(office: Office) -> Use:
    _overpaid(office)
    return lambda context: recoveries.recover(context, landlord="L0001", amount_cents=6_000, bank_date=context.day)


@books("closing", by=(*FINANCE, SYSTEM_ROLE))
def _(office: Office) -> Use:
    office.on("2022-04-05")
    return closings.close_due_months


# Households.


@books("admission-proposed", "proposal-made", by=BROUGHT)
def _(_office: Office) -> Use:
    return lambda context: households.propose_admission(context, code="N03", tax_code=tax_code_of("N03"))


def _admission(office: Office) -> int:
    return office.prepare(households.propose_admission, code="N03", tax_code=tax_code_of("N03"))


@books("admission-rejected", "proposal-rejected", by=[APPROVER])
def _(office: Office) -> Use:
    number = _admission(office)
    return lambda context: proposals.reject_proposal(context, number, reason="not-due")


@books("admission-rejected", "proposal-withdrawn", by=[PREPARER])
def _(office: Office) -> Use:
    number = _admission(office)
    return lambda context: proposals.withdraw_proposal(context, number)


@books("lease", by=BROUGHT)
def _(office: Office) -> Use:
    admit(office, "N03")
    facts = {"landlord": "L0003", "registration": "REG-3", "starts_on": date(2022, 3, 1), "rent_cents": 50_000}
    return lambda context: leases.add_lease(context, household="N03", **facts)  # type: ignore[arg-type]


@books("rent", by=BROUGHT)
def _(_office: Office) -> Use:
    return lambda context: leases.change_rent(context, 1, since=date(2022, 4, 1), rent_cents=43_000)


@books("lease-end", by=[PREPARER])
def _(_office: Office) -> Use:
    return lambda context: leases.end_lease(context, 1, ends_on=date(2022, 3, 31))


# Landlords.


@books(
    *("registration", "landlord-name", "landlord-contact", "landlord-email", "landlord-reference"),
    *("account-proposed", "proposal-made"),
    by=BROUGHT,
)
def _(_office: Office) -> Use:
    facts = landlords.LandlordFacts(
        code="L0004",
        name="Locatore L0004",
        tax_code=tax_code_of("L0004"),
        email="l0004@example.org",
        contact="+39 0461 000000",
        language="it",
        iban=OTHER_IBAN,
        rf_reference="RF18539007547034",
    )
    return lambda context: landlords.register_landlord(context, facts)


@books("landlord-email", by=[PREPARER])
def _(_office: Office) -> Use:
    return lambda context: contacts.change_correspondence(context, "L0001", email="other@example.org", language="it")


@books("landlord-reference", by=[PREPARER])
def _(_office: Office) -> Use:
    return lambda context: landlords.set_rf_reference(context, "L0001", "RF18539007547034")


def _account(office: Office) -> int:
    return propose_landlord(office, "L0004", OTHER_IBAN, by=office.preparer)


@books("account-confirmed", "proposal-confirmed", by=[APPROVER])
def _(office: Office) -> Use:
    number = _account(office)
    return lambda context: confirm_as_shown(context, number)


@books("account-rejected", by=[APPROVER])
def _(office: Office) -> Use:
    number = _account(office)
    return lambda context: proposals.reject_proposal(context, number, reason="not-due")


@books("account-rejected", by=[PREPARER])
def _(office: Office) -> Use:
    number = _account(office)
    return lambda context: proposals.withdraw_proposal(context, number)


@books("proposal-adopted", by=[PREPARER])
def _(office: Office) -> Use:
    number = propose_landlord(office, "L0004", OTHER_IBAN, by=SYSTEM)
    return lambda context: confirm_as_shown(context, number)


@books("key-shown", by=[ADMIN, AUDITOR])
def _(_office: Office) -> Use:
    return accounts.payees_key


@books("payee-check", "account-suspended", by=FINANCE)
def _(_office: Office) -> Use:
    said = {"result": "RVNM", "reference": "VOP-1"}
    return lambda context: checks.record_payee_check(context, landlord="L0001", checked_on=context.day, **said)


@books("tax-check", by=FINANCE)
def _(_office: Office) -> Use:
    said = {"outcome": "nothing-due", "reference": "48-1"}
    return lambda context: checks.record_tax_check(context, landlord="L0001", checked_on=context.day, **said)


# Payouts.


@books("run-opened", by=BROUGHT)
def _(office: Office) -> Use:
    office.on("2022-03-05")
    return runs.open_due_runs


def _opened(office: Office) -> int:
    office.on("2022-03-05").open_runs()
    return int(office.contributions()[0].id)


@books("run-proposed", by=[PREPARER])
def _(office: Office) -> Use:
    _opened(office)
    return lambda context: runs.propose_run(context, MARCH)


@books("run-proposed", "run-opened", by=[PREPARER])
def _(office: Office) -> Use:
    office.on("2022-03-05")
    return runs.prepare_due_runs


@books("run-changed", by=BROUGHT)
def _(office: Office) -> Use:
    _opened(office)
    office.prepare(runs.propose_run, MARCH)
    return lambda context: leases.change_rent(context, 1, since=date(2022, 3, 1), rent_cents=43_000)


@books("run-changed", by=[APPROVER])
def _(office: Office) -> Use:
    office.on("2022-04-05").open_runs()
    for month in (MARCH, MARCH.plus(1)):
        office.prepare(runs.propose_run, month)
    number = office.prepare(grants.propose_contribution, household="N01", since=MARCH.plus(1), amount_cents=44_000)
    return lambda context: confirm_as_shown(context, number)


@books("hold", by=FINANCE)
def _(office: Office) -> Use:
    month = _opened(office)
    return lambda context: runs.hold_months(context, [month], reason="on-hold")


@books("exclusion", by=FINANCE)
def _(office: Office) -> Use:
    month = _opened(office)
    return lambda context: runs.exclude_months(context, [month], reason="on-hold")


@books("resumption", by=FINANCE)
def _(office: Office) -> Use:
    month = _opened(office)
    office.prepare(runs.hold_months, [month], reason="on-hold")
    return lambda context: runs.resume_months(context, [month], into=MARCH)


@books("acknowledgement", by=[PREPARER])
def _(office: Office) -> Use:
    _opened(office)
    office.prepare(checks.record_payee_check, landlord="L0001", checked_on=office.day, result="RVMC", reference="V1")
    ids = [alert.id for alert in office.prepare(runs.propose_run, MARCH).alerts]
    return lambda context: runs.acknowledge_in_run(context, MARCH, ids, reason="confirmed-by-landlord")


def _owing(office: Office) -> Office:
    office.on("2022-03-05")
    office.approve(payments.cancel_batch, str(office.run_month(MARCH).batch), reason="wrong-amount")
    return office


@books("batch-prepared", by=[PREPARER])
def _(office: Office) -> Use:
    _owing(office)
    return payments.prepare_batch


@books("batch-withdrawn", by=FINANCE)
def _(office: Office) -> Use:
    batch = _owing(office).prepare(payments.prepare_batch).code
    return lambda context: payments.cancel_batch(context, batch, reason="data-entry")


@books("sent", by=FINANCE)
def _(office: Office) -> Use:
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    return lambda context: payments.mark_sent(context, batch)


@books("export", by=FINANCE, at="sent")
def _(_office: Office) -> Use:
    return lambda context: exports.export_batch(context, BATCH, "opi")


# The bank.


@books("document-received", by=FINANCE)
def _(_office: Office) -> Use:
    return lambda context: imports.receive_file(context, name="x.csv", data=b"payment;outcome\n")


TODAY, TOMORROW = "2022-03-10", "2022-03-11"
_PAID = Moved(-45_100, FIRST, IBANS["L0001"], reference="R1", charges_cents=100)
_TWICE = Moved(-45_000, FIRST, IBANS["L0001"], reference="R2")
_REVERSED = Moved(45_000, FIRST, reference="R3", is_reversal=True)
_RETURNED = Moved(45_100, FIRST, reason="AC04", reference="R4", charges_cents=-100)
_TOLD: dict[str, tuple[Moved, ...]] = {
    "settlement": (_PAID,),
    "charge": (_PAID,),
    "misexecution": (_PAID, _TWICE),
    "misexecution-undone": (_PAID, _TWICE, _REVERSED),
    "return": (_PAID, _RETURNED),
    "account-suspended": (_PAID, _RETURNED),
    "charge-undone": (_PAID, _RETURNED),
}


def _file(office: Office, kind: str, day: str) -> bytes:
    """What the bank tells of a day, by which a kind is booked."""
    if kind == "refusal":
        said = Answer(1, FIRST, LineOutcome.REFUSED, 45_000, IBANS["L0001"], date.fromisoformat(day), "AC04")
        return write_answers([said])
    return statement(1, OPENING, *(replace(moved, day=day) for moved in _TOLD[kind]), day=day)


def _told(kind: str) -> None:
    @books(kind, "lines-judged", by=FINANCE, at="sent")
    def _(office: Office) -> Use:
        checksum = office.prepare(imports.receive_file, name="x", data=_file(office, kind, TODAY))
        return lambda context: imports.book_file(context, checksum)

    @books(kind, "lines-judged", by=BROUGHT, at="sent")
    def _(office: Office) -> Use:
        """It is told before its day."""
        office.import_file(_file(office, kind, TOMORROW), "x")
        if kind == "account-suspended":  # as soon as it is told, and once more when it is booked
            office.confirm_account("L0001")
        office.on(TOMORROW)
        return runs.open_due_runs


for _kind in (*_TOLD, "refusal"):
    _told(_kind)


def _line(office: Office, cents: int) -> str:
    return office.import_file(statement(1, OPENING, Moved(cents, text="spese", day=TODAY), day=TODAY), "x").sha256


def _matched(kind: str, cents: int) -> None:
    @books(kind, "matched", by=FINANCE, at="sent")
    def _(office: Office) -> Use:
        if cents > 0:
            office.match_line(_line(office, -cents), 1, to="bank-charges", key="CITY")
            office.on(TOMORROW)
        moved = Moved(cents, text="spese", day=str(office.day), reference="X")
        opening = OPENING - max(cents, 0)
        file = office.import_file(statement(2, opening, moved, day=str(office.day)), "y").sha256
        to = Resolution.BANK_CHARGES
        return lambda context: resolutions.match_line(context, file, 1, to=to, key="CITY")


_matched("charge", -300)
_matched("charge-undone", 300)


@books("set-aside", by=FINANCE, at="sent")
def _(office: Office) -> Use:
    file = _line(office, -300)
    return lambda context: resolutions.set_aside_lines(context, [(file, 1)], reason="other-business")


@books("reopened", by=FINANCE, at="sent")
def _(office: Office) -> Use:
    file = _line(office, -300)
    office.set_aside((file, 1), reason="other-business")
    return lambda context: reopening.reopen_line(context, file, 1)


@books("set-aside", by=FINANCE)
def _(office: Office) -> Use:
    file = office.prepare(imports.receive_file, name="x.csv", data=b"payment;outcome\n")
    return lambda context: imports.set_file_aside(context, file, reason="unreadable")


def _rule(office: Office) -> int:
    office.decide(bank_rules.propose_bank_rule, text="spese")
    return office.ask(office.preparer, bank_rules.list_bank_rules)[0].number


@books("rule-ended", by=FINANCE, at="sent")
def _(office: Office) -> Use:
    number = _rule(office)
    return lambda context: bank_rules.end_bank_rule(context, number)


def _decided(kind: str, *, accept: bool) -> None:
    @books(kind, by=[APPROVER], at="sent")
    def _(office: Office) -> Use:
        office.import_file(_file(office, "settlement", TODAY), "x")
        file = office.import_file(_file(office, "misexecution", TODAY), "y").sha256
        return lambda context: bank_statements.decide_statement(context, file, 1, accept=accept)


_decided("statement-accepted", accept=True)
_decided("statement-rejected", accept=False)


@books("lines-judged", by=[ADMIN])
def _(office: Office) -> Use:
    """An erasure changes what is kept of the lines."""
    office.on("2022-03-05").pay_month(MARCH)
    released = [MARCH.plus(later) for later in range(1, 6)]
    office.decide(grants.propose_release, household="N01", months=released, reason="departure")
    office.decide(households.propose_exit, household="N01", reason="departure")
    office.prepare(leases.end_lease, 1, ends_on=office.day - timedelta(days=1))
    number = office.prepare(erasure.propose_erasure, "L0001")
    return lambda context: confirm_as_shown(context, number)


# Statements and books.


@books("statement-issued", by=(*FINANCE, AUDITOR, SYSTEM_ROLE))
def _(office: Office) -> Use:
    office.on("2022-03-05").pay_month(MARCH)
    of = {"landlord": "L0001", "first": MARCH, "last": MARCH}
    return lambda context: statements.issue_statement(context, render_statement, **of)  # type: ignore[arg-type]


# Users.


def _new(login: str = "other") -> Founder:
    return Founder(new_user(login, PREPARER), f"invitation {login}")


@books("user-created", "invited", "proposal-made", by=[ADMIN])
def _(_office: Office) -> Use:
    new = _new()
    return lambda context: users.add_user(context, new.new, secret=new.secret)


@books("user-created", "invited", "role-granted", by=[SYSTEM_ROLE], at="empty_office")
def _(office: Office) -> Use:
    office.do(SYSTEM, money.begin_fund, **FUND)
    founder = Founder(new_user("first", ADMIN), "invitation first")
    return lambda context: users.found_user(context, founder)


def _waiting_user(office: Office) -> str:
    code = add_user(office, "other", PREPARER)
    accept(office, "other")
    return code


@books("role-granted", "proposal-confirmed", by=[ADMIN, AUDITOR, APPROVER])
def _(office: Office) -> Use:
    _waiting_user(office)
    number = office.newest("confirm-user")
    return lambda context: confirm_as_shown(context, number)


@books("proposal-rejected", by=[ADMIN, AUDITOR, APPROVER])
def _(office: Office) -> Use:
    _waiting_user(office)
    number = office.newest("confirm-user")
    return lambda context: proposals.reject_proposal(context, number, reason="not-due")


@books("proposal-withdrawn", by=[ADMIN])
def _(office: Office) -> Use:
    _waiting_user(office)
    number = office.newest("confirm-user")
    return lambda context: proposals.withdraw_proposal(context, number)


@books("proposal-withdrawn", by=[APPROVER, PREPARER])
def _(office: Office) -> Use:
    facts = {"landlord": "L0001", "amount_cents": 6_000, "bank_date": _overpaid(office).day}
    number = office.approve(recoveries.recover, **facts).proposal
    assert number is not None
    return lambda context: proposals.withdraw_proposal(context, number)


ON_PREPARER: dict[str, Use] = {
    "role-ended": lambda context: users.change_role(context, "pre", APPROVER),
    "user-disabled": lambda context: users.disable_user(context, "pre"),
    "credential-reset": lambda context: users.reset_password(context, "pre", "another secret"),
    "factor-reset": lambda context: second_factor.reset(context, "pre"),
    "identity-linked": lambda context: users.record_identity(context, "pre", "subject"),
    "own-iban": lambda context: own_ibans.set_user_ibans(context, "pre", [OTHER_IBAN]),
    "persons-exported": persons.export_persons,
}


def _by_admin(kind: str) -> None:
    @books(kind, by=[ADMIN])
    def _(_office: Office) -> Use:
        return ON_PREPARER[kind]


for _kind in ON_PREPARER:
    _by_admin(_kind)


@books("credential-set", "token-ended", by=(*ROLES, UNCONFIRMED))
def _(office: Office) -> Use:
    _waiting_user(office)
    for actor in (office.admin, office.preparer, office.approver, office.auditor):
        office.do(actor, _make_token)
    return lambda context: users.change_password(context, present=PASSWORD, new=f"a staple for {context.actor.code}")


def _make_token(context: Context) -> None:
    tokens.create_token(context, token=context.actor.code[1:].rjust(12, "0"), secret=f"secret {context.actor.code}")


@books("factor-set", by=(*ROLES, UNCONFIRMED))
def _(office: Office) -> Use:
    _waiting_user(office)
    for actor in _actors(office).values():
        if actor.role in access.ACCOUNTS:
            office.do(actor, second_factor.begin, office.app.vault, SECRET)
    code = code_now(office)
    return lambda context: second_factor.confirm(context, office.app.vault, code, RECOVERY_CODES)


@books("token-made", by=ROLES)
def _(_office: Office) -> Use:
    return _make_token


@books("token-ended", by=ROLES)
def _(office: Office) -> Use:
    for actor in (office.admin, office.preparer, office.approver, office.auditor):
        office.do(actor, _make_token)
    return lambda context: tokens.revoke_token(context, context.actor.code[1:].rjust(12, "0"))


@books("access-recovered", "invited", "token-ended", "proposal-confirmed", by=[SYSTEM_ROLE])
def _(office: Office) -> Use:
    office.do(office.admin, _make_token)
    founders = [
        Founder(new_user(login, role), f"again {login}") for login, role in (("admin", ADMIN), ("aud", AUDITOR))
    ]
    office.do(SYSTEM, recovery.recover, founders)
    office.at(office.clock.now() + recovery.WAIT + timedelta(hours=1))
    return lambda context: recovery.recover(context, founders)


# The proof.


ELSEWHERE = {
    "rebuilt": "test_only_an_admin_or_the_machine_makes_a_database_of_the_books",
    "proposal-lapsed": "what lapses follows from what changed, in the transaction of whoever may change it",
}
"""Kinds without a use case of their own here."""
BY_RULE = ("set-aside",)
"""Kinds that the service says by a rule of two people, in the transaction of whoever brings the file."""
CONFIRMED = ("account-confirmed", "role-granted", "proposal-confirmed")
"""Kinds that the table lets be of one, and that a confirmation books: their use case asks for those who approve."""
ALONE = [kind for kind in KINDS.values() if not kind.two_people]


def _roles(kind: Kind) -> set[Role]:
    return {*access.preparers(kind.name)}


@pytest.mark.parametrize("kind", ALONE, ids=lambda kind: kind.name)
def test_the_use_cases_of_a_kind_are_for_the_roles_of_the_table(kind: Kind) -> None:
    shown = {role for case in CASES if kind.name in case.kinds for role in case.by}
    if kind.name in ELSEWHERE:
        assert not shown
    elif kind.name in CONFIRMED:
        assert shown <= {*map(access.role_of, kind.approvers)} | {SYSTEM_ROLE}
    else:
        assert shown == _roles(kind) - ({SYSTEM_ROLE} if kind.name in BY_RULE else set())


def _actors(office: Office) -> dict[Role, Actor]:
    """An actor of each role there is; a user who is not confirmed yet is the newest."""
    people = (office.admin, office.preparer, office.approver, office.auditor, SYSTEM)
    found = {actor.role: actor for actor in people}
    return found | {role: Actor(code, role) for role, code in ((UNCONFIRMED, "U05"), (access.LANDLORD, "L0001"))}


@contextmanager
def _writes(office: Office) -> Iterator[list[str]]:
    """The statements that change a table, besides the log of denials."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        verb, _, rest = text.lstrip().partition(" ")
        if verb in ("INSERT", "UPDATE", "DELETE") and not rest.startswith("INTO denial"):
            found.append(text)

    engine = office.app.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "case", first_of(CASES, each=lambda case: case.by), ids=lambda case: f"{case.kinds[0]} by {' '.join(case.by)}"
)
def test_others_are_refused_before_anything_is_written(case: Case, request: pytest.FixtureRequest) -> None:
    office: Office = request.getfixturevalue(case.fixture)
    use = case.begin(office)
    actors, before = _actors(office), len(office.kinds())
    for role in Role:
        if role not in case.by:
            with _writes(office) as written, pytest.raises(errors.NotPermitted):
                office.do(actors[role], use)
            assert written == [], role
    assert len(office.kinds()) == before
    for role in case.by:
        with suppress(errors.FundError):  # another role has done it already
            _not_refused(office, actors[role], use)
    assert {*case.kinds} <= {*office.kinds()[before:]}


def _not_refused(office: Office, actor: Actor, use: Use) -> None:
    try:
        office.do(actor, use)
    except (errors.NotPermitted, errors.IntegrityBroken) as refused:
        pytest.fail(f"{actor.role}: {refused}")


def test_only_an_admin_or_the_machine_makes_a_database_of_the_books(office: Office, empty_office: Office) -> None:
    source = read_source(office.app.settings.books)
    for role, actor in _actors(office).items():
        if role not in _roles(KINDS["rebuilt"]):
            with _writes(empty_office) as written, pytest.raises(errors.NotPermitted):
                empty_office.do(actor, rebuilding.rebuild, source)
            assert written == []
    empty_office.do(SYSTEM, rebuilding.rebuild, source)
    assert empty_office.kinds()[-1] == "rebuilt"
