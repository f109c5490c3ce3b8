"""Statements issued at the command line, and the period that a command names."""

import sys
from pathlib import Path
from typing import Literal

from fund.app import App
from fund.clock import day_in_rome
from fund.domain.access import SYSTEM
from fund.doors.cli.options import month_of
from fund.doors.cli.session import Session
from fund.doors.rendering import render_statement
from fund.doors.transaction import reading, writing
from fund.services.statements.statements import issue_statement
from ledger.files import write_whole
from ledger.months import Month


def statement(
    session: Session,
    landlord: str,
    *,
    period: tuple[str | None, str | None],
    language: str | None,
    form: Literal["html", "pdf", "json"],
    output: Path | None,
) -> None:
    """Issue a statement and write it where it is wanted."""
    with session.app() as app:
        first, last = months_of(app, period)
        with writing(app, SYSTEM) as context:
            issued = issue_statement(
                context, render_statement, landlord=landlord, first=first, last=last, language=language
            )
    data = {"html": issued.html, "pdf": issued.pdf, "json": issued.json}[form]
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write_whole(output, data, mode=0o600)
        print(f"{issued.number}  {output}", file=sys.stderr)


def months_of(app: App, period: tuple[str | None, str | None]) -> tuple[Month, Month]:
    """The months that ``--from`` and ``--to`` say: without them all since the agreement, until now or the end."""
    with reading(app, SYSTEM) as context:
        fund = context.fund()
    last_day = min(day_in_rome(app.clock.now()), fund.activities_end)
    first = month_of("from", period[0]) or Month.of(fund.agreement_date)
    return first, month_of("to", period[1]) or Month.of(last_day)
