"""Events that can happen to a fund at random: each adds one valid entry, or reports that it is not possible."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from ledger import accounts as a
from ledger import events
from ledger.acts import households as household_acts
from ledger.acts import landlords as landlord_acts
from ledger.acts import payouts as payout_acts
from ledger.acts.households import Admitted, LeaseRef
from ledger.acts.landlords import AccountRef, CallBack
from ledger.acts.payouts import RunMonth
from ledger.entries import Entry
from ledger.events import BankFact, PaymentRef
from ledger.formula import Term, prorated_cents, write_formula
from ledger.months import Month, month_range
from ledger.stamp import Stamp
from tests.ledger.own_accounts import (
    CAP_MONTHS,
    EVIDENCE,
    KEY_CHECK,
    Accounts,
    Home,
    OpenLease,
    OwedMonth,
    fingerprint_of,
)
from tests.ledger.people import coming_and_going, person, proposed
from tests.ledger.random_acts import decide, seal


def register(history: Accounts) -> bool:
    """A landlord with a name, a contact, and a first account that another person confirms."""
    if len(history.landlords) >= 4:
        return False
    code = _registered(history)
    history.landlords.append(code)
    _propose_account(history, code)
    return _confirm_account(history, code, None)


def _registered(history: Accounts) -> str:
    history.registered += 1
    code = f"L{history.registered:04d}"
    history.add(landlord_acts.registration(history.stamp(two=False), landlord=code, fingerprint=person(code)))
    name, contact = (fingerprint_of(code, 1, what) for what in ("name", "contact"))
    history.add(landlord_acts.landlord_name(history.stamp(two=False), landlord=code, fingerprint=name))
    history.add(landlord_acts.landlord_contact(history.stamp(two=False), landlord=code, contact=1, fingerprint=contact))
    return code


def _propose_account(history: Accounts, code: str) -> None:
    version = history.versions[code] = history.versions.get(code, 0) + 1
    ref = AccountRef(code, version, fingerprint_of(code, version))
    history.proposers[code] = history.add(landlord_acts.account_proposed(history.stamp(two=False), ref)).prepared_by
    history.accounts[code] = ref


def _confirm_account(history: Accounts, code: str, call_back: CallBack | None) -> bool:
    stamp = history.stamp()
    proposer = history.proposers[code]
    other = stamp.prepared_by if stamp.approved_by == proposer else stamp.approved_by
    stamp = replace(stamp, prepared_by=proposer, approved_by=other)
    ref = history.accounts[code]
    history.add(landlord_acts.account_confirmed(stamp, ref, usable_from=history.day, call_back=call_back))
    history.suspended.discard(code)
    return True


def change_account(history: Accounts) -> bool:
    """Another account: rejected, or confirmed after a call-back."""
    if not history.landlords:
        return False
    code = history.random.choice(history.landlords)
    before, proposer = history.accounts[code], history.proposers[code]
    _propose_account(history, code)
    if history.random.random() < 0.5:
        return _confirm_account(history, code, CallBack(history.day, 1))
    history.add(landlord_acts.account_rejected(history.stamp(two=False), history.accounts[code]))
    history.accounts[code], history.proposers[code] = before, proposer
    return True


def suspend_account(history: Accounts) -> bool:
    """A landlord's account is suspended, or the one that was is confirmed again."""
    if not history.landlords:
        return False
    code = history.random.choice(history.landlords)
    if code in history.suspended:
        return _confirm_account(history, code, CallBack(history.day, 1))
    history.suspended.add(code)
    history.add(landlord_acts.account_suspended(history.stamp(two=False), history.accounts[code]))
    return True


def forget(history: Accounts) -> bool:
    """A landlord who never was paid is registered and erased."""
    code = _registered(history)
    history.add(landlord_acts.erasure(replace(history.stamp(), approved_by="U98"), landlord=code))
    return True


def admit(history: Accounts) -> bool:
    if len(history.homes) >= 4:
        return False
    code, cap_months = f"N{len(history.homes) + 1:02d}", history.random.choice([CAP_MONTHS, CAP_MONTHS, 3])
    history.homes[code] = Home(cap_months)
    admitted, stamp = Admitted(code, cap_months, person(code)), history.stamp()
    history.add(household_acts.admission_proposed(replace(stamp, approved_by=None), admitted))
    history.add(household_acts.admission(stamp, admitted, evidence=EVIDENCE))
    return True


