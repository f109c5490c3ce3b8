"""What people say of open lines: one alone of a little, two of more, and every line has a way into the books."""

from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.bank_views import BankFileView
from fund.domain.lists import Resolution
from fund.domain.views import StatementView
from fund.services.banking import open_items, reconciliation, resolutions, treasury
from fund.services.context import Context
from fund.services.desk import proposals, tasks
from fund.services.money import money
from fund.services.payouts import payments
from fund.services.statements import statements
from fund.store import journal
from fund.store.projections.erasure import files_about
from fund.store.tables import Landlord
from ledger.entries import Entry
from tests.examples import first_of
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office, add_household
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.banking.test_bank_formats import TREASURY
from tests.fund.services.books.test_verification import rebuilt_from

FIRST, SECOND = "PAY-2022-03-0001", "PAY-2022-03-0002"
PAID = Moved(-45_000, FIRST, IBANS["L0001"]), Moved(-40_000, SECOND, IBANS["L0002"])
OPENING = 1_000_000


@pytest.fixture
def sent(any_sent: Office) -> Office:
    """March is with the bank, on each engine."""
    return any_sent


def taken(office: Office, opening_cents: int, *moved: Moved, number: int = 1, day: str = "2022-03-07") -> BankFileView:
    return office.import_file(statement(number, opening_cents, *moved, day=day), f"camt-{number}.xml")


def propose(office: Office, view: BankFileView, ordinal: int, to: Resolution, key: str) -> int:
    made = office.prepare(resolutions.match_line, view.sha256, ordinal, to=to, key=key)
    assert made.proposal is not None
    return made.proposal


def proposal(office: Office, number: int) -> tuple[str, str | None]:
    view = office.ask(office.auditor, proposals.read_proposal, number)
    return view.state, view.reason


def states(office: Office) -> dict[str, str]:
    return {row.code: row.state for row in office.ask(office.auditor, payments.list_payments)}


def entries(office: Office, kind: str) -> list[Entry]:
    with office.app.database.read() as session:
        return [entry for entry in journal.read_entries(session, []) if entry.kind == kind]


def waiting(office: Office) -> dict[int, int | None]:
    return {one.line.ordinal: one.proposal for one in office.ask(office.auditor, open_items.list_open_items)}


def agrees(office: Office, *differences: str) -> None:
    """Books and database agree, and every cent between bank and books has a name."""
    assert office.findings() == ()
    shown = office.ask(office.auditor, reconciliation.reconcile)
    assert ([part.kind for part in shown.differences], shown.is_settled) == (list(differences), True)


@pytest.mark.first
def test_a_match_of_more_than_a_little_waits_for_another_person(sent: Office) -> None:
    view = taken(sent, OPENING, Moved(-45_000, iban=IBANS["L0001"]), PAID[1])
    number = propose(sent, view, 1, Resolution.PAYMENT, FIRST)
    assert (states(sent)[FIRST], waiting(sent)) == ("sent", {1: number}), "nothing is booked yet"
    facts = sent.ask(sent.approver, proposals.read_proposal, number).facts
    assert {name: facts[name] for name in ("amount", "bank_date", "resolution", "key", "charges", "books")} == {
        "amount": "-450.00",
        "bank_date": "2022-03-07",
        "resolution": "payment",
        "key": FIRST,
        "charges": "",
        "books": "settlement",
    }
    with pytest.raises(errors.NotPermitted):
        sent.confirm(number, by=sent.preparer)
    with pytest.raises(errors.ProposalWaits):
        propose(sent, view, 1, Resolution.PAYMENT, FIRST)
    sent.confirm(number)
    assert (states(sent)[FIRST], waiting(sent)) == ("settled", {})
    (matched,) = entries(sent, "matched")
    assert (matched.prepared_by, matched.approved_by, matched.facts.amount_cents) == ("U02", "U03", 45_000)
    assert {entry.facts.payment: (entry.prepared_by, entry.approved_by) for entry in entries(sent, "settlement")} == {
        FIRST: ("U02", "U03"),
        SECOND: ("U02", None),
    }
    agrees(sent)


