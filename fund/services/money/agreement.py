"""The agreement as it is in force: its terms and its amendments, each agreed to by two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fund.domain import access, errors, rules
from fund.domain.controls import Terms
from fund.domain.fingerprints import Domain
from fund.domain.identifiers import EMAIL
from fund.domain.proposals import ActName, Value
from fund.domain.rules import Step
from fund.domain.texts import Message
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, propose
from fund.store import balances, households, rows
from fund.store.rows import Values
from fund.store.tables import ControlTerms, Fund
from fund.store.tables.money import FUND_ID
from ledger import codes
from ledger.acts import money as money_acts
from ledger.acts.money import OPTIONAL, REQUIRED, AgreedTerms, Window, read_thresholds, write_thresholds
from ledger.months import Month, last_payable_month


def read_terms(context: Context) -> Terms:
    """What is asked for before money leaves; the law's until two people have agreed to the fund's own."""
    context.actor.must_be(*access.READERS, access.ADMIN)
    row = rows.find(context.session, ControlTerms, FUND_ID)
    if row is None:
        return Terms()
    return Terms(row.payee_check_required, row.tax_check_days, read_thresholds(row.tax_thresholds))


def check_agreed(context: Context) -> None:
    """Two people have agreed to the terms. Raises ``TermsNotAgreed``."""
    if not _is_agreed(context):
        raise errors.TermsNotAgreed()


def _is_agreed(context: Context) -> bool:
    return rows.find(context.session, ControlTerms, FUND_ID) is not None


def terms_in_force(context: Context) -> AgreedTerms:
    """The terms to which two people have agreed; until then the pay day and cooling-off of the agreement file."""
    return _terms(context.fund(), read_terms(context))


def _terms(fund: Fund, asked: Terms) -> AgreedTerms:
    return AgreedTerms(
        fund.pay_day,
        fund.iban_cooling_off_days,
        REQUIRED if asked.payee_check_required else OPTIONAL,
        asked.tax_check_days,
        write_thresholds(asked.tax_thresholds),
        fund.auditors_fingerprint,
    )


@dataclass(frozen=True, slots=True)
class AgreementView:
    """The agreement and its terms as they are in force, and whether two people have agreed to them."""

    fund: Fund
    terms: AgreedTerms
    is_agreed: bool


def read_agreement(context: Context) -> AgreementView:
    """The agreement as it is in force. Raises ``FundMissing``."""
    context.actor.must_be(*access.READERS)
    return AgreementView(context.fund(), terms_in_force(context), _is_agreed(context))


@dataclass(frozen=True, slots=True)
class TermsPayload:
    """The agreement as it stands, and the terms under which it pays, each beside what is agreed until now.

    The auditors' addresses stand beside it; ``fingerprint`` is of them.
    """

    agreement_date: date
    activities_end: date
    target_months: int
    cap_months: int
    pay_day: int
    pay_day_before: int | None
    cooling_off_days: int
    cooling_off_days_before: int | None
    payee_check: str
    payee_check_before: str | None
    tax_check_days: int
    tax_check_days_before: int | None
    tax_thresholds: str | None
    tax_thresholds_before: str | None
    fingerprint: str | None
    fingerprint_before: str | None

    @property
    def terms(self) -> AgreedTerms:
        """The terms that are proposed."""
        checks = (self.payee_check, self.tax_check_days, self.tax_thresholds)
        return AgreedTerms(self.pay_day, self.cooling_off_days, *checks, self.fingerprint)

    @property
    def before(self) -> tuple[Value, ...]:
        """The agreement and its terms as they stood at the proposal."""
        terms = (self.pay_day_before, self.cooling_off_days_before, self.payee_check_before)
        checks = (self.tax_check_days_before, self.tax_thresholds_before, self.fingerprint_before)
        return (self.agreement_date, self.activities_end, self.target_months, self.cap_months, *terms, *checks)


AUDITORS = "auditors"
"""What the auditors' addresses are called among the personal values of a proposal."""


def propose_first_terms(context: Context, asked: Terms) -> None:
    """Propose the terms with which a fund begins."""
    fund = context.fund()
    personal = {AUDITORS: fund.auditors} if fund.auditors else None
    propose(context, TERMS, _beside_agreed(context, _terms(fund, asked)), personal)


def propose_terms(
    context: Context,
    *,
    pay_day: int | None = None,
    cooling_off_days: int | None = None,
    payee_check: str | None = None,
    tax_check_days: int | None = None,
    threshold: Step | None = None,
    auditors: str | None = None,
) -> int:
    """Propose other terms; what is not given stays as it is. ``threshold`` is one more, or another of its day, and
    ``auditors`` are addresses with commas between.

    Returns the proposal's number. Raises ``InvalidInput`` where nothing would change, and ``MonthOutsideAgreement``
    where a committed month could not be paid any more.
    """
    context.actor.must_be(*TERMS.proposers)
    if auditors is not None and not all(codes.matches(EMAIL, address) for address in auditors.split(",")):
        raise _unfit("auditors", Message("must be e-mail addresses with commas between"))
    now = terms_in_force(context)
    steps = dict([*read_thresholds(now.tax_thresholds), *([threshold] if threshold else [])])
    proposed = AgreedTerms(
        now.pay_day if pay_day is None else pay_day,
        now.cooling_off_days if cooling_off_days is None else cooling_off_days,
        now.payee_check if payee_check is None else payee_check,
        now.tax_check_days if tax_check_days is None else tax_check_days,
        write_thresholds(sorted(steps.items())),
        now.fingerprint if auditors is None else context.fingerprints.of(Domain.EMAIL, auditors),
    )
    if proposed == now and _is_agreed(context):
        raise errors.InvalidInput([{"path": "pay_day", "message": NOTHING_DIFFERS}])
    personal = None if auditors is None else {AUDITORS: auditors}
    return propose(context, TERMS, _beside_agreed(context, proposed), personal)