def correct_identity(history: Accounts) -> bool:
    """A person's tax code, which is no other person's, was typed wrong."""
    code = history.random.choice(history.homes_open() or [""])
    if not code:
        return False
    fingerprint = fingerprint_of(code, len(history.entries), "person")
    history.add(household_acts.identity_corrected(history.stamp(), household=code, fingerprint=fingerprint))
    return True


def come_to_nothing(history: Accounts) -> bool:
    """A household is proposed and rejected and then erased, or admitted and the admission annulled."""
    if history.strangers == 2:
        return False
    history.strangers += 1
    code = f"N{history.strangers + 100}"
    admitted, stamp = Admitted(code, CAP_MONTHS, person(code)), history.stamp()
    history.add(household_acts.admission_proposed(replace(stamp, approved_by=None), admitted))
    if history.random.random() < 0.5:
        history.add(household_acts.admission_rejected(history.stamp(two=False), household=code))
        history.add(landlord_acts.erasure(replace(history.stamp(), approved_by="U98"), household=code))
        return True
    history.homes[code] = Home(0)
    history.add(household_acts.admission(stamp, admitted))
    history.add(household_acts.admission_annulled(history.stamp(), household=code))
    history.homes[code].exited = history.day
    return True


def allocate(history: Accounts) -> bool:
    code = f"A{len(history.entries):02d}"
    cents = history.random.choice([500_000, 2_500_000, 100_001])
    history.tranches[code] = cents
    facts = {"allocation": code, "granted_on": history.day, "evidence": EVIDENCE}
    history.add(events.allocation(history.stamp(), amount_cents=cents, **facts))
    return True


def receive(history: Accounts) -> bool:
    open_tranches = [code for code, cents in history.tranches.items() if cents]
    if not open_tranches:
        return False
    code = history.random.choice(open_tranches)
    cents = history.amount_cents(history.tranches[code])
    history.tranches[code] -= cents
    history.add(events.collection(history.stamp(), allocation=code, amount_cents=cents, bank_date=history.day))
    return True


def commit(history: Accounts) -> bool:
    codes = [code for code in history.homes_open() if history.homes[code].left]
    if not codes:
        return False
    code = history.random.choice(codes)
    home = history.homes[code]
    count = history.random.randint(1, min(home.left, 6))
    first = Month.of(history.day).plus(history.random.randint(-2, 12))
    months = [month for month in month_range(first, count) if month not in home.lots and month not in home.months]
    lots = {month: history.random.choice([45000, 47000, 45000, 38917, 1]) for month in months}
    if not lots or sum(lots.values()) > history.free_cents:
        return False
    home.lots |= lots
    history.add(events.commitment(history.stamp(), household=code, months=lots))
    return True


def reschedule(history: Accounts) -> bool:
    if not history.committed():
        return False
    code, month, cents = history.random.choice(history.committed())
    home = history.homes[code]
    target = history.random.choice([month, month.plus(1), month.plus(history.random.randint(-3, 9))])
    put = {target: history.random.choice([cents, cents + 2000, max(1, cents - 1500)])}
    if target != month and (target in home.lots or target in home.months):
        return False
    if sum(put.values()) - cents > history.free_cents:
        return False
    del home.lots[month]
    home.lots |= put
    draft = events.rescheduling(
        history.stamp(), household=code, taken={month: cents}, put=put, reason="rent-increase", evidence=EVIDENCE
    )
    history.add(draft)
    return True


def release(history: Accounts) -> bool:
    if not history.committed():
        return False
    code, _, _ = history.random.choice(history.committed())
    lots = history.homes[code].lots
    months = sorted(lots)[-history.random.randint(1, len(lots)) :]
    given = {month: lots.pop(month) for month in months}
    history.add(events.release(history.stamp(), household=code, months=given, reason="departure"))
    return True


