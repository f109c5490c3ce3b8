"""One small fund, in which each event of the table happens at least once."""

from dataclasses import replace
from datetime import date

from ledger import events
from ledger.acts import banking as banking_acts
from ledger.acts import books as book_acts
from ledger.acts import households as household_acts
from ledger.acts import landlords as landlord_acts
from ledger.acts import money as money_acts
from ledger.acts import payouts as payout_acts
from ledger.acts import statements as statement_acts
from ledger.acts import users as user_acts
from ledger.acts.households import Admitted, LeaseRef
from ledger.acts.landlords import AccountRef, CallBack
from ledger.acts.money import AgreedTerms, Window, write_thresholds
from ledger.acts.payouts import RunMonth
from ledger.chain import extend
from ledger.codes import SYSTEM
from ledger.entries import Draft
from ledger.events import BankFact, BankLineFact, PaymentRef
from ledger.formula import Term, write_formula
from ledger.months import Month, month_range
from ledger.position import Position, closing_balances
from ledger.reader import record_of
from tests.ledger.histories import EVIDENCE, FUND, KEY_CHECK, PREPARER, fingerprint_of
from tests.ledger.kit import alone, on
from tests.ledger.people import added, alone_by, coming_and_going, person, proposed, users

APRIL, MAY, JUNE, JULY = month_range(Month(2022, 4), 4)
WINDOW = Window(activities_end=date(2023, 12, 2), target_months=20, cap_months=20)
THRESHOLDS = [(date(2008, 3, 29), 1_000_000), (date(2018, 3, 1), 500_000)]
TERMS = AgreedTerms(5, 2, "optional", 15, write_thresholds(THRESHOLDS), KEY_CHECK)


def booked(day: str, reason: str | None = None) -> BankFact:
    return BankFact(date.fromisoformat(day), EVIDENCE, reason)


def beginning() -> list[Draft]:
    """A fund with 3 months for N01 (cap 3), which rents of L0001, and none yet for N02, whose money has come."""
    return [
        events.agreement(
            alone_by("2022-03-01", SYSTEM),
            fund=FUND,
            signed_on=date(2022, 3, 1),
            window=WINDOW,
            pay_day=5,
            cooling_off_days=2,
            key_check=KEY_CHECK,
        ),
        *users("2022-03-01"),
        *added("2022-03-01", "U01", role="finance-preparer"),
        *added("2022-03-01", "U02", "U03"),
        *added("2022-03-01", PREPARER, role="finance-preparer"),
        money_acts.terms(on("2022-03-01"), TERMS),
        banking_acts.document_received(alone("2022-03-01"), evidence=EVIDENCE, size=1_234),
        *registered("L0001"),
        *registered("L0002"),
        *admitted(Admitted("N01", 3, person("N01"))),
        *admitted(Admitted("N02", 20, person("N02"))),
        allocated("2022-03-04", "A01", 500_000),
        events.collection(on("2022-03-10"), allocation="A01", amount_cents=400_000, bank_date=date(2022, 3, 9)),
        events.commitment(on("2022-03-20"), household="N01", months=dict.fromkeys((APRIL, MAY, JUNE), 45000)),
        lease_of(LEASE),
        decided_for("N01", APRIL, 3),
    ]


def allocated(day: str, code: str, cents: int) -> Draft:
    granted_on = date.fromisoformat(day)
    return events.allocation(on(day), allocation=code, granted_on=granted_on, amount_cents=cents, evidence=EVIDENCE)


LEASE = LeaseRef("N01", 1)


def decided_for(household: str, month: Month, months: int | None = None, cents: int = 45000) -> Draft:
    """The contribution that two people decide."""
    return household_acts.contribution_decided(
        on("2022-03-21"), household=household, month=month, months=months, amount_cents=cents
    )


def lease_of(ref: LeaseRef, by: str = "U01") -> Draft:
    """A lease with L0001, as a user records it."""
    return household_acts.lease(
        on("2022-03-21", by, None),
        ref,
        landlord="L0001",
        since=date(2022, 3, 1),
        until=None,
        rent_cents=50000,
        fingerprint=fingerprint_of(ref.household, ref.number, "contract"),
    )


