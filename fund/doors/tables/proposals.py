"""What one person proposed and another confirms, as tables and facts."""

from datetime import date

from fund.documents.tables import Col, Fact, Shape, Table
from fund.documents.words import WORDS
from fund.domain.proposals import Fact as Value
from fund.domain.proposals import ProposalView
from fund.domain.texts import N_
from ledger.months import Month

PROPOSALS: Table[ProposalView] = Table(
    "proposals",
    N_("What one person proposed and another confirms"),
    (
        Col(N_("proposal"), lambda row: row.number, "count", "/proposals/{}"),
        Col(N_("act"), lambda row: row.act, "word"),
        Col(N_("about"), lambda row: row.subject, "code"),
        Col(N_("amount"), lambda row: _amount(row), "money"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("proposed by"), lambda row: row.proposed_by),
        Col(N_("proposed at"), lambda row: row.proposed_at, "instant"),
        Col(N_("waits for"), lambda row: row.waits_for, "word"),
    ),
    N_("Nothing waits to be confirmed."),
)
DECISION: Table[ProposalView] = Table(
    "decision",
    N_("Decision"),
    (
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("waits for"), lambda row: row.waits_for, "word"),
        Col(N_("proposed by"), lambda row: row.proposed_by),
        Col(N_("proposed at"), lambda row: row.proposed_at, "instant"),
        Col(N_("decided by"), lambda row: row.decided_by),
        Col(N_("decided at"), lambda row: row.decided_at, "instant"),
        Col(N_("reason"), lambda row: row.reason, "reason"),
        Col(N_("digest"), lambda row: row.digest, "code"),
    ),
    "",
)

_LEADS_TO = {"landlord": "/landlords/{}", "household": "/households/{}"}


def _amount(row: ProposalView) -> int | None:
    value = row.values.get("amount_cents")
    return value if isinstance(value, int) else None


def facts_of_payload(view: ProposalView) -> list[Fact]:
    """What a proposal would do, as facts of a page, each by its shape."""
    return [_fact(name, value) for name, value in view.values.items()]


def _fact(name: str, value: Value) -> Fact:
    label = WORDS[name.removesuffix("_cents")]
    href = _LEADS_TO[name].format(value) if name in _LEADS_TO else ""
    return Fact(label, Month.parse(str(value)) if name == "month" else value, _shape(name, value), href)


def _shape(name: str, value: Value) -> Shape:
    if name.endswith("_cents"):
        return "money"
    if isinstance(value, date):
        return "day"
    known: dict[str, Shape] = {"month": "month", "reason": "reason", "landlord": "code", "household": "code"}
    return known.get(name, "word")
