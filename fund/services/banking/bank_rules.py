"""Rules for lines of a shared account that are not the fund's business: two people agree to each, and see its effect.

A rule sets aside what names nothing of the fund's and resembles nothing that the fund expects; all other lines are left
to people, whatever their words.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fund.domain import access, errors
from fund.domain.bank_views import BankRuleView, OpenItem, Suggestion
from fund.domain.lists import Clue, Matching, SetAsideReason
from fund.domain.proposals import ActName
from fund.services.as_booked import check_money, check_tables
from fund.services.bank_lines import check_lines, check_lines_since
from fund.services.banking.line_matches import line_cents
from fund.services.banking.line_views import line_view
from fund.services.banking.resolutions import place_of, waiting_proposals
from fund.services.banking.suggestions import payments_named, suggestions_of
from fund.services.banking.treasury import find_treasury
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, propose
from fund.store.banking import bank_lines
from fund.store.banking import bank_rules as store
from fund.store.banking.bank_lines import LineRow
from fund.store.landlords import landlords_by_iban
from fund.store.tables import BankRule
from ledger import codes
from ledger.acts import banking as banking_acts


@dataclass(frozen=True, slots=True)
class RulePayload:
    """The fingerprint of a rule's words, which stand beside it, and what it would have set aside when it was proposed:
    so many lines, with what they moved.
    """

    fingerprint: str
    count: int
    amount_cents: int


def list_bank_rules(context: Context) -> list[BankRuleView]:
    """The rules that two people agreed to, those in force first, the newest before the others."""
    context.actor.must_be(*access.FINANCE)
    set_aside = store.set_aside_by(context.session)
    return [
        BankRuleView(
            number=rule.number,
            counterparty=rule.counterparty,
            text=rule.text,
            agreed_at=rule.agreed_at,
            ended_at=rule.ended_at,
            lines=set_aside.get(rule.number, 0),
        )
        for rule in store.all_rules(context.session)
    ]


def effect_of(context: Context, *, counterparty: str = "", text: str = "") -> list[OpenItem]:
    """The open lines that a rule of such words would set aside now."""
    context.actor.must_be(*access.FINANCE)
    return [
        OpenItem(line_view(line), (), None, line.counterparty_name, line.remittance)
        for line in _effect(context, _rule(counterparty, text))
    ]


def propose_bank_rule(context: Context, *, counterparty: str = "", text: str = "") -> int:
    """Propose that lines with such words are not the fund's business. Returns the proposal's number.

    Once another person has confirmed it, the open ones are set aside, and those that come until it is ended. Raises
    ``AlreadyExists`` for the words of a rule in force, and ``ProposalWaits`` while the same is proposed.
    """
    rule = _rule(counterparty, text)
    fingerprint = context.row_fingerprint(rule)
    for known in store.rules_in_force(context.session):
        if known.row_fingerprint == fingerprint:
            raise errors.AlreadyExists("bank rule", str(known.number))
    lines = _effect(context, rule)
    payload = RulePayload(fingerprint, len(lines), sum(line.moved_cents or 0 for line in lines))
    return propose(context, BANK_RULE, payload, {"counterparty": rule.counterparty, "text": rule.text})


def end_bank_rule(context: Context, number: int) -> None:
    """Let a rule set nothing more aside; what it has set aside stays so. Raises ``NotFound``, ``StateNotAllowed``."""
    context.actor.must_be(*access.preparers("rule-ended"))
    if context.get(BankRule, number).ended_at is not None:
        raise errors.StateNotAllowed("bank rule", str(number), "ended", "ended")
    context.book_act(banking_acts.rule_ended(context.stamp(), entry=number))


def rule_about(context: Context, line: LineRow) -> int | None:
    """The oldest rule in force whose words a line has."""
    rule = _first_about(store.rules_in_force(context.session), line)
    return None if rule is None else rule.number


def apply_rules(context: Context) -> None:
    """Set aside what a rule in force is about, by the oldest that is about it.

    Raises ``IntegrityBroken`` where a rule's words are not those agreed to, a line is not what was booked, or what the
    fund expects is not as the entries leave it.
    """
    rules = store.rules_in_force(context.session)
    for rule in rules:
        if context.row_fingerprint(rule) != rule.row_fingerprint:
            raise errors.IntegrityBroken([f"bank rule {rule.number}: is not what was agreed to by its fingerprint"])
    taken = _taken_by(context, rules) if rules else []
    if taken:
        check_money(context)
    check_lines(context, {line.file_sha256 for line, _ in taken})
    for line, rule in taken:
        _set_aside(context, line, rule.number)


def _set_aside(context: Context, line: LineRow, rule: int) -> None:
    act = banking_acts.set_aside(
        context.stamp(prepared_by=access.SYSTEM.code),
        evidence=line.file_sha256,
        place=line.ordinal,
        reason=SetAsideReason.OTHER_BUSINESS,
        amount_cents=line_cents(line),
        rule=rule,
    )
    context.book_act(act)


def _rule(counterparty: str, text: str) -> BankRule:
    counterparty, text = (" ".join(words.split()) for words in (counterparty, text))
    return BankRule.model_construct(counterparty=counterparty, text=text)


def _effect(context: Context, rule: BankRule) -> list[LineRow]:
    """The open lines that a rule sets aside, of all that the bank sent. Raises ``IntegrityBroken``."""
    check_tables(context)
    check_lines_since(context, date.min)
    return [line for line, _ in _taken_by(context, [rule])]


def _taken_by(context: Context, rules: Sequence[BankRule]) -> list[tuple[LineRow, BankRule]]:
    """The open lines that rules set aside, each by the oldest that is about it.

    What may tell the same movement as another line is taken with it, or after it: of two of which one is for a person
    none is taken.
    """
    strange = {one.line.place: one for one in _strange_lines(context)}
    first = ((place, one.line, _first_about(rules, one.line)) for place, one in strange.items())
    found = {place: (line, rule) for place, line, rule in first if rule is not None}
    others = bank_lines.other_business(context.session, {file for place in found for file, _ in strange[place].twins})
    while left := [place for place in found if not strange[place].twins <= found.keys() | others]:
        for place in left:
            del found[place]
    return list(found.values())


def _first_about(rules: Iterable[BankRule], line: LineRow) -> BankRule | None:
    return next((rule for rule in rules if _fits(rule, line)), None)


def _fits(rule: BankRule, line: LineRow) -> bool:
    said = ((rule.counterparty, line.counterparty_name), (rule.text, line.remittance))
    return all(word in (text or "").casefold() for words, text in said for word in words.casefold().split())


class _Strange(NamedTuple):
    """A line of other people's, and the places of those that may tell the same movement."""

    line: LineRow
    twins: frozenset[tuple[str, int]]


