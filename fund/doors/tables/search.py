"""What a search finds, as a table, with the page of each kind of thing."""

from collections.abc import Callable

from fund.documents.tables import Col, Table
from fund.domain.texts import N_
from fund.services.desk.search import Hit

PAGES: dict[str, Callable[[Hit], str]] = {
    "household": lambda hit: f"/households/{hit.key}",
    "contribution": lambda hit: f"/households/{hit.key.partition('-')[0]}",
    "landlord": lambda hit: f"/landlords/{hit.key}",
    "payment": lambda hit: f"/payments/{hit.key}",
    "batch": lambda hit: f"/batches/{hit.key}",
    "run": lambda hit: f"/runs/{hit.key}",
    "closing": lambda _: "/closings",
    "allocation": lambda _: "/funds",
    "statement": lambda hit: f"/statements/{hit.key}",
    "entry": lambda hit: f"/room/entries/{hit.key}",
    "bank file": lambda hit: f"/bank-files/{hit.file}",
    "bank line": lambda hit: f"/bank-files/{hit.file}",
    "bank_statement": lambda hit: f"/bank-files/{hit.file}",
}
"""The page of each kind of thing."""

HITS: "Table[Hit]" = Table(
    "hits",
    N_("What was found"),
    (
        Col(
            N_("code"),
            lambda row: row.key,
            "code",
            lambda hit: PAGES[hit.kind](hit),
            under=(Col(N_("name"), lambda row: row.key, "name"),),
        ),
        Col(N_("what it is"), lambda row: row.kind, "word"),
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("state"), lambda row: row.state, "state"),
    ),
    N_(
        "No results. A code can be typed in part from its beginning; an IBAN whole or by its last four signs, a tax"
        " code or a registration whole."
    ),
)
