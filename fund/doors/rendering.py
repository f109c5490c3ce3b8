"""Papers as the doors hand them to the use cases that issue them: they know no form."""

from fund.documents import audit_pack
from fund.documents.statements import render_html, render_json, render_pdf
from fund.domain.views import StatementView
from fund.services.books.audit_pack import PackContents
from fund.services.statements.statements import Bytes


def render_statement(view: StatementView, language: str) -> Bytes:
    """A statement as HTML, PDF and JSON."""
    return Bytes(render_html(view, language), render_pdf(view, language), render_json(view))


def render_pack(contents: PackContents) -> bytes:
    """The audit pack as a zip."""
    return audit_pack.render_pack(
        contents.books,
        contents.evidence,
        name=contents.name,
        fund=contents.fund,
        entries=contents.entries,
        head=contents.head,
    )