@pytest.mark.first
def test_who_approves_may_propose_and_never_confirms_that(sent: Office) -> None:
    view = taken(sent, OPENING, Moved(-45_000, iban=IBANS["L0001"]))
    made = sent.approve(resolutions.match_line, view.sha256, 1, to=Resolution.PAYMENT, key=FIRST)
    with pytest.raises(errors.SamePerson):
        sent.confirm(made.proposal or 0)
    with pytest.raises(errors.NotPermitted):
        sent.approve(resolutions.match_line, view.sha256, 1, to=Resolution.ALLOCATION, key="A01")


@pytest.mark.first
@pytest.mark.parametrize("how", first_of(["rejected", "withdrawn"]))
def test_a_proposal_that_is_turned_down_leaves_the_line_open(sent: Office, how: str) -> None:
    view = taken(sent, OPENING, Moved(-45_000, iban=IBANS["L0001"]))
    number = propose(sent, view, 1, Resolution.PAYMENT, FIRST)
    if how == "rejected":
        sent.approve(proposals.reject_proposal, number, reason="not-verified")
    else:
        sent.prepare(proposals.withdraw_proposal, number)
    assert (proposal(sent, number)[0], waiting(sent), states(sent)[FIRST]) == (how, {1: None}, "sent")
    sent.confirm(propose(sent, view, 1, Resolution.PAYMENT, FIRST))
    assert states(sent)[FIRST] == "settled"


@pytest.mark.first
def test_a_proposal_lapses_when_what_it_names_is_another(sent: Office) -> None:
    """The payment is settled by another line: what was shown as a settlement would be a payment made twice."""
    view = taken(sent, OPENING, Moved(-45_000, iban=IBANS["L0001"]))
    number = propose(sent, view, 1, Resolution.PAYMENT, FIRST)
    taken(sent, OPENING - 45_000, PAID[0], number=2, day="2022-03-08")
    assert (proposal(sent, number), waiting(sent)) == (("lapsed", "subject-changed"), {1: None})
    assert sent.findings() == ()


def test_a_proposal_lapses_when_its_line_is_booked_by_itself(sent: Office) -> None:
    sent.decide(money.propose_allocation, code="A02", granted_on=sent.day, amount_cents=300_000)
    back = Moved(45_000, FIRST, reason="AC04", day="2022-03-09")
    view = taken(sent, OPENING - 85_000, back, number=2, day="2022-03-09")
    number = propose(sent, view, 1, Resolution.ALLOCATION, "A02")
    taken(sent, OPENING, *PAID)
    assert (states(sent)[FIRST], proposal(sent, number)[0], waiting(sent)) == ("returned", "lapsed", {})
    assert sent.findings() == ()


@pytest.mark.first
def test_lines_are_set_aside_together_by_two_people_and_the_small_ones_by_one(sent: Office) -> None:
    view = taken(sent, OPENING, *PAID, Moved(-50_00), Moved(-50_01), Moved(9_900), Moved(12_000))
    places = [(view.sha256, place) for place in (3, 4, 5)]
    made = sent.prepare(resolutions.set_aside_lines, places, reason="other-business")
    assert (made.count, waiting(sent)) == (1, {4: made.proposal, 5: made.proposal, 6: None})
    counted = {task.kind: task.count for task in sent.ask(sent.approver, tasks.waiting_tasks)}
    assert (counted["match-lines"], counted["confirm-proposals"]) == (1, 1)
    facts = sent.ask(sent.approver, proposals.read_proposal, made.proposal or 0).facts
    assert (facts["amount"], facts["reason"], facts["lines"]) == (
        "149.01",
        "other-business",
        f"{view.sha256}/4 {view.sha256}/5",
    )
    with pytest.raises(errors.ProposalWaits):
        sent.prepare(resolutions.set_aside_lines, [(view.sha256, 5), (view.sha256, 6)], reason="other-business")
    with pytest.raises(errors.ProposalWaits):
        sent.decide(money.propose_allocation, code="A02", granted_on=sent.day, amount_cents=300_000)
        propose(sent, view, 5, Resolution.ALLOCATION, "A02")
    sent.confirm(made.proposal or 0)
    assert waiting(sent) == {6: None}
    assert [(entry.facts.amount_cents, entry.approved_by) for entry in entries(sent, "set-aside")] == [
        (50_00, None),
        (50_01, "U03"),
        (9_900, "U03"),
    ]
    sent.set_aside((view.sha256, 6), reason="other-business")
    agrees(sent, *4 * ["set-aside"])