NOTHING_DIFFERS = Message("nothing here differs from what is in force")


def _beside_agreed(context: Context, terms: AgreedTerms) -> TermsPayload:
    fund = context.fund()
    agreed = terms_in_force(context) if _is_agreed(context) else None
    return TermsPayload(
        fund.agreement_date,
        fund.activities_end,
        fund.target_months,
        fund.cap_months,
        terms.pay_day,
        agreed and agreed.pay_day,
        terms.cooling_off_days,
        agreed and agreed.cooling_off_days,
        terms.payee_check,
        agreed and agreed.payee_check,
        terms.tax_check_days,
        agreed and agreed.tax_check_days,
        terms.tax_thresholds,
        agreed and agreed.tax_thresholds,
        terms.fingerprint,
        agreed and agreed.fingerprint,
    )


def _judge_terms(context: Context, payload: TermsPayload) -> None:
    fund = context.fund()
    _check_lots(context, fund, last_payable_month(fund.activities_end, payload.pay_day))


def _check_lots(context: Context, fund: Fund, last: Month) -> None:
    """Every committed month can still be paid. Raises ``MonthOutsideAgreement``."""
    rules.check_payable((month for _, month, _ in balances.open_lots(context.session)), fund.first_month, last)


def _agree(context: Context, payload: TermsPayload, confirmed: Confirmation) -> None:
    addresses = confirmed.personal.get(AUDITORS)
    given: Values = {} if addresses is None else {Fund.auditors: addresses}
    context.book_act(money_acts.terms(confirmed.stamp(context), payload.terms), given)


def _terms_changed(context: Context, payloads: Sequence[TermsPayload]) -> list[TermsPayload]:
    now = _beside_agreed(context, terms_in_force(context))
    return [payload for payload in payloads if payload.before != now.before]


TERMS = TwoPersonAct(
    ActName.TERMS,
    TermsPayload,
    subject=lambda _: "",
    judge=_judge_terms,
    carry_out=_agree,
    changed=_terms_changed,
    on_file=lambda context, _: {"auditors_on_file": context.fund().auditors},
)


@dataclass(frozen=True, slots=True)
class AmendmentPayload:
    """An act of the city by its number and year and its day, and what it makes of the agreement."""

    act: str
    act_date: date
    activities_end: date
    activities_end_before: date
    target_months: int
    target_months_before: int
    cap_months: int
    cap_months_before: int

    @property
    def window(self) -> Window:
        """The agreement as amended."""
        return Window(self.activities_end, self.target_months, self.cap_months)


def propose_amendment(
    context: Context,
    *,
    act: str,
    act_date: date,
    activities_end: date | None = None,
    target_months: int | None = None,
    cap_months: int | None = None,
) -> int:
    """Propose what an act of the city changes in the agreement; what is not given stays as it is.

    Returns the proposal's number. Raises ``InvalidInput`` for an act that is not written as number and year, or that
    was not made while the agreement was in force, ``MonthOutsideAgreement`` and ``CapReached`` where months that are
    committed would no longer be within it.
    """
    context.actor.must_be(*AMENDMENT.proposers)
    fund = context.fund()
    payload = AmendmentPayload(
        act,
        act_date,
        activities_end or fund.activities_end,
        fund.activities_end,
        target_months or fund.target_months,
        fund.target_months,
        cap_months or fund.cap_months,
        fund.cap_months,
    )
    if payload.window == _window(fund):
        raise errors.InvalidInput([{"path": "activities_end", "message": NOTHING_DIFFERS}])
    return propose(context, AMENDMENT, payload)


def _window(fund: Fund) -> Window:
    return Window(fund.activities_end, fund.target_months, fund.cap_months)


def _judge_amendment(context: Context, payload: AmendmentPayload) -> None:
    fund = context.fund()
    if not codes.matches(codes.CITY_ACT, payload.act):
        raise _unfit("act", Message("must be number and year, such as 112/2023"))
    rules.check_has_come("act_date", payload.act_date, context.day)
    if not fund.agreement_date <= payload.act_date <= fund.activities_end:
        raise _unfit("act_date", Message("must be a day on which the agreement is in force"))
    if payload.activities_end < payload.act_date:
        raise _unfit("activities_end", Message("must not be before the day of the act"))
    if payload.target_months > payload.cap_months:
        raise _unfit("target_months", Message("must not be more than cap_months"))
    _check_lots(context, fund, last_payable_month(payload.activities_end, fund.pay_day))
    for row in households.list_households(context.session):
        cap_months = payload.cap_months if row.cap_months == fund.cap_months else row.cap_months
        rules.check_cap(row.code, min(cap_months, payload.cap_months), row.months_used + row.months_committed)


def _unfit(path: str, message: Message) -> errors.InvalidInput:
    return errors.InvalidInput([{"path": path, "message": message}])


def _amend(context: Context, payload: AmendmentPayload, confirmed: Confirmation) -> None:
    stamp = confirmed.stamp(context)
    context.book_act(money_acts.amendment(stamp, act=payload.act, act_date=payload.act_date, window=payload.window))


def _amended_meanwhile(context: Context, payloads: Sequence[AmendmentPayload]) -> list[AmendmentPayload]:
    now = _window(context.fund())
    return [
        one
        for one in payloads
        if Window(one.activities_end_before, one.target_months_before, one.cap_months_before) != now
    ]


AMENDMENT = TwoPersonAct(
    ActName.AMENDMENT,
    AmendmentPayload,
    subject=lambda payload: payload.act,
    judge=_judge_amendment,
    carry_out=_amend,
    changed=_amended_meanwhile,
)