def _strange_lines(context: Context) -> Iterator[_Strange]:
    """The open movements that name nothing of the fund's and no account of a landlord, resemble nothing that the fund
    expects, and have no proposal.
    """
    waiting = waiting_proposals(context)
    lines = [
        line
        for line in bank_lines.open_lines(context.session)
        if line.matching is Matching.NO_REFERENCE and line.moved_cents is not None and line.place not in waiting
    ]
    codes_, ibans = _codes_of_fund(context), landlords_by_iban(context.session)
    month = re.compile(rf"\b{codes.HOUSEHOLD_MONTH}\b", re.ASCII | re.IGNORECASE)
    suggested, named = suggestions_of(context, lines), payments_named(context, lines)
    for line in lines:
        text = "".join((line.remittance or "").casefold().split())  # a bank may break a line inside a code
        is_expected = any(one.kind != "line" for one in suggested[line.place])
        is_ours = line.place in named or line.counterparty_iban in ibans or any(code in text for code in codes_)
        is_ours = is_ours or month.search(line.remittance or "") is not None
        if not is_expected and not is_ours:
            yield _Strange(line, frozenset(place_of(one.key) for one in suggested[line.place] if _may_be_same(one)))


def _may_be_same(suggestion: Suggestion) -> bool:
    """A movement of the same amount, of another day and without its reference, is not the same told twice."""
    return bool({Clue.NEAR_DAY, Clue.SAME_REFERENCE} & {*suggestion.why})


def _codes_of_fund(context: Context) -> Collection[str]:
    """The codes of the project that a payment for the fund cites."""
    treasury = find_treasury(context)
    return () if treasury is None else [code.casefold() for code in (treasury.cup, treasury.cig) if code]


def _agree(context: Context, payload: RulePayload, confirmed: Confirmation) -> None:
    act = banking_acts.bank_rule(confirmed.stamp(context), fingerprint=payload.fingerprint)
    words = _rule(**confirmed.personal)
    context.book_act(act, {BankRule.counterparty: words.counterparty, BankRule.text: words.text})
    apply_rules(context)


BANK_RULE = TwoPersonAct(
    ActName.BANK_RULE,
    RulePayload,
    subject=lambda _: "",
    judge=lambda _context, _payload: None,
    carry_out=_agree,
)