@pytest.mark.first
def test_a_line_that_names_our_payment_is_never_set_aside(sent: Office) -> None:
    """By its reference, in its text, or by the number of its mandate; a charge of the bank may name what it is for."""
    fee, claimed = Moved(-1_50, text=f"COMMISSIONE {FIRST}"), Moved(-44_000, FIRST, IBANS["L0001"])
    credit, other = Moved(300, text=f"rimborso {SECOND}"), Moved(-60_00, text=f"COMMISSIONE {FIRST}")
    view = taken(sent, OPENING, claimed, fee, credit, other, PAID[1])
    for place, reason in (
        (1, "other-business"),
        (1, "bank-charges"),
        (2, "other-business"),
        (3, "bank-error"),
        (4, "bank-charges"),
    ):
        with pytest.raises(errors.LineNamesPayment) as refused:
            sent.prepare(resolutions.set_aside_lines, [(view.sha256, place)], reason=reason)
        assert refused.value.payment == (SECOND if place == 3 else FIRST)
    with pytest.raises(errors.InvalidInput):
        sent.prepare(resolutions.set_aside_lines, [(view.sha256, 3)], reason="bank-charges")
    assert sent.prepare(resolutions.set_aside_lines, [(view.sha256, 2)], reason="bank-charges").count == 1


@pytest.mark.first
@pytest.mark.parametrize("cents", [45_000, 10_00])
def test_what_went_to_a_landlord_is_no_charge_of_the_bank(sent: Office, cents: int) -> None:
    view = taken(sent, OPENING, Moved(-cents, iban=IBANS["L0001"]))
    for say in (
        lambda: propose(sent, view, 1, Resolution.BANK_CHARGES, "CITY"),
        lambda: sent.prepare(resolutions.set_aside_lines, [(view.sha256, 1)], reason="bank-charges"),
    ):
        with pytest.raises(errors.LineDoesNotAgree) as refused:
            say()
        assert refused.value.reason == "of-landlord"


@pytest.mark.first
def test_a_debit_is_two_payments_to_the_cent_and_tells_both(sent: Office) -> None:
    """A second debit of one of them in the same statement is another movement, and a mistake of the bank."""
    view = taken(sent, OPENING, Moved(-85_000), Moved(-84_999))
    both = f"{SECOND} {FIRST}"
    with pytest.raises(errors.LineDoesNotAgree) as refused:
        propose(sent, view, 2, Resolution.PAYMENTS, both)
    assert refused.value.reason == "amount-differs"
    line = sent.match_line(view.sha256, 1, to="payments", key=both)
    assert (line.resolved_as, line.resolved_to) == ("payments", f"{SECOND},{FIRST}")
    assert states(sent) == {FIRST: "settled", SECOND: "settled"}
    sent.set_aside((view.sha256, 2), reason="other-business")
    agrees(sent, "set-aside")


@pytest.mark.first
def test_the_only_two_payments_of_a_debit_are_suggested_and_those_that_it_names(office: Office) -> None:
    office.decide(treasury.propose_treasury, TREASURY)
    add_household(office, "N03", "L0003", rent_cents=30_000, amount_cents=30_000, months=3)
    office.on("2022-03-05").send(str(office.run_month(MARCH).batch))
    third = "PAY-2022-03-0003"
    named = f"affitti {SECOND} {third}"
    taken(office.on("2022-03-10"), OPENING, Moved(-75_000), Moved(-70_000, text=named), Moved(-60_000))
    shown = [one.suggestions for one in office.ask(office.auditor, open_items.list_open_items)]
    assert [[(one.kind, one.key) for one in found if one.kind == "payments"] for found in shown] == [
        [("payments", f"{FIRST},{third}")],
        [("payments", f"{SECOND},{third}")],
        [],
    ]


