"""Acts that can happen to a fund at random, and that no state stands against."""

from collections.abc import Callable
from dataclasses import replace

from ledger.acts import banking as banking_acts
from ledger.acts import books as book_acts
from ledger.acts import landlords as landlord_acts
from ledger.acts import money as money_acts
from ledger.acts import payouts as payout_acts
from ledger.acts import statements as statement_acts
from ledger.acts.money import write_thresholds
from ledger.acts.users import KEY_CHANGED, key_changed, read_renewed
from ledger.codes import SYSTEM
from ledger.entries import Draft
from ledger.stamp import Stamp
from tests.ledger.own_accounts import EVIDENCE, PREPARER, TERMS, WINDOW, Accounts, fingerprint_of


def decide(history: Accounts) -> bool:
    """One of the acts that are possible on any day, once there is a landlord with an account."""
    if not history.accounts:
        return False
    history.add(history.random.choice(PLAIN_ACTS)(history))
    return True


def _fingerprint(history: Accounts) -> str:
    return fingerprint_of("act", len(history.entries))


def _alone(history: Accounts, by: str) -> Stamp:
    return replace(history.stamp(two=False), prepared_by=by)


def _treasury(history: Accounts) -> Draft:
    return banking_acts.treasury(history.stamp(), fingerprint=_fingerprint(history))


def _foreign_balance(history: Accounts) -> Draft:
    cents = history.random.randint(1, 10**6)
    return banking_acts.foreign_balance(history.stamp(), bank_date=history.day, amount_cents=cents)


def _terms(history: Accounts) -> Draft:
    days, thresholds = history.random.randint(0, 30), [(history.day, history.random.randint(1, 10**6))]
    agreed = TERMS._replace(pay_day=days or 31, tax_check_days=days, tax_thresholds=write_thresholds(thresholds))
    agreed = agreed._replace(fingerprint=history.random.choice((None, _fingerprint(history))))
    return money_acts.terms(history.stamp(), agreed)


def _amendment(history: Accounts) -> Draft:
    amended = WINDOW._replace(target_months=history.random.randint(1, WINDOW.cap_months))
    act = f"{len(history.entries)}/{history.day.year}"
    return money_acts.amendment(history.stamp(), act=act, act_date=history.day, window=amended)


def _bank_file(history: Accounts) -> Draft:
    evidence = f"{len(history.entries):064x}"
    return banking_acts.document_received(history.stamp(two=False), evidence=evidence, size=len(history.entries))


def _rebuilt(history: Accounts) -> Draft:
    """The file that all answers cite is given anew at once."""
    history.add(book_acts.rebuilt(_alone(history, SYSTEM)))
    return banking_acts.document_received(history.stamp(two=False), evidence=EVIDENCE, size=0)


def _lines_judged(history: Accounts) -> Draft:
    fingerprint = _fingerprint(history)
    return banking_acts.lines_judged(history.stamp(two=False), evidence=EVIDENCE, fingerprint=fingerprint)


def _matched(history: Accounts) -> Draft:
    place = len(history.entries)
    to = history.random.choice([{"landlord": _landlord(history)}, {"entry": place}])
    return banking_acts.matched(history.stamp(two=False), evidence=EVIDENCE, place=place, **to)


def _set_aside(history: Accounts) -> Draft:
    place = len(history.entries)
    return banking_acts.set_aside(history.stamp(two=False), evidence=EVIDENCE, place=place, reason="other-business")


def _reopened(history: Accounts) -> Draft:
    """It is matched then."""
    place, alone = len(history.entries), history.stamp(two=False)
    history.add(banking_acts.set_aside(alone, evidence=EVIDENCE, place=place, reason="other-business"))
    history.add(banking_acts.reopened(alone, evidence=EVIDENCE, place=place))
    return banking_acts.matched(alone, evidence=EVIDENCE, place=place, landlord=_landlord(history))


def _bank_rule(history: Accounts) -> Draft:
    """It sets one line aside, and is ended."""
    history.add(banking_acts.bank_rule(history.stamp(), fingerprint=_fingerprint(history)))
    rule, place, alone = history.entries[-1].seq, len(history.entries), history.stamp(two=False)
    history.add(banking_acts.set_aside(alone, evidence=EVIDENCE, place=place, reason="other-business", rule=rule))
    return banking_acts.rule_ended(alone, entry=rule)


def _statement_accepted(history: Accounts) -> Draft:
    stamp, place = _alone(history, "U03"), len(history.entries)
    return banking_acts.statement_accepted(stamp, evidence=EVIDENCE, place=place)


def _statement_rejected(history: Accounts) -> Draft:
    stamp, place = _alone(history, "U03"), len(history.entries)
    return banking_acts.statement_rejected(stamp, evidence=EVIDENCE, place=place)