def admitted(of: Admitted, day: str = "2022-03-03") -> list[Draft]:
    """A household that one person proposes and another confirms."""
    proposal = household_acts.admission_proposed(alone(day), of)
    return [proposal, household_acts.admission(on(day), of, evidence=EVIDENCE)]


def account(landlord: str = "L0001", version: int = 1) -> AccountRef:
    return AccountRef(landlord, version, fingerprint_of(landlord, version))


def key_changed(day: str, drafts: list[Draft]) -> Draft:
    """Another key, under which the accounts of L0001 have other fingerprints; L0002 is erased."""
    proposed = [draft.facts for draft in drafts if (draft.kind, draft.facts.landlord) == ("account-proposed", "L0001")]
    renewed = {str(facts.fingerprint): fingerprint_of("new key", facts.account or 0) for facts in proposed}
    return user_acts.key_changed(on(day, "U98", "U99"), key_check=fingerprint_of("new key", 0), renewed=renewed)


def registered(landlord: str) -> list[Draft]:
    """A landlord with a name, a contact and an account that another person confirmed."""
    name, contact = (fingerprint_of(landlord, 1, what) for what in ("name", "contact"))
    return [
        landlord_acts.registration(alone("2022-03-02"), landlord=landlord, fingerprint=person(landlord)),
        landlord_acts.landlord_name(alone("2022-03-02"), landlord=landlord, fingerprint=name),
        landlord_acts.landlord_contact(alone("2022-03-02"), landlord=landlord, contact=1, fingerprint=contact),
        landlord_acts.landlord_email(alone("2022-03-02"), landlord=landlord, fingerprint=name),
        landlord_acts.landlord_reference(alone("2022-03-02"), landlord=landlord, fingerprint=contact),
        landlord_acts.account_proposed(alone("2022-03-02"), account(landlord)),
        landlord_acts.account_confirmed(on("2022-03-02"), account(landlord), usable_from=date(2022, 3, 2)),
    ]


def issued(place: int, landlord: str = "L0001") -> Draft:
    """A statement, the so-many-eth of its year."""
    number = f"EC-2022-{place:04d}"
    return statement_acts.statement_issued(
        alone("2022-07-28"), landlord=landlord, statement=number, evidence=EVIDENCE, fingerprint=KEY_CHECK
    )


def approve(
    day: str, month: Month = APRIL, cents: int = 45000, formula: str | None = None, lot: int = 45000, lease: int = 1
) -> Draft:
    return events.approval(
        on(day),
        household="N01",
        lease=lease,
        landlord="L0001",
        month=month,
        amount_cents=cents,
        lot_cents=lot,
        formula=formula,
    )


def payment(number: int, month: Month = APRIL, cents: int = 45000, landlord: str = "L0001") -> PaymentRef:
    return PaymentRef(f"PAY-2022-05-{number:04d}", "N01", landlord, month, cents)


def order(day: str, ref: PaymentRef, version: int = 1) -> Draft:
    return events.order(on(day), ref, batch="BAT-2022-0001", account=version, evidence=EVIDENCE)


def prepared(day: str, batch: str = "BAT-2022-0001") -> Draft:
    """A batch beside the runs."""
    return payout_acts.batch_prepared(alone_by(day, PREPARER), batch=batch, fingerprint=KEY_CHECK)


def sealed(day: str, batch: str = "BAT-2022-0001", by: str = PREPARER) -> Draft:
    """A batch is sealed as the one file of this fund."""
    return payout_acts.sealed(on(day, by), batch=batch, evidence=EVIDENCE, fingerprint=KEY_CHECK)


def with_runs(drafts: list[Draft]) -> list[Draft]:
    """The drafts, with a run of its own for each approval: of the first month from its day on that has none; and with
    the preparation and the seal of a batch before its first order.
    """
    made: list[Draft] = []
    opened: set[Month | None] = set()
    for draft in drafts:
        if draft.kind == "order" and not any(one.kind == "sealed" for one in made):
            made += [prepared(str(draft.date)), sealed(str(draft.date))]
        if draft.kind == "approval":
            run = next(month for month in month_range(Month.of(draft.date), 99) if month not in opened)
            made += run_of(run, str(draft.date))
        opened |= {one.facts.run for one in (*made[-3:], draft) if one.kind == "run-opened"}
        made.append(draft)
    return made


