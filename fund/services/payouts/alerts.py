"""Alerts of a run or a batch: found from the data each time, acknowledged by one person and seen by another."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fund.domain import controls, errors, lists, rules
from fund.domain.controls import Account, Alert, Line
from fund.domain.fingerprints import Domain
from fund.domain.views import AcknowledgementView, AlertView
from fund.services.as_booked import accounts_last_paid
from fund.services.context import Context
from fund.services.landlords.people import people_alike
from fund.store import landlords, rows
from fund.store.banking import bank_lines
from fund.store.payouts import controls as store
from fund.store.payouts.controls import MonthToPay
from fund.store.tables import Acknowledgement, BankAccount, PayeeCheck
from ledger.acts import payouts as payout_acts

SHORTEST_ID = 8
"""The fewest characters of an alert's id that name it."""

ToPay = Mapping[int, int | None]
"""The months of a list, and the account that each would be paid to; none where it would have to wait."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """The alerts of one list with their acknowledgements."""

    thing: str
    key: str
    found: Mapping[str, tuple[Alert, Acknowledgement | None]]
    """By the alert's fingerprint."""

    @property
    def views(self) -> tuple[AlertView, ...]:
        """As people see them."""
        return tuple(
            AlertView(
                id=fingerprint,
                code=alert.code,
                about=alert.about,
                facts=alert.facts,
                acknowledgement=None
                if row is None
                else AcknowledgementView(row.reason, row.acknowledged_by, row.acknowledged_at),
            )
            for fingerprint, (alert, row) in self.found.items()
        )

    @property
    def acknowledged(self) -> list[dict[str, object]]:
        """What an approval covers of them: which was acknowledged, by whom, and why."""
        return [
            {"alert": fingerprint, "reason": row.reason, "by": row.acknowledged_by}
            for fingerprint, (_, row) in self.found.items()
            if row is not None
        ]

    def check(self, approver: str) -> None:
        """Each was acknowledged by another person than the approver. Raises ``AlertsNotAcknowledged``."""
        open_ = [str(alert) for alert, row in self.found.values() if row is None or row.acknowledged_by == approver]
        if open_:
            raise errors.AlertsNotAcknowledged(self.key, open_)


def alerts_of(context: Context, thing: str, key: str, to_pay: ToPay) -> Alerts:
    """The alerts of a list of months."""
    alerts = {alert.fingerprint: alert for alert in controls.find_alerts(_lines(context, to_pay))}
    given = store.acknowledgements_of(context.session, list(alerts))
    found = {name: (alert, _applicable(given[name], alert, thing, key)) for name, alert in alerts.items()}
    return Alerts(thing, key, found)


def acknowledged_of(context: Context, thing: str, key: str) -> Alerts:
    """What was acknowledged of a list, as it was then: for lists that are decided."""
    given = store.acknowledgements_in(context.session, thing, key)
    return Alerts(thing, key, {row.fingerprint: (_recorded_alert(row), row) for row in given})


def _recorded_alert(row: Acknowledgement) -> Alert:
    return Alert(row.code, row.about, json.loads(row.facts), stands=False)


def _applicable(given: Sequence[Acknowledgement], alert: Alert, thing: str, key: str) -> Acknowledgement | None:
    """This list's own acknowledgement, or the last one of another list where the alert stands."""
    own = [row for row in given if (row.thing, row.key) == (thing, key)]
    return next(iter(own or (given[::-1] if alert.stands else [])), None)


def acknowledge(context: Context, alerts: Alerts, ids: Iterable[str], *, reason: str) -> None:
    """Acknowledge some alerts of a list, for good. The caller checks who may.

    ``ids`` are alerts' ids or their beginnings. Raises ``NotFound`` for one that the list does not have (any more).
    """
    rules.check_one_of("reason", reason, lists.AcknowledgementReason)
    chosen = {name: alerts.found[name] for name in (_named(alerts, given) for given in ids)}
    for fingerprint, (alert, row) in chosen.items():
        if row is not None:
            continue
        given = Acknowledgement(
            thing=alerts.thing,
            key=alerts.key,
            fingerprint=fingerprint,
            code=alert.code,
            about=alert.about,
            facts=json.dumps(dict(alert.facts), sort_keys=True),
            reason=reason,
            acknowledged_by=context.actor.code,
            acknowledged_at=context.at,
            row_fingerprint="",
        )
        act = payout_acts.acknowledgement(context.stamp(), fingerprint=context.row_fingerprint(given))
        context.book_act(act, rows.values_of(given))