def test_two_payments_that_come_back_as_one_and_are_named_are_suggested_together(sent: Office) -> None:
    taken(sent, OPENING, *PAID)
    back = Moved(85_000, text=f"storno {SECOND} e {FIRST}", day="2022-03-08")
    view = taken(sent, OPENING - 85_000, back, number=2, day="2022-03-08")
    (shown,) = sent.ask(sent.auditor, open_items.list_open_items)
    assert (shown.suggestions[0].kind, shown.suggestions[0].key) == ("payments", f"{FIRST},{SECOND}")
    sent.match_line(view.sha256, 1, to="payments", key=f"{FIRST},{SECOND}")
    assert set(states(sent).values()) == {"returned"}
    agrees(sent)


@pytest.mark.parametrize("to", ["payments", "batch"])
def test_what_one_line_of_a_statement_pays_another_line_of_it_pays_once_more(sent: Office, to: str) -> None:
    view = taken(sent, OPENING, Moved(-85_000), Moved(-45_000, iban=IBANS["L0001"]))
    key = "BAT-2022-0001" if to == "batch" else f"{FIRST},{SECOND}"
    sent.match_line(view.sha256, 1, to=to, key=key)
    line = sent.match_line(view.sha256, 2, to="payment", key=FIRST)
    assert line.matching == "paid-twice"
    taken(sent, OPENING - 130_000, Moved(45_000, FIRST, reason="AM05", day="2022-03-08"), number=2, day="2022-03-08")
    assert (states(sent)[FIRST], waiting(sent)) == ("settled", {})
    agrees(sent)


def facts_of(office: Office, number: int) -> dict[str, str]:
    """What the person who confirms is shown."""
    return dict(office.ask(office.approver, proposals.read_proposal, number).facts)


@pytest.mark.first
def test_a_line_that_names_two_payments_is_both_and_not_one_of_them(sent: Office) -> None:
    """Taken for one of them, of another amount, it claimed the money of the other, which stayed ordered."""
    both = Moved(-85_200, text=f"{FIRST} {SECOND}")
    view = taken(sent, OPENING, both)
    (item,) = sent.ask(sent.auditor, open_items.list_open_items)
    assert [(one.kind, one.key) for one in item.suggestions] == [("payments", f"{FIRST},{SECOND}")]
    for to in (Resolution.OTHER_AMOUNT, Resolution.PAYMENT):
        with pytest.raises(errors.LineDoesNotAgree) as refused:
            propose(sent, view, 1, to, FIRST)
        assert refused.value.reason == ("names-another" if to is Resolution.OTHER_AMOUNT else "amount-differs")
    sent.confirm(propose(sent, view, 1, Resolution.PAYMENTS, f"{FIRST},{SECOND}"))
    assert set(states(sent).values()) == {"settled"}
    agrees(sent)


def test_a_little_more_than_one_of_two_payments_that_it_names_is_neither(sent: Office) -> None:
    view = taken(sent, OPENING, Moved(-45_100, text=f"{FIRST} {SECOND}"), Moved(-45_000, text=f"{FIRST} {SECOND}"))
    with pytest.raises(errors.LineDoesNotAgree) as refused:
        propose(sent, view, 1, Resolution.PAYMENT, FIRST)
    assert refused.value.reason == "names-another"
    sent.confirm(propose(sent, view, 2, Resolution.PAYMENT, FIRST))
    assert states(sent) == {FIRST: "settled", SECOND: "sent"}, "of its amount it may be one that it names"


