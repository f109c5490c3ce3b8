"""What one person proposed and another confirms, as tables and facts."""

from datetime import date

from fund.documents.tables import Col, Fact, Shape, Table
from fund.documents.words import CITY_CODES, WORDS
from fund.domain.bank_views import line_name
from fund.domain.lists import Resolution
from fund.domain.proposals import ProposalFull, Value
from fund.domain.states import ProposalState
from fund.domain.texts import N_
from ledger import codes
from ledger.months import Month

PROPOSALS: Table[ProposalFull] = Table(
    "proposals",
    N_("What one person proposed and another confirms"),
    (
        Col(N_("proposal"), lambda row: row.number, "count", "/proposals/{}"),
        Col(N_("act"), lambda row: row.act, "word"),
        Col(N_("about"), lambda row: row.subject, "word", under=(Col(N_("name"), lambda row: row.subject, "name"),)),
        Col(N_("amount"), lambda row: _amount(row), "money"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("proposed by"), lambda row: row.proposed_by, "word"),
        Col(N_("proposed at"), lambda row: row.proposed_at, "instant"),
        Col(N_("waits for"), lambda row: row.waits_for, "word"),
    ),
    N_("Nothing waits to be confirmed."),
)
CHANGES: Table[ProposalFull] = Table(
    "changes",
    N_("Changes of name and contact, the newest first"),
    (
        Col(N_("proposal"), lambda row: row.number, "count", "/proposals/{}"),
        Col(N_("what changes"), lambda row: row.values["what"], "word"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("new name"), lambda row: row.personal.get("new_name")),
        Col(N_("new contact"), lambda row: row.personal.get("new_contact")),
        Col(N_("proposed by"), lambda row: row.proposed_by, "word"),
        Col(N_("proposed at"), lambda row: row.proposed_at, "instant"),
        Col(N_("decided by"), lambda row: row.decided_by, "word"),
        Col(N_("called back on"), lambda row: row.called_back_on, "day"),
    ),
    N_("Name and contact are those of the registration."),
)
DECISION: Table[ProposalFull] = Table(
    "decision",
    N_("Decision"),
    (
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("waits for"), lambda row: row.waits_for, "word"),
        Col(N_("proposed by"), lambda row: row.proposed_by, "word"),
        Col(N_("proposed at"), lambda row: row.proposed_at, "instant"),
        Col(N_("confirmed first by"), lambda row: row.adopted_by, "word"),
        Col(N_("decided by"), lambda row: row.decided_by, "word"),
        Col(N_("decided at"), lambda row: row.decided_at, "instant"),
        Col(N_("called back on"), lambda row: row.called_back_on, "day"),
        Col(N_("reason"), lambda row: row.reason, "reason"),
        Col(N_("digest"), lambda row: row.digest, "code"),
    ),
    "",
)

_SHAPES: dict[str, Shape] = {
    **dict.fromkeys(("month", "first_month", "since", "target"), "month"),
    **dict.fromkeys(("act", "code", "subject"), "code"),
    **dict.fromkeys(("tax_thresholds", "tax_thresholds_before"), "thresholds"),
    **dict.fromkeys(
        ("household", "leases", "months", "fingerprint", "tax_code", "new_tax_code", "stands_as"),
        "code",
    ),
    "landlord": "landlord",
    **dict.fromkeys(("iban", "iban_on_file"), "iban"),
    **dict.fromkeys(
        ("format", "format_before", "fingerprint_before", "key_check", "key_check_before", *CITY_CODES),
        "code",
    ),
    **dict.fromkeys(("counterparty", "text"), "text"),
    **dict.fromkeys(("name_on_file", "contact_on_file", "new_name", "new_contact"), "text"),
    **dict.fromkeys(("auditors", "auditors_on_file", "name", "chapter", "treasurer_abi", "bollo", "csv"), "text"),
    **dict.fromkeys(("journal_account", "category_purpose", "cbi_envelope", "local_instrument"), "text"),
    **dict.fromkeys(("key", "payment", "corrects"), "code"),
    "reason": "reason",
    **dict.fromkeys(("books", "differs"), "words"),
}
_LEADING = ("landlord", "household", "payment", "key")
_PAGES = (
    (codes.LANDLORD, "/landlords/{}"),
    (codes.HOUSEHOLD, "/households/{}"),
    (codes.PAYMENT, "/payments/{}"),
    (codes.BATCH, "/batches/{}"),
    (codes.HOUSEHOLD_MONTH, "/search?q={}"),
)
"""Where the codes lead that these values can be."""


def _amount(row: ProposalFull) -> int | None:
    value = row.values.get("amount_cents")
    return value if isinstance(value, int) else None


def facts_of_payload(view: ProposalFull) -> list[Fact]:
    """What a proposal would do, and what is compared before it is confirmed, as facts of a page, each by its shape."""
    return [_fact(view, name, value) for name, value in (*view.values.items(), *view.personal.items())]


def _fact(view: ProposalFull, name: str, value: Value) -> Fact:
    if name == "line":
        file, _, ordinal = str(value).partition("/")
        short = line_name(file, int(ordinal))
        return Fact(WORDS["bank line"], short, "code", f"/search?q={short}")
    if name == "lines":
        waiting = f"/open-items?proposal={view.number}" if view.state is ProposalState.PROPOSED else ""
        return Fact(WORDS["lines"], len(str(value).split()), "count", waiting)
    if name == "books" and not value:
        return Fact(WORDS["books"], "nothing-booked", "word")
    label = N_("until now") if name.endswith("_before") else WORDS[name.removesuffix("_cents")]
    shape = _shape(name, value)
    href = _href(view, str(value)) if name in _LEADING else ""
    return Fact(label, Month.parse(str(value)) if shape == "month" else value, shape, href)


def _href(view: ProposalFull, code: str) -> str:
    if view.values.get("resolution") == Resolution.ENTRY:  # the code is a number
        return f"/room/entries/{code}"
    return next((page.format(code) for pattern, page in _PAGES if codes.matches(pattern, code)), "")


def _shape(name: str, value: Value) -> Shape:
    if name.removesuffix("_before").endswith("_cents"):
        return "money"
    if isinstance(value, date):
        return "day"
    if isinstance(value, int):
        return "count"
    return _SHAPES.get(name, "word")
