"""What goes to landlords, as tables: messages, who is reached how, and personal links."""

from typing import TYPE_CHECKING

from fund.documents.tables import Col, Table
from fund.documents.words import LANGUAGE_NAMES
from fund.domain.identifiers import mask_email
from fund.domain.texts import N_
from fund.services.statements.deliveries import Delivery

if TYPE_CHECKING:
    from fund.store.statements import LinkView, ReachableLandlord


def _brings(row: Delivery) -> str:
    if row.closing:
        return "chain-head"
    return row.notice or ("statement" if row.statement else "link")


MESSAGES: "Table[Delivery]" = Table(
    "messages",
    N_("Messages, newest first"),
    (
        Col(N_("message"), lambda row: row.id, "count", "/statements/deliveries/{}"),
        Col(
            N_("what it brings"),
            _brings,
            "word",
            under=(
                Col(N_("statement"), lambda row: row.statement, "code", "/statements/{}"),
                Col(N_("copy"), lambda row: row.copy_number, "count"),
            ),
        ),
        Col(
            N_("landlord"),
            lambda row: row.landlord,
            "landlord",
            "/landlords/{}/links",
            under=(Col(N_("user"), lambda row: row.user, "word"), Col(N_("about"), lambda row: row.about, "word")),
        ),
        Col(N_("to"), lambda row: mask_email(row.address) if row.address else None),
        Col(
            N_("state"),
            lambda row: row.state,
            "state",
            under=(
                Col(N_("why it failed"), lambda row: row.last_failure, "word"),
                Col(N_("answer of the server"), lambda row: row.last_code, "count"),
            ),
        ),
        Col(N_("queued"), lambda row: row.queued_at, "instant", is_detail=True),
        Col(N_("attempts"), lambda row: row.attempts, "count"),
    ),
    N_("Nothing was sent here yet."),
)

REACHABLE: "Table[ReachableLandlord]" = Table(
    "landlords-and-links",
    N_("How each landlord is reached"),
    (
        Col(N_("landlord"), lambda row: row.code, "landlord", "/landlords/{}/links"),
        Col(N_("e-mail, in part"), lambda row: mask_email(row.email) if row.email else "no-address", "word"),
        Col(N_("language"), lambda row: LANGUAGE_NAMES[row.language]),
        Col(N_("links that can be used"), lambda row: row.links, "count"),
    ),
    N_("There is no landlord yet."),
)
LINKS: "Table[LinkView]" = Table(
    "links",
    N_("Links, newest first"),
    (
        Col(N_("link"), lambda row: row.id, "code"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("made"), lambda row: row.created_at, "instant"),
        Col(N_("by"), lambda row: row.created_by, "word"),
        Col(N_("expires"), lambda row: row.expires_at, "instant"),
        Col(N_("used"), lambda row: row.used_at, "instant"),
    ),
    N_("This landlord has no personal link yet."),
)
