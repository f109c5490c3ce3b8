"""The landlord's statement of account in its three forms. The same view and language give the same bytes everywhere."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from typing import Any

from fund.documents.catalogue import translator
from fund.documents.plain import drawable
from fund.documents.resources import shipped
from fund.documents.sheet import sheet_of
from fund.domain.views import StatementView


def render_html(view: StatementView, language: str) -> bytes:
    """The statement as a self-contained page in UTF-8.

    Raises ``ValueError`` for an unknown language or a formula that the ledger cannot parse.
    """
    from fund.documents.pages import render_page

    return render_page("statement.html", language, sheet=sheet_of(view, translator(language))).encode()


def render_json(view: StatementView) -> bytes:
    """The statement as canonical JSON, the same in every language (schema: ``fund.documents.statement_json``)."""
    from fund.documents.statement_json import canonical, statement_document

    return canonical(statement_document(view))


def render_pdf(view: StatementView, language: str) -> bytes:
    """The statement as a tagged PDF (PDF/UA-1).

    Raises ``ValueError`` for an unknown language or a formula that the ledger cannot parse.
    """
    import typst

    sheet = _drawable(asdict(sheet_of(view, translator(language))))
    issued_at = datetime.combine(view.issued_on, time(), UTC)
    # Nothing of the machine may show in the bytes, which are kept, sent and compared: the compiler's own fonts instead
    # of the system's, the day of issue instead of the clock. Texts travel as JSON, never as markup, so that a
    # landlord's name cannot become code (decision 0006).
    return typst.compile(
        _pdf_template(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(issued_at.timestamp()),
    )


@cache
def _pdf_template() -> bytes:
    return (shipped("templates") / "statement.typ").read_bytes()


def _drawable(value: Any) -> Any:
    """Nested values with every text in the characters of the PDF's fonts."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, dict):
        return {name: _drawable(member) for name, member in value.items()}
    return [_drawable(member) for member in value]
