"""What goes to landlords, as tables: messages, who is reached how, and personal links."""

from datetime import datetime

from fund.documents.words import LANGUAGE_NAMES
from fund.domain.identifiers import mask_email
from fund.domain.texts import N_
from fund.doors.web.tables import Col, Table
from fund.services.statements import links
from fund.services.statements.deliveries import Delivery


def _brings(row: Delivery) -> str:
    return "statement" if row.statement else "link"


MESSAGES = Table(
    "messages",
    N_("Messages to landlords, newest first"),
    (
        Col(N_("message"), "id", "count", "/statements/deliveries/{}"),
        Col(
            N_("what it brings"),
            _brings,
            "word",
            under=(
                Col(N_("statement"), "statement", "code", "/statements/{}"),
                Col(N_("copy"), "copy_number", "count"),
            ),
        ),
        Col(N_("landlord"), "landlord", "code", "/landlords/{}/links"),
        Col(N_("to"), lambda row: mask_email(row.address) if row.address else None),
        Col(
            N_("state"),
            "state",
            "state",
            under=(
                Col(N_("why it failed"), "last_failure", "word"),
                Col(N_("answer of the server"), "last_code", "count"),
            ),
        ),
        Col(N_("queued"), "queued_at", "instant"),
        Col(N_("attempts"), "attempts", "count"),
    ),
    N_("Nothing was sent to landlords here yet."),
)

REACHABLE = Table(
    "landlords-and-links",
    N_("How each landlord is reached"),
    (
        Col(N_("landlord"), "code", "code", "/landlords/{}/links"),
        Col(N_("e-mail, in part"), lambda row: mask_email(row.email) if row.email else "no-address", "word"),
        Col(N_("language"), lambda row: LANGUAGE_NAMES[row.language]),
        Col(N_("links that can be used"), "links", "count"),
    ),
    N_("There is no landlord yet."),
)


def links_at(at: datetime) -> Table:
    """A landlord's links, as they stand at an instant."""
    return Table(
        "links",
        N_("Links, newest first"),
        (
            Col(N_("link"), "id", "code"),
            Col(N_("state"), lambda row: links.state_of(row, at), "state"),
            Col(N_("made"), "created_at", "instant"),
            Col(N_("by"), "created_by"),
            Col(N_("expires"), "expires_at", "instant"),
            Col(N_("used"), "used_at", "instant"),
        ),
        N_("This landlord has no personal link yet."),
    )