@pytest.mark.first
def test_who_confirms_is_told_what_is_not_as_ordered_and_what_the_bank_will_owe(sent: Office) -> None:
    early = Moved(-40_000, SECOND, OTHER_IBAN, day="2022-03-04")
    view = taken(sent, OPENING, Moved(-60_000, FIRST), early)
    facts = facts_of(sent, propose(sent, view, 1, Resolution.OTHER_AMOUNT, FIRST))
    assert (facts["books"], facts["mistaken"], facts["differs"]) == ("settlement", "150.00", "")
    facts = facts_of(sent, propose(sent, view, 2, Resolution.PAYMENT, SECOND))
    assert (facts["books"], facts["mistaken"], facts["differs"]) == ("settlement", "", "iban-differs,before-order")


def test_several_payments_made_twice_by_one_debit_stay_open_until_all_of_it_came_back(sent: Office) -> None:
    view = taken(sent, OPENING, *PAID, Moved(-85_000))
    sent.match_line(view.sha256, 3, to="payments", key=f"{FIRST} {SECOND}")
    assert waiting(sent) == {3: None}
    first, second = (
        Moved(45_000, FIRST, reason="AM05", day="2022-03-08"),
        Moved(40_000, SECOND, reason="AM05", day="2022-03-09"),
    )
    taken(sent, OPENING - 170_000, first, number=2, day="2022-03-08")
    assert waiting(sent) == {3: None}
    taken(sent, OPENING - 125_000, second, number=3, day="2022-03-09")
    assert (set(states(sent).values()), waiting(sent)) == ({"settled"}, {})
    agrees(sent)


def test_a_credit_returns_two_payments(sent: Office) -> None:
    taken(sent, OPENING, *PAID)
    view = taken(sent, OPENING - 85_000, Moved(85_000, day="2022-03-08"), number=2, day="2022-03-08")
    sent.match_line(view.sha256, 1, to="payments", key=f"{FIRST} {SECOND}")
    assert set(states(sent).values()) == {"returned"}
    agrees(sent)


def test_a_debit_before_its_order_is_a_payment_if_two_people_say_so(sent: Office) -> None:
    view = taken(sent, OPENING, Moved(-45_000, FIRST, IBANS["L0001"], day="2022-03-01"), day="2022-03-01")
    assert [line.matching for line in view.lines] == ["date-impossible"]
    sent.confirm(propose(sent, view, 1, Resolution.PAYMENT, FIRST))
    assert states(sent)[FIRST] == "settled"
    assert sent.findings() == ()


def drawn_for(office: Office, landlord: str) -> StatementView:
    def draw(context: Context) -> StatementView:
        known = context.get(Landlord, landlord)
        return statements.draw_view(context, context.fund(), known, number="EC-1", first=MARCH, last=MARCH)

    return office.ask(office.preparer, draw)


def owed(office: Office) -> None:
    """March of N01 came back, and is owed without an order."""
    taken(office, OPENING, *PAID)
    taken(office, OPENING - 85_000, Moved(45_000, FIRST, reason="AC04", day="2022-03-08"), number=2, day="2022-03-08")


@pytest.mark.first
def test_a_month_that_the_treasurer_paid_without_an_order_is_regularised_by_two_people(sent: Office) -> None:
    owed(sent)
    debit = Moved(-45_000, text="pagamento urgente", iban=OTHER_IBAN, day="2022-03-09")
    view = taken(sent, OPENING - 40_000, debit, number=3, day="2022-03-09")
    (item,) = sent.ask(sent.auditor, open_items.list_open_items)
    assert ("regularisation", "N01-2022-03") in {(one.kind, one.key) for one in item.suggestions}
    number = propose(sent, view, 1, Resolution.REGULARISATION, "N01-2022-03")
    sent.confirm(number)
    months = {row.household: row.state for row in sent.contributions(month=str(MARCH))}
    assert months == {"N01": "settled", "N02": "settled"}
    (entry,) = entries(sent, "regularisation")
    assert (entry.prepared_by, entry.approved_by, entry.facts.place, entry.facts.evidence) == (
        "U02",
        "U03",
        1,
        view.sha256,
    )
    assert sent.balances().fund.paid_cents == 85_000
    with pytest.raises(errors.NothingToPay):
        sent.prepare(payments.prepare_batch)
    drawn = drawn_for(sent, "L0001")
    assert (drawn.paid_cents, drawn.owed_cents, drawn.lines[0].state) == (45_000, 0, "settled")
    agrees(sent)


