"""A line that was set aside by mistake is open again: one person says so of a little, two of more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fund.domain import access, errors
from fund.domain.bank_views import line_name
from fund.domain.lists import Resolution
from fund.domain.proposals import ActName
from fund.domain.views import Recording
from fund.services.bank_lines import check_lines
from fund.services.banking.bank_rules import rule_about
from fund.services.banking.line_matches import line_cents
from fund.services.banking.matching import match_waiting
from fund.services.banking.resolutions import line_at, place_of
from fund.services.context import Context
from fund.services.proposals import TwoPersonAct, booked_by_two, record
from fund.store.banking import bank_lines
from ledger.acts import banking as banking_acts
from ledger.stamp import Stamp


@dataclass(frozen=True, slots=True)
class ReopeningPayload:
    """A line that is set aside, by its file and its place there, and as what it was set aside."""

    line: str
    bank_date: date
    amount_cents: int
    reason: str


def reopen_line(context: Context, file: str, ordinal: int) -> Recording:
    """A line that was set aside is the fund's business after all, whoever set it aside: it is an open item again.

    Of more than ``ALONE_CENTS`` it is proposed. Raises ``NotFound``, ``StateNotAllowed`` for a line that is not set
    aside, ``RuleTakesLine`` while a rule would take it again, and ``ProposalWaits``.
    """
    context.actor.must_be(*access.preparers("reopened"))
    line = line_at(context, file, ordinal).line
    payload = ReopeningPayload(line.full_name, line.bank_date, line.said_cents or 0, line.resolved_to or "")
    return record(context, REOPENING, payload, line_cents(line), _reopen)


def _judge(context: Context, payload: ReopeningPayload) -> None:
    line = line_at(context, *place_of(payload.line)).line
    check_lines(context, [line.file_sha256])
    if line.resolved_as is not Resolution.SET_ASIDE:
        state = line.resolved_as or line.matching
        raise errors.StateNotAllowed("bank line", line.name, state, Resolution.SET_ASIDE)
    if (rule := rule_about(context, line)) is not None:
        raise errors.RuleTakesLine(line.name, rule)


def _reopen(context: Context, payload: ReopeningPayload, stamp: Stamp) -> int:
    """Its entry; and what the line says is booked, where that can be booked now."""
    evidence, place = place_of(payload.line)
    cents = line_cents(line_at(context, evidence, place).line)
    entry = context.book_act(banking_acts.reopened(stamp, evidence=evidence, place=place, amount_cents=cents))
    match_waiting(context)
    return entry.seq


def _changed(context: Context, payloads: Sequence[ReopeningPayload]) -> list[ReopeningPayload]:
    """Those whose line is not set aside for that reason any more."""
    return [payload for payload in payloads if _aside_as(context, payload.line) != payload.reason]


def _aside_as(context: Context, line: str) -> str | None:
    found = bank_lines.find_line(context.session, *place_of(line))
    if found is None or found.line.resolved_as is not Resolution.SET_ASIDE:
        return None
    return found.line.resolved_to


REOPENING = TwoPersonAct(
    ActName.REOPENING,
    ReopeningPayload,
    subject=lambda payload: line_name(*place_of(payload.line)),
    judge=_judge,
    carry_out=booked_by_two(_reopen),
    changed=_changed,
)
