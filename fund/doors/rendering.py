"""The landlord's statement in every form, as the doors hand it to the use case."""

from fund.documents.statements import render_html, render_json, render_pdf
from fund.services.statements import Bytes
from fund.views import StatementView


def render_statement(view: StatementView, language: str) -> Bytes:
    """A statement as HTML, PDF and JSON."""
    return Bytes(render_html(view, language), render_pdf(view, language), render_json(view))