def test_the_books_alone_give_back_what_was_matched_and_regularised(sent: Office, tmp_path: Path) -> None:
    view = taken(sent, OPENING, Moved(-85_000))
    sent.match_line(view.sha256, 1, to="payments", key=f"{FIRST},{SECOND}")
    back = Moved(45_000, FIRST, reason="AC04", day="2022-03-08")
    taken(sent, OPENING - 85_000, back, number=2, day="2022-03-08")
    debit = taken(sent, OPENING - 40_000, Moved(-45_000, day="2022-03-09"), number=3, day="2022-03-09")
    sent.match_line(debit.sha256, 1, to="regularisation", key="N01-2022-03")
    again = rebuilt_from(sent, tmp_path / "again")
    assert [row.state for row in again.contributions(month=str(MARCH))] == ["settled", "settled"]
    assert again.balances().fund.paid_cents == sent.balances().fund.paid_cents == 85_000
    assert again.findings() == ()
    again.close()


def test_an_erasure_finds_the_line_that_is_several_payments(sent: Office) -> None:
    view = taken(sent, OPENING, Moved(-85_000, text="affitti"))
    sent.match_line(view.sha256, 1, to="payments", key=f"{FIRST},{SECOND}")
    with sent.app.database.read() as session:
        found = {code: files_about(session, code) for code in IBANS}
    assert found == {"L0001": [view.sha256], "L0002": [view.sha256], "L0003": []}


@pytest.mark.first
def test_only_a_month_that_is_owed_so_is_regularised(sent: Office) -> None:
    back = Moved(45_000, FIRST, reason="AC04", day="2022-03-10")
    debits = [Moved(-45_000, day="2022-03-09"), Moved(-44_999, day="2022-03-09"), Moved(45_000, day="2022-03-09")]
    taken(sent, OPENING, *PAID)
    view = taken(sent, OPENING - 85_000, *debits, number=2, day="2022-03-09")
    for place, key, reason in (
        (1, "N01-2022-03", "month-not-owed"),
        (3, "N01-2022-03", "month-not-regularised"),
        (1, "N01-2022-04", "month-not-owed"),
    ):
        with pytest.raises(errors.LineDoesNotAgree) as refused:
            propose(sent, view, place, Resolution.REGULARISATION, key)
        assert refused.value.reason == reason
    with pytest.raises(errors.NotFound):
        propose(sent, view, 1, Resolution.REGULARISATION, "N01")
    taken(sent, OPENING - 129_999, back, number=3, day="2022-03-10")
    with pytest.raises(errors.LineDoesNotAgree) as refused:
        propose(sent, view, 2, Resolution.REGULARISATION, "N01-2022-03")
    assert refused.value.reason == "amount-differs"


@pytest.mark.first
def test_a_debit_is_an_approved_repayment_to_the_funder(sent: Office) -> None:
    sent.decide(money.propose_repayment, amount_cents=20_000)
    view = taken(sent, OPENING, *PAID, Moved(-20_000, text="Restituzione"), Moved(-19_999))
    suggested = [one.suggestions for one in sent.ask(sent.auditor, open_items.list_open_items)]
    assert [(one.kind, one.key) for one in suggested[0]] == [("repayment", "1")]
    with pytest.raises(errors.LineDoesNotAgree):
        propose(sent, view, 4, Resolution.REPAYMENT, "1")
    line = sent.match_line(view.sha256, 3, to="repayment", key="1")
    (entry,) = entries(sent, "repayment-paid")
    assert (line.resolved_as, line.resolved_to) == ("entry", str(entry.seq))
    with pytest.raises(errors.StateNotAllowed):
        propose(sent, view, 4, Resolution.REPAYMENT, "1")
    sent.set_aside((view.sha256, 4), reason="other-business")
    agrees(sent, "set-aside")