def _acknowledgement(history: Accounts) -> Draft:
    return payout_acts.acknowledgement(history.stamp(two=False), fingerprint=_fingerprint(history))


def _export(history: Accounts) -> Draft:
    batch, fingerprint = f"BAT-{history.day.year}-0001", _fingerprint(history)
    evidence = f"{len(history.entries):064x}"
    return payout_acts.export(history.stamp(two=False), batch=batch, evidence=evidence, fingerprint=fingerprint)


def _key_shown(history: Accounts) -> Draft:
    return landlord_acts.key_shown(_alone(history, "U99"))


def _account_restored(history: Accounts) -> Draft:
    return landlord_acts.account_restored(history.stamp(), history.accounts[_landlord(history)])


def seal(history: Accounts, batch: str) -> None:
    """A batch is prepared and sealed."""
    fingerprint, by = _fingerprint(history), replace(history.stamp(), prepared_by=PREPARER)
    history.add(payout_acts.batch_prepared(replace(by, approved_by=None), batch=batch, fingerprint=fingerprint))
    history.add(payout_acts.sealed(by, batch=batch, evidence=EVIDENCE, fingerprint=fingerprint))


def _batch(history: Accounts) -> str:
    return f"BAT-{history.day.year}-{90_000 + len(history.entries)}"


def _sent(history: Accounts) -> Draft:
    batch = _batch(history)
    seal(history, batch)
    return payout_acts.sent(history.stamp(two=False), batch=batch)


def _withdrawn(history: Accounts) -> Draft:
    batch, alone = _batch(history), _alone(history, PREPARER)
    history.add(payout_acts.batch_prepared(alone, batch=batch, fingerprint=_fingerprint(history)))
    return payout_acts.batch_withdrawn(alone, batch=batch, reason="data-entry")


def _payee_check(history: Accounts) -> Draft:
    ref = history.accounts[_landlord(history)]
    return landlord_acts.payee_check(history.stamp(two=False), replace(ref, fingerprint=_fingerprint(history)))


def _tax_check(history: Accounts) -> Draft:
    landlord = _landlord(history)
    return landlord_acts.tax_check(history.stamp(two=False), landlord=landlord, fingerprint=_fingerprint(history))


def _statement(history: Accounts) -> Draft:
    series = f"EC-{history.day.year}-"
    issued = sum((entry.facts.statement or "").startswith(series) for entry in history.entries)
    return statement_acts.statement_issued(
        history.stamp(two=False),
        landlord=_landlord(history),
        statement=f"{series}{issued + 1:04d}",
        evidence=EVIDENCE,
        fingerprint=_fingerprint(history),
    )


def _landlord(history: Accounts) -> str:
    return history.random.choice(list(history.accounts))


def _email(history: Accounts) -> Draft:
    landlord, stamp = _landlord(history), history.stamp(two=False)
    return landlord_acts.landlord_email(stamp, landlord=landlord, fingerprint=_fingerprint(history))


def _reference(history: Accounts) -> Draft:
    fingerprint = history.random.choice([None, _fingerprint(history)])
    stamp = history.stamp(two=False)
    return landlord_acts.landlord_reference(stamp, landlord=_landlord(history), fingerprint=fingerprint)


def _key_changed(history: Accounts) -> Draft:
    """Every account that was ever proposed is under the new key, and named so from now on."""
    live: set[str] = set()
    for entry in history.entries:
        if entry.kind == "account-proposed":
            live.add(str(entry.facts.fingerprint))
        elif entry.kind == KEY_CHANGED:
            renewed = read_renewed(entry.facts.renewed)
            live = {renewed[one] for one in live}
    renewed = {one: fingerprint_of(one, len(history.entries)) for one in live}
    for landlord, ref in history.accounts.items():
        history.accounts[landlord] = replace(ref, fingerprint=renewed[ref.fingerprint])
    by = replace(history.stamp(), prepared_by="U98", approved_by="U99")
    return key_changed(by, key_check=_fingerprint(history), renewed=renewed)


PLAIN_ACTS: tuple[Callable[[Accounts], Draft], ...] = (
    _terms,
    _amendment,
    _treasury,
    _foreign_balance,
    _bank_file,
    _rebuilt,
    _lines_judged,
    _matched,
    _set_aside,
    _reopened,
    _bank_rule,
    _statement_accepted,
    _statement_rejected,
    _acknowledgement,
    _export,
    _sent,
    _withdrawn,
    _key_shown,
    _key_changed,
    _account_restored,
    _payee_check,
    _tax_check,
    _statement,
    _email,
    _reference,
)