def approve(history: Accounts) -> bool:
    """A whole month, a smaller amount, or one prorated by days with its formula."""
    if not history.committed() or not history.landlords:
        return False
    code, month, lot_cents = history.random.choice(history.committed())
    if month in history.homes[code].held:
        return False
    amount_cents, formula = lot_cents, None
    match history.random.randrange(4):
        case 0:
            amount_cents = history.amount_cents(lot_cents)
        case 1:
            days = history.random.randint(1, month.days - 1)
            terms = [Term(max(1, lot_cents // 2), days, month.days), Term(lot_cents, month.days - days, month.days)]
            amount_cents, formula = min(prorated_cents(terms), lot_cents), write_formula(terms)
            if amount_cents != prorated_cents(terms) or not amount_cents:
                return False
    home = history.homes[code]
    if home.decided_cents(month) < lot_cents:
        _decide(history, code, month, 1, lot_cents)
    decided_cents, leases = home.decided_cents(month), home.open_leases.items()
    covering = [number for number, one in leases if one.most_cents(month, decided_cents) >= amount_cents]
    number = history.random.choice(covering) if covering else _lease(history, code, month.first_day, None, lot_cents)
    landlord = home.open_leases[number].landlord
    stamp = history.stamp()
    draft = events.approval(
        stamp,
        household=code,
        lease=number,
        landlord=landlord,
        month=month,
        amount_cents=amount_cents,
        lot_cents=lot_cents,
        formula=formula,
    )
    _approve_run(history, code, month, stamp)
    del home.lots[month]
    home.months[month] = OwedMonth("approved", landlord, amount_cents, amount_cents, history.add(draft))
    return True


def _approve_run(history: Accounts, code: str, month: Month, stamp: Stamp) -> None:
    """A run of one month, with a month that is held, and is resumed or stays so, among its acts."""
    history.runs += 1
    run, alone = Month(2021, 1).plus(history.runs), replace(stamp, approved_by=None)
    held = RunMonth(run, code, month)
    changed = replace(held, fingerprint=fingerprint_of("run", history.runs, "changed"))
    acts = [payout_acts.run_opened(alone, run=run)]
    if history.random.random() < 0.5:
        acts += [payout_acts.hold(alone, held, reason="on-hold"), payout_acts.resumption(alone, held)]
    acts.append(payout_acts.run_proposed(alone, run=run, fingerprint=fingerprint_of("run", history.runs, "list")))
    match history.random.randrange(3):
        case 0:
            acts += [payout_acts.hold(alone, changed, reason="on-hold"), payout_acts.resumption(alone, changed)]
        case 1:
            acts.append(payout_acts.exclusion(alone, changed, reason="not-due"))
    acts.append(payout_acts.run_changed(alone, run=run, fingerprint=KEY_CHECK))
    acts.append(payout_acts.run_approved(stamp, run=run, fingerprint=KEY_CHECK, months=1))
    for act in acts:
        history.add(act)


def hold(history: Accounts) -> bool:
    """A month is held in a run that is never approved, or excluded from it."""
    if not history.committed():
        return False
    code, month, _ = history.random.choice(history.committed())
    home, stamp = history.homes[code], history.stamp(two=False)
    history.runs += 1
    listed = RunMonth(Month(2021, 1).plus(history.runs), code, month)
    history.add(payout_acts.run_opened(stamp, run=listed.run))
    if month in home.held:
        home.held.remove(month)
        history.add(payout_acts.exclusion(stamp, listed, reason="not-due"))
    else:
        home.held.add(month)
        history.add(payout_acts.hold(stamp, listed, reason="not-verified"))
    return True


def order(history: Accounts) -> bool:
    owed_months = [item for item in history.owed("approved") if item[2].landlord not in history.suspended]
    if not owed_months:
        return False
    return order_month(history, *history.random.choice(owed_months))


def order_month(history: Accounts, code: str, month: Month, owed: OwedMonth) -> bool:
    """An order of a month that is owed, less what is to be set off against its landlord's months."""
    set_off_cents = min(history.pool[owed.landlord], owed.owed_cents)
    cents = owed.owed_cents - set_off_cents
    if cents == 0:
        return False
    history.payments += 1
    history.batches += 1
    history.pool[owed.landlord] -= set_off_cents
    payment = f"PAY-{Month.of(history.day)}-{history.payments:04d}"
    owed.payment = PaymentRef(payment, code, owed.landlord, month, cents)
    owed.paid_before_cents += owed.paid_cents
    owed.outstanding_cents, owed.paid_cents, owed.owed_cents = cents, 0, 0
    owed.work_out()
    batch, version = f"BAT-{history.day.year}-{history.batches:04d}", history.accounts[owed.landlord].version
    seal(history, batch)
    history.add(events.order(history.stamp(), owed.payment, batch=batch, account=version, evidence=EVIDENCE))
    return True


def _choose(history: Accounts, *states: str) -> tuple[OwedMonth, PaymentRef] | None:
    """A month in one of some states, with its last payment."""
    owed_months = [owed for _, _, owed in history.owed(*states) if owed.payment is not None]
    if not owed_months:
        return None
    owed = history.random.choice(owed_months)
    assert owed.payment is not None
    return owed, owed.payment


def _part(history: Accounts, most_cents: int) -> int:
    """All of an amount, or a part of it."""
    return most_cents if history.random.random() < 0.6 else history.amount_cents(most_cents)


def _surplus(history: Accounts) -> int:
    """What a bank may debit besides, for no reason at all."""
    return history.amount_cents(45_000) if history.random.random() < 0.15 else 0


def settle(history: Accounts) -> bool:
    """The bank books what is ordered, less of it, or all of it and more."""
    chosen = _choose(history, "ordered")
    if chosen is None:
        return False
    owed, payment = chosen
    cents = _part(history, owed.outstanding_cents)
    mistaken_cents = _surplus(history) if cents == owed.outstanding_cents else 0
    owed.outstanding_cents -= cents
    owed.paid_cents += cents
    owed.mistaken_cents = mistaken_cents
    owed.work_out()
    ref, bank = replace(payment, amount_cents=cents + mistaken_cents), BankFact(history.day, EVIDENCE)
    history.add(events.settlement(history.stamp(two=False), ref, bank, mistaken_cents=mistaken_cents))
    return True


def mistake_a_line(history: Accounts) -> bool:
    """Two people take a line for an order's debit, the bank may refuse the rest, and it is all taken back."""
    chosen = _choose(history, "ordered")
    if chosen is None:
        return False
    owed, payment = chosen
    cents = _part(history, owed.outstanding_cents)
    bank = BankFact(history.day, EVIDENCE)
    said = [history.add(events.settlement(history.stamp(), replace(payment, amount_cents=cents), bank))]
    if rest_cents := owed.outstanding_cents - cents:
        rest = replace(payment, amount_cents=rest_cents)
        said.append(history.add(events.refusal(history.stamp(two=False), rest, bank)))
    for entry in reversed(said):
        history.add(events.correction(history.stamp(), entry, reason="data-entry"))
    return True


def refuse(history: Accounts) -> bool:
    """The bank refuses what is still ordered."""
    chosen = _choose(history, "ordered")
    if chosen is None:
        return False
    owed, payment = chosen
    ref = replace(payment, amount_cents=owed.outstanding_cents)
    _end_order(owed)
    history.add(events.refusal(history.stamp(two=False), ref, BankFact(history.day, EVIDENCE, "AC04")))
    return True


def _end_order(owed: OwedMonth) -> None:
    owed.owed_cents += owed.outstanding_cents
    owed.outstanding_cents = 0
    owed.work_out()


def settle_after_all(history: Accounts) -> bool:
    """The bank books what was refused, cancelled or sent back, or part of it, before it is ordered again."""
    for _, _, owed in history.owed("approved"):
        most_cents = min(owed.ended_cents, owed.owed_cents, -history.balances[a.landlord(owed.landlord)])
        if owed.payment is None or most_cents < 1:
            continue
        cents, mistaken_cents = _part(history, most_cents), _surplus(history)
        owed.owed_cents -= cents
        owed.paid_cents += cents
        owed.mistaken_cents = mistaken_cents
        owed.work_out()
        ref, bank = replace(owed.payment, amount_cents=cents + mistaken_cents), BankFact(history.day, EVIDENCE)
        shares = {"owed_cents": cents, "mistaken_cents": mistaken_cents}
        history.add(events.settlement(history.stamp(two=False), ref, bank, **shares))
        return True
    return False


def regularise(history: Accounts) -> bool:
    """The treasurer pays a month that is owed, without an order."""
    for code, month, owed in history.owed("approved"):
        if 0 < owed.owed_cents <= -history.balances[a.landlord(owed.landlord)]:
            draft = events.regularisation(
                history.stamp(),
                history.bank_line(),
                household=code,
                landlord=owed.landlord,
                month=month,
                amount_cents=owed.owed_cents,
            )
            owed.paid_before_cents += owed.paid_cents + owed.owed_cents
            owed.regularised_cents += owed.owed_cents
            owed.payment, owed.paid_cents, owed.owed_cents = None, 0, 0
            owed.work_out()
            history.add(draft)
            return True
    return False


def undo_regularisation(history: Accounts) -> bool:
    """What the treasurer paid without an order comes back, or part of it, whatever became of the month since."""
    for code, month, owed in history.owed("settled", "approved", "ordered", "paid-twice"):
        if owed.regularised_cents:
            cents = _part(history, owed.regularised_cents)
            draft = events.regularisation_undone(
                history.stamp(),
                history.bank_line(),
                household=code,
                landlord=owed.landlord,
                month=month,
                amount_cents=cents,
            )
            owed.regularised_cents -= cents
            owed.paid_before_cents -= cents
            owed.owed_cents += cents
            owed.work_out()
            history.add(draft)
            return True
    return False


def give_back(history: Accounts) -> bool:
    """The bank sends back what it paid, or part of it, and before that what it paid by mistake."""
    chosen = _choose(history, "settled", "approved", "ordered", "paid-twice")
    if chosen is None or not chosen[0].paid_cents:
        return False
    owed, payment = chosen
    cents, mistaken_cents = _part(history, owed.paid_cents), owed.mistaken_cents
    owed.paid_cents -= cents
    owed.owed_cents += cents
    owed.mistaken_cents = 0
    owed.work_out()
    ref, bank = replace(payment, amount_cents=cents + mistaken_cents), BankFact(history.day, EVIDENCE, "AC06")
    history.add(events.returned(history.stamp(two=False), ref, bank, mistaken_cents=mistaken_cents))
    return True


def pay_twice(history: Accounts) -> bool:
    """The bank pays a settled payment once more, or part of it."""
    chosen = _choose(history, "settled")
    if chosen is None:
        return False
    owed, payment = chosen
    ref = replace(payment, amount_cents=_part(history, payment.amount_cents))
    owed.mistaken_cents = ref.amount_cents
    owed.work_out()
    history.add(events.misexecution(history.stamp(two=False), ref, BankFact(history.day, EVIDENCE)))
    return True


def take_back(history: Accounts) -> bool:
    """The bank gives back what it paid by mistake, or part of it."""
    chosen = _choose(history, "paid-twice")
    if chosen is None:
        return False
    owed, payment = chosen
    ref = replace(payment, amount_cents=_part(history, owed.mistaken_cents))
    owed.mistaken_cents -= ref.amount_cents
    owed.work_out()
    history.add(events.misexecution_undone(history.stamp(two=False), ref, BankFact(history.day, EVIDENCE)))
    return True


def settle_by_mistake(history: Accounts) -> bool:
    """A payment that was refused is booked while another one pays the month; this is refused, and that pays it."""
    for code, month, owed in history.owed("approved"):
        late, paid_cents = owed.payment, owed.paid_cents
        most_cents = min(owed.ended_cents, owed.owed_cents)
        if late is None or not most_cents or history.pool[owed.landlord] or owed.landlord in history.suspended:
            continue
        order_month(history, code, month, owed)
        assert owed.payment is not None
        bank, ref = BankFact(history.day, EVIDENCE), replace(late, amount_cents=_part(history, most_cents))
        history.add(events.misexecution(history.stamp(two=False), ref, bank))
        history.add(events.refusal(history.stamp(two=False), owed.payment, bank))
        history.add(events.settlement(history.stamp(two=False), ref, bank, was_misexecuted=True))
        _end_order(owed)
        owed.payment, owed.owed_cents = late, owed.owed_cents - ref.amount_cents
        owed.paid_before_cents -= paid_cents
        owed.paid_cents = paid_cents + ref.amount_cents
        owed.work_out()
        return True
    return False


def charge(history: Accounts) -> bool:
    """The bank keeps charges, or the city makes some of them good."""
    owed_cents = history.balances[a.RECOVERY_CITY]
    if owed_cents and history.random.random() < 0.5:
        cents = _part(history, owed_cents)
        draft = events.charge_undone(history.stamp(two=False), history.bank_line(), amount_cents=cents)
    else:
        cents = history.amount_cents(5_000)
        draft = events.charge(history.stamp(two=False), history.bank_line(), amount_cents=cents)
    history.add(draft)
    return True


def cancel(history: Accounts) -> bool:
    """An order of which the bank has done nothing is cancelled."""
    chosen = _choose(history, "ordered")
    if chosen is None or chosen[0].outstanding_cents != chosen[1].amount_cents:
        return False
    owed, payment = chosen
    _end_order(owed)
    history.add(events.cancellation(history.stamp(), payment, batch="BAT-2021-0001", reason="wrong-account"))
    return True


def overpay(history: Accounts) -> bool:
    paid = [item for item in history.owed("settled") if item[2].used_cents]
    if not paid:
        return False
    code, month, owed = history.random.choice(paid)
    cents = history.amount_cents(owed.used_cents)
    owed.used_cents -= cents
    history.add(
        events.overpayment(
            history.stamp(),
            household=code,
            landlord=owed.landlord,
            month=month,
            amount_cents=cents,
            reason="departure",
            evidence=EVIDENCE,
        )
    )
    return True


def recover(history: Accounts) -> bool:
    """In money, or set off against what is owed to the same landlord."""
    debtors = [code for code in history.landlords if history.balances[a.recovery(code)]]
    if not debtors:
        return False
    code = history.random.choice(debtors)
    most_cents, set_off = history.balances[a.recovery(code)], history.random.random() < 0.5
    if set_off:
        most_cents = min(most_cents, -history.balances[a.landlord(code)])
        if not most_cents:
            return False
    cents = history.amount_cents(most_cents)
    history.pool[code] += cents if set_off else 0
    bank_date = None if set_off else history.day
    history.add(
        events.recovery(history.stamp(), landlord=code, amount_cents=cents, set_off=set_off, bank_date=bank_date)
    )
    return True


def repayment(history: Accounts) -> bool:
    if history.free_cents <= 0:
        return False
    history.add(events.repayment(history.stamp(), amount_cents=history.amount_cents(min(history.free_cents, 90_000))))
    return True


def repayment_paid(history: Accounts) -> bool:
    owed_cents = -history.balances[a.FUNDER]
    if owed_cents <= 0:
        return False
    cents = history.amount_cents(owed_cents)
    history.add(events.repayment_paid(history.stamp(), amount_cents=cents, bank_date=history.day))
    return True


def correct(history: Accounts) -> bool:
    """Mirror an earlier entry, where nothing was built on it."""
    candidates = [entry for entry in history.entries if entry.seq not in history.corrected]
    entry = history.random.choice([entry for entry in candidates if entry.kind in _UNDO] or [history.entries[0]])
    if entry.kind not in _UNDO or not _UNDO[entry.kind](history, entry):
        return False
    history.corrected.add(entry.seq)
    history.add(events.correction(history.stamp(), entry, reason="data-entry"))
    return True


def _undo_allocation(history: Accounts, entry: Entry) -> bool:
    code, cents = str(entry.facts.allocation), entry.postings[0].amount_cents
    if history.tranches[code] != cents or history.free_cents < cents:
        return False
    del history.tranches[code]
    return True


def _undo_collection(history: Accounts, entry: Entry) -> bool:
    history.tranches[str(entry.facts.allocation)] += entry.postings[0].amount_cents
    return True


def _undo_commitment(history: Accounts, entry: Entry) -> bool:
    home = history.homes[str(entry.facts.household)]
    lots = {posting.month: -posting.amount_cents for posting in entry.postings if posting.month}
    if home.exited or any(home.lots.get(month) != cents for month, cents in lots.items()):
        return False
    for month in lots:
        del home.lots[month]
    return True


def _undo_approval(history: Accounts, entry: Entry) -> bool:
    home, month = history.homes[str(entry.facts.household)], entry.facts.month
    assert month is not None
    owed = home.months.get(month)
    if home.exited or owed is None or owed.approval is not entry or owed.state != "approved":
        return False
    amount_cents, lot_cents = entry.postings[0].amount_cents, entry.postings[2].amount_cents
    if owed.paid_cents or owed.paid_before_cents:
        return False
    if owed.used_cents != amount_cents or -history.balances[a.landlord(owed.landlord)] < amount_cents:
        return False
    if lot_cents - amount_cents > history.free_cents:
        return False
    history.pool[owed.landlord] += amount_cents - owed.owed_cents
    del home.months[month]
    home.lots[month] = lot_cents
    return True


_UNDO = {
    "allocation": _undo_allocation,
    "collection": _undo_collection,
    "commitment": _undo_commitment,
    "approval": _undo_approval,
}


def close_month(history: Accounts) -> bool:
    if not history.unclosed:
        return False
    month, balances = history.unclosed.pop(0)
    history.add(events.closing(history.stamp(two=False), month=month, balances=balances))
    return True


def leave(history: Accounts) -> bool:
    codes = [code for code in history.homes_open() if not history.homes[code].lots]
    if not codes:
        return False
    code = history.random.choice(codes)
    history.homes[code].exited = history.day
    history.add(household_acts.exit_(history.stamp(), household=code, reason="departure"))
    return True


def lease(history: Accounts) -> bool:
    """A household rents of a landlord."""
    codes = history.homes_open()
    if not codes or not history.landlords:
        return False
    _lease(history, history.random.choice(codes), history.day, history.random.choice([None, history.day]))
    return True


def _lease(history: Accounts, code: str, since: date, until: date | None, rent_cents: int | None = None) -> int:
    home, landlord = history.homes[code], history.random.choice(history.landlords)
    home.leases += 1
    rent_cents = rent_cents or history.amount_cents(90_000)
    if until is None:
        home.open_leases[home.leases] = OpenLease(landlord, since, {since: rent_cents})
    history.add(
        household_acts.lease(
            history.stamp(two=False),
            LeaseRef(code, home.leases),
            landlord=landlord,
            since=since,
            until=until,
            rent_cents=rent_cents,
            fingerprint=fingerprint_of(code, home.leases, "contract"),
        )
    )
    return home.leases


def change_lease(history: Accounts) -> bool:
    """Another rent of a lease, its end, or both proposed again with the months."""
    leased = [code for code in history.homes_open() if history.homes[code].leases]
    if not leased:
        return False
    code = history.random.choice(leased)
    ref, stamp = LeaseRef(code, history.homes[code].leases), history.stamp()
    alone, since = replace(stamp, approved_by=None), history.day + timedelta(days=len(history.entries))
    match history.random.randrange(3):
        case 0:
            rent_cents = history.amount_cents(90_000)
            if ref.number in history.homes[code].open_leases:
                history.homes[code].open_leases[ref.number].rents[since] = rent_cents
            history.add(household_acts.rent(alone, ref, since=since, rent_cents=rent_cents))
        case 1:
            opened = history.homes[code].open_leases.pop(ref.number, None)
            if opened is None:
                return False
            history.add(household_acts.lease_end(alone, ref, until=max(history.day, opened.since)))
        case _:
            history.add(household_acts.reproposal(stamp, household=code))
    return True


def decide_contribution(history: Accounts) -> bool:
    """A contribution for some months, or from a month on."""
    if not history.homes_open():
        return False
    code, months = history.random.choice(history.homes_open()), history.random.choice([None, 3])
    _decide(history, code, Month.of(history.day), months, history.amount_cents(90_000))
    return True


def _decide(history: Accounts, code: str, first: Month, months: int | None, cents: int) -> None:
    decided = history.homes[code].decided
    for month in month_range(first, months or 1):
        decided.pop(month, None)
    decided[first] = cents
    history.add(
        household_acts.contribution_decided(
            history.stamp(), household=code, month=first, months=months, amount_cents=cents
        )
    )


def change_users(history: Accounts) -> bool:
    """A user comes and goes; something is proposed and decided."""
    history.people += 1
    for draft in (
        *coming_and_going(str(history.day), f"U{9 + history.people:02d}"),
        *proposed(str(history.day), 5 * history.people - 4),
    ):
        history.add(replace(draft, recorded_at=history.stamp().at))
    return True


ACTIONS: dict[Callable[[Accounts], bool], int] = {
    decide: 2,
    register: 1,
    change_account: 2,
    suspend_account: 2,
    forget: 1,
    admit: 1,
    correct_identity: 1,
    come_to_nothing: 1,
    allocate: 1,
    receive: 2,
    commit: 3,
    reschedule: 3,
    release: 1,
    approve: 9,
    order: 9,
    settle: 8,
    mistake_a_line: 1,
    refuse: 2,
    settle_after_all: 3,
    regularise: 2,
    undo_regularisation: 1,
    give_back: 2,
    pay_twice: 2,
    take_back: 2,
    charge: 2,
    settle_by_mistake: 2,
    cancel: 1,
    overpay: 3,
    recover: 4,
    repayment: 1,
    repayment_paid: 1,
    correct: 3,
    close_month: 4,
    leave: 1,
    hold: 1,
    lease: 1,
    change_lease: 2,
    decide_contribution: 1,
    change_users: 1,
}
"""What can happen, and how often it is tried."""