def _named(alerts: Alerts, given: str) -> str:
    if given in alerts.found:
        return given
    fitting = [name for name in alerts.found if name.startswith(given)]
    if len(given) < SHORTEST_ID or len(fitting) != 1:
        raise errors.NotFound("alert", given)
    return fitting[0]


def _lines(context: Context, to_pay: ToPay) -> list[Line]:
    months = store.months_to_pay(context.session, list(to_pay))
    accounts = _accounts(context, sorted({account for account in to_pay.values() if account is not None}))
    near = people_alike(context)
    others = store.live_months(context.session, {month.month for month in months})
    sharing: dict[tuple[str, str], set[str]] = defaultdict(set)
    alike: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for other in others:
        if other.registration is not None:
            sharing[other.month, other.registration].add(other.household)
        alike[other.landlord, other.month, other.amount_cents].add(other.household)
    lines = (_line(month, accounts.get(to_pay[month.id] or 0), sharing, alike) for month in months)
    taken = _taken(context, [account.iban for account in accounts.values()])
    return [replace(line, near=near.get(line.household, ()), open_lines=_like(line, taken)) for line in lines]


def _taken(context: Context, ibans: Collection[str]) -> Mapping[tuple[str, int], list[str]]:
    """What open lines of the bank took to some accounts: the lines by account and cents."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for line in bank_lines.open_debits(context.session, sorted({*ibans})):
        found[line.counterparty_iban or "", -(line.moved_cents or 0)].append(line.name)
    return found


def _like(line: Line, taken: Mapping[tuple[str, int], list[str]]) -> tuple[str, ...]:
    return () if line.account is None else tuple(sorted(taken.get((line.account.iban, line.amount_cents), ())))


def _line(
    month: MonthToPay,
    account: Account | None,
    sharing: Mapping[tuple[str, str], set[str]],
    alike: Mapping[tuple[str, str, int], set[str]],
) -> Line:
    contract = () if month.registration is None else sharing.get((month.month, month.registration), ())
    same = alike[month.landlord, month.month, month.amount_cents]
    return Line(
        household=month.household,
        landlord=month.landlord,
        month=month.month,
        amount_cents=month.amount_cents,
        formula=month.formula,
        highest_cents=month.highest_cents,
        sharing=tuple(sorted(household for household in contract if household != month.household)),
        alike=tuple(sorted(same)) if len(same) > 1 else (),
        account=account,
    )


def _accounts(context: Context, ids: Sequence[int]) -> dict[int, Account]:
    """The accounts of a list; one is new whose IBAN is not the one last paid, or did not come with the agreement.

    IBANs are compared by fingerprint: the row of an account may have been given another one.
    """
    rows = landlords.accounts_by_id(context.session, ids)
    checks = landlords.latest_payee_checks(context.session, ids)
    paid = accounts_last_paid(context, {row.landlord for row in rows.values()})
    agreed = landlords.agreed_accounts(context.session)
    return {
        row.id: Account(
            row.id, row.version, row.iban, _is_new(context, row, paid, agreed), _payee_check(checks, row.id)
        )
        for row in rows.values()
        if row.iban is not None
    }


def _is_new(context: Context, row: BankAccount, paid: Mapping[str, str], agreed: Collection[tuple[str, int]]) -> bool:
    if row.landlord not in paid:
        return (row.landlord, row.version) not in agreed
    return row.iban is not None and context.fingerprints.of(Domain.PAYEE, row.iban) != paid[row.landlord]


def _payee_check(checks: Mapping[int, PayeeCheck], account: int) -> controls.PayeeCheckResult | None:
    row = checks.get(account)
    return None if row is None else controls.PayeeCheckResult(row.result, row.checked_on, row.reference)