def run_of(run: Month, day: str, months: int = 1) -> list[Draft]:
    """A run that is opened, proposed and approved."""
    return [
        payout_acts.run_opened(alone_by(day, SYSTEM), run=run),
        payout_acts.run_proposed(alone(day), run=run, fingerprint=KEY_CHECK),
        payout_acts.run_approved(on(day), run=run, fingerprint=KEY_CHECK, months=months),
    ]


def a_run_with_second_thoughts() -> list[Draft]:
    """The run of June 2022, whose one month is held, resumed and excluded."""
    listed = RunMonth(JUNE, "N01", JUNE)
    without = replace(listed, fingerprint=fingerprint_of("none", 0, "list"))
    return [
        payout_acts.run_opened(alone_by("2022-06-01", SYSTEM), run=JUNE),
        payout_acts.hold(alone("2022-06-01"), listed, reason="not-verified"),
        payout_acts.resumption(alone("2022-06-02"), listed),
        payout_acts.run_proposed(alone("2022-06-02"), run=JUNE, fingerprint=KEY_CHECK),
        payout_acts.run_changed(alone("2022-06-02"), run=JUNE, fingerprint=fingerprint_of("N01", 1, "list")),
        payout_acts.hold(alone("2022-06-02"), without, reason="not-verified"),
        payout_acts.exclusion(alone("2022-06-02"), listed, reason="not-due"),
    ]


def paid(day: str = "2022-04-10") -> list[Draft]:
    """April approved, ordered and settled."""
    ref = payment(1)
    return [approve(day), order(day, ref), events.settlement(alone(day), ref, booked(day))]


def regularised(day: str, month: Month = APRIL, cents: int = 45000, landlord: str = "L0001") -> Draft:
    """The treasurer paid a month without an order."""
    line = BankLineFact(date.fromisoformat(day), EVIDENCE, 3)
    return events.regularisation(on(day), line, household="N01", landlord=landlord, month=month, amount_cents=cents)


def regularised_back(day: str, month: Month = APRIL, cents: int = 45000, landlord: str = "L0001") -> Draft:
    """What the treasurer paid of a month without an order came back."""
    line = BankLineFact(date.fromisoformat(day), EVIDENCE, 4)
    return events.regularisation_undone(
        on(day), line, household="N01", landlord=landlord, month=month, amount_cents=cents
    )


def charged(day: str, cents: int = 300, evidence: str = EVIDENCE) -> Draft:
    """The bank kept charges."""
    return events.charge(alone(day), BankLineFact(date.fromisoformat(day), evidence, 5), amount_cents=cents)


def made_good(cents: int = 300, day: str = "2022-04-23") -> Draft:
    """The city gave back what the bank kept."""
    line = BankLineFact(date.fromisoformat(day), EVIDENCE, 6)
    return events.charge_undone(alone(day), line, amount_cents=cents)


def overpaid(day: str = "2022-04-20", cents: int = 5000, month: Month = APRIL, landlord: str = "L0001") -> Draft:
    return events.overpayment(
        on(day), household="N01", landlord=landlord, month=month, amount_cents=cents, reason="departure"
    )


def amended(day: str, act_date: str | None = None, **window: object) -> Draft:
    """An act of the city, by default of the same day, changes something of the agreement."""
    made_on = date.fromisoformat(act_date or day)
    after = WINDOW._replace(**window)  # type: ignore[arg-type]
    return money_acts.amendment(on(day), act=f"112/{made_on.year}", act_date=made_on, window=after)


def closing_of(drafts: list[Draft], month: Month, day: str) -> Draft:
    """The closing that is right after these drafts."""
    position = Position()
    for entry in extend([draft for draft in drafts if Month.of(draft.date) <= month]):
        position.judge(record_of(entry))
    balances = closing_balances(month, position.balances, position.positions())
    return events.closing(alone(day), month=month, balances=balances)


def in_parts(ref: PaymentRef) -> list[Draft]:
    """420.00 were ordered: 300.00 are paid, then 130.00, of which 60.00 come back, and 50.00 are paid after all."""

    def part(cents: int) -> PaymentRef:
        return replace(ref, amount_cents=cents)

    return [
        events.settlement(alone("2022-06-10"), part(30000), booked("2022-06-10")),
        events.settlement(alone("2022-06-13"), part(13000), booked("2022-06-13"), mistaken_cents=1000),
        events.returned(alone("2022-06-14"), part(6000), booked("2022-06-14", "AC06"), mistaken_cents=1000),
        events.settlement(alone("2022-06-15"), part(5000), booked("2022-06-15"), owed_cents=5000),
    ]


