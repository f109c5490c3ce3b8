"""The rows that the agreement, its terms and its amendments make."""

from collections.abc import Mapping

from sqlmodel import Session, col

from fund.store import rows
from fund.store.projections.rows import Keys, Projection, insert, required
from fund.store.rows import Values
from fund.store.tables import ControlTerms, Fund, Household
from fund.store.tables.money import FUND_ID
from ledger.acts.money import REQUIRED
from ledger.entries import Entry

KEYS: Keys = {Fund: ("code",), ControlTerms: ("id",)}


def _founded(session: Session, act: Entry, given: Values) -> None:
    """The books have no names: the fund and its parties are called by its code until a person gives theirs."""
    names = dict.fromkeys((Fund.name, Fund.project, Fund.city, Fund.funder), act.facts.fund)
    founded = {
        Fund.id: FUND_ID,
        Fund.code: act.facts.fund,
        Fund.agreement_date: act.facts.act_date,
        Fund.pay_day: act.facts.pay_day,
        Fund.iban_cooling_off_days: act.facts.cooling_off_days,
        Fund.auditors_fingerprint: act.facts.fingerprint,
        Fund.journal_seq: act.seq,
        Fund.journal_hash: act.hash,
        Fund.journal_day: act.date,
    }
    insert(session, Fund, {**names, **founded, **_window(act), **given})


def _agreed(session: Session, act: Entry, given: Values) -> None:
    facts = act.facts
    paid: Values = {
        Fund.pay_day: facts.pay_day,
        Fund.iban_cooling_off_days: facts.cooling_off_days,
        Fund.auditors_fingerprint: facts.fingerprint,
    }
    rows.change(session, Fund, FUND_ID, {**paid, **given})
    agreed = {
        ControlTerms.id: FUND_ID,
        ControlTerms.payee_check_required: facts.payee_check == REQUIRED,
        ControlTerms.tax_check_days: facts.tax_check_days,
        ControlTerms.tax_thresholds: facts.tax_thresholds,
    }
    rows.delete_where(session, ControlTerms)
    insert(session, ControlTerms, agreed)


def _amended(session: Session, act: Entry, given: Values) -> None:
    """A household that had the agreement's cap has the new one; a lower one of its own stays, unless that is lower."""
    before, cap_months = rows.get(session, Fund, FUND_ID).cap_months, required(act.facts.cap_months)
    follows = (col(Household.cap_months) == before) | (col(Household.cap_months) > cap_months)
    rows.update_where(session, Household, follows, values={Household.cap_months: cap_months})
    rows.change(session, Fund, FUND_ID, {**_window(act), **given})


def _window(act: Entry) -> Values:
    return {
        Fund.activities_end: act.facts.activities_end,
        Fund.target_months: act.facts.target_months,
        Fund.cap_months: act.facts.cap_months,
    }


PROJECTIONS: Mapping[str, Projection] = {"agreement": _founded, "terms": _agreed, "amendment": _amended}