def whole_story() -> list[Draft]:
    """Every event once or more, to the last cent given back."""
    prorated = write_formula([Term(30000, 10, 30), Term(45000, 20, 30)])
    first, second, third = payment(1, APRIL, 40000), payment(2, APRIL, 40000), payment(3, APRIL, 40000)
    fourth, fifth = payment(4, APRIL, 40000), payment(5, JUNE, 42000)
    drafts = beginning()
    drafts.append(closing_of(drafts, Month(2022, 3), "2022-04-01"))
    drafts += [
        approve("2022-04-05", APRIL, 40000, prorated),
        order("2022-04-06", first),
        events.cancellation(on("2022-04-06"), first, batch="BAT-2022-0001", reason="wrong-account"),
        order("2022-04-07", second),
        events.refusal(alone("2022-04-08"), second, booked("2022-04-08", "AC04")),
        order("2022-04-11", third),
        events.settlement(alone("2022-04-12"), third, booked("2022-04-12")),
        events.returned(alone("2022-04-14"), third, booked("2022-04-14", "AC06")),
        landlord_acts.account_suspended(alone("2022-04-14"), account()),
        landlord_acts.account_proposed(alone("2022-04-15"), account(version=2)),
        landlord_acts.account_rejected(on("2022-04-15"), account(version=2)),
        landlord_acts.account_restored(on("2022-04-15"), account()),
        landlord_acts.key_shown(alone_by("2022-04-15", "U99")),
        landlord_acts.account_proposed(alone("2022-04-16"), account(version=3)),
        landlord_acts.account_confirmed(
            on("2022-04-18"),
            account(version=3),
            usable_from=date(2022, 4, 20),
            call_back=CallBack(date(2022, 4, 18), 1),
        ),
        order("2022-04-20", fourth, 3),
        events.settlement(alone("2022-04-22"), fourth, booked("2022-04-22")),
        events.misexecution(alone("2022-04-22"), fourth, booked("2022-04-22")),
        events.misexecution_undone(alone("2022-04-23"), fourth, booked("2022-04-23")),
        charged("2022-04-23"),
        made_good(),
        events.rescheduling(
            on("2022-04-25"), household="N01", taken={MAY: 45000}, put={JULY: 47000}, reason="rent-increase"
        ),
        household_acts.reproposal(on("2022-04-27"), household="N01"),
        amended("2022-04-28", activities_end=date(2024, 12, 2)),
    ]
    drafts.append(closing_of(drafts, APRIL, "2022-05-02"))
    drafts.append(closing_of(drafts, MAY, "2022-06-01"))
    drafts += [*a_run_with_second_thoughts(), approve("2022-06-03", JUNE)]
    mistaken = list(extend(with_runs(drafts)))[-1]
    drafts.append(events.correction(on("2022-06-04"), mistaken, reason="data-entry"))
    drafts += [
        approve("2022-06-05", JUNE),
        sealed("2022-06-05", "BAT-2022-0003", by="U01"),
        overpaid("2022-06-06", 8000),
        events.recovery(
            alone("2022-06-07"),
            landlord="L0001",
            amount_cents=5000,
            set_off=False,
            bank_date=date(2022, 6, 7),
            evidence=EVIDENCE,
        ),
        events.recovery(on("2022-06-08"), landlord="L0001", amount_cents=3000, set_off=True),
        order("2022-06-09", fifth, 3),
        *in_parts(fifth),
        events.returned(alone("2022-06-16"), fifth, booked("2022-06-16", "AC04")),
        regularised("2022-06-17", JUNE, 42000),
        regularised_back("2022-06-18", JUNE, 2000),
        regularised("2022-06-19", JUNE, 2000),
        events.collection(
            alone("2022-06-20"),
            allocation="A01",
            amount_cents=100_000,
            bank_date=date(2022, 6, 20),
            evidence=EVIDENCE,
        ),
        household_acts.rent(alone("2022-06-21"), LEASE, since=date(2022, 7, 1), rent_cents=52000),
    ]
    drafts.append(closing_of(drafts, JUNE, "2022-07-01"))
    drafts += [
        events.release(on("2022-07-04"), household="N01", months={JULY: 47000}, reason="departure"),
        household_acts.lease_end(alone("2022-07-04"), LEASE, until=date(2022, 6, 30)),
        household_acts.exit_(on("2022-07-04"), household="N01", reason="departure"),
        household_acts.admission_proposed(alone("2022-07-05"), Admitted("N03", 20, person("N03"))),
        household_acts.admission_rejected(alone_by("2022-07-05", "U02"), household="N03"),
        *admitted(Admitted("N04", 20, person("N02"), "other-mistaken"), "2022-07-06"),
        household_acts.identity_corrected(on("2022-07-07"), household="N02", fingerprint=person("N05")),
        household_acts.admission_annulled(on("2022-07-08"), household="N04"),
        events.repayment(on("2022-07-20"), amount_cents=423_000),
        landlord_acts.erasure(on("2022-07-21", "U01", "U98"), landlord="L0002"),
        landlord_acts.erasure(on("2022-07-21", "U01", "U98"), household="N01"),
        events.repayment_paid(on("2022-07-25"), amount_cents=423_000, bank_date=date(2022, 7, 25)),
        banking_acts.treasury(on("2022-07-26"), fingerprint=KEY_CHECK),
        banking_acts.foreign_balance(on("2022-07-26"), bank_date=date(2022, 3, 1), amount_cents=8_000_00),
        banking_acts.bank_rule(on("2022-07-26"), fingerprint=KEY_CHECK),
    ]
    rule = list(extend(with_runs(drafts)))[-1].seq
    drafts += [
        banking_acts.set_aside(
            alone_by("2022-07-26", SYSTEM), evidence=EVIDENCE, place=5, reason="other-business", rule=rule
        ),
        banking_acts.rule_ended(alone("2022-07-26"), entry=rule),
        banking_acts.lines_judged(alone("2022-07-26"), evidence=EVIDENCE, fingerprint=KEY_CHECK),
        banking_acts.matched(alone("2022-07-26"), evidence=EVIDENCE, place=1, payment=fifth.payment),
        banking_acts.matched(
            on("2022-07-26"),
            evidence=EVIDENCE,
            place=4,
            payments=f"{third.payment},{fourth.payment}",
            amount_cents=80000,
        ),
        banking_acts.matched(
            on("2022-07-26"), evidence=EVIDENCE, place=3, household="N01", month=JUNE, amount_cents=42000
        ),
        banking_acts.set_aside(alone("2022-07-26"), evidence=EVIDENCE, place=2, reason="other-business"),
        banking_acts.reopened(alone("2022-07-26"), evidence=EVIDENCE, place=2),
        banking_acts.set_aside(alone("2022-07-26"), evidence=EVIDENCE, place=2, reason="other-business"),
        banking_acts.statement_accepted(alone_by("2022-07-26", "U02"), evidence=EVIDENCE, place=1),
        banking_acts.statement_rejected(alone_by("2022-07-26", "U02"), evidence=EVIDENCE, place=2),
        landlord_acts.payee_check(alone("2022-07-26"), AccountRef("L0001", 1, KEY_CHECK)),
        landlord_acts.tax_check(alone("2022-07-26"), landlord="L0001", fingerprint=KEY_CHECK),
        payout_acts.acknowledgement(alone("2022-07-27"), fingerprint=KEY_CHECK),
        prepared("2022-07-27", "BAT-2022-0002"),
        sealed("2022-07-27", "BAT-2022-0002"),
        prepared("2022-07-27", "BAT-2022-0004"),
        payout_acts.batch_withdrawn(alone_by("2022-07-27", PREPARER), batch="BAT-2022-0004", reason="data-entry"),
        payout_acts.sent(alone("2022-07-27"), batch="BAT-2022-0002"),
        payout_acts.export(alone("2022-07-27"), batch="BAT-2022-0001", evidence=EVIDENCE, fingerprint=KEY_CHECK),
        issued(1),
        book_acts.rebuilt(alone_by("2022-07-28", SYSTEM)),
        *coming_and_going("2022-07-28", "U04"),
        *proposed("2022-07-28", 1),
    ]
    drafts.append(key_changed("2022-07-29", drafts))
    drafts.append(closing_of(drafts, JULY, "2022-08-01"))
    return with_runs(drafts)
