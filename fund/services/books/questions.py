"""Questions to the books: queries in Beancount's own language, and the books' verification on demand."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fund.domain import errors
from fund.domain.members import Member
from fund.domain.texts import N_, Message
from fund.sandbox import work
from fund.sandbox.work import QUERY, WorkerTask
from fund.sandbox.work import Result as Result
from fund.services.books.reading_room import snapshot
from fund.services.books.verification import CHECKS
from fund.services.context import Context
from ledger import codes
from ledger.books import stray_files

EXAMPLES = (
    (
        N_("Months consumed, by household"),
        "SELECT leaf(account) AS household, count(*) AS months\n"
        "WHERE account ~ 'Fund:Committed' AND entry_meta('kind') = 'approval' GROUP BY 1 ORDER BY 1",
    ),
    (
        N_("What each landlord was paid and gave back"),
        "SELECT leaf(account) AS landlord, entry_meta('kind') AS kind, sum(number) AS euros\n"
        "WHERE account ~ 'Liabilities:Landlords' AND entry_meta('kind') ~ 'order|return|refusal'\n"
        "GROUP BY 1, 2 ORDER BY 1, 2",
    ),
    (N_("The treasurer's account, movement by movement"), "JOURNAL 'Assets:Treasury'"),
    (N_("Every balance"), "BALANCES"),
    (
        N_("Who prepared and who approved what is owed"),
        "SELECT date, entry_meta('seq') AS seq, entry_meta('kind') AS kind, entry_meta('prepared-by') AS prepared,\n"
        "  entry_meta('approved-by') AS approved, position\n"
        "WHERE account ~ 'Liabilities:Landlords' AND number < 0",
    ),
    (
        N_("Corrections, and why"),
        "SELECT date, entry_meta('seq') AS seq, entry_meta('corrects') AS corrects, entry_meta('reason') AS reason\n"
        "WHERE entry_meta('kind') = 'correction'",
    ),
)
"""What an auditor asks first, as (title, query)."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """What a verification of the books alone found. ``count`` is that of all findings; the first of them are told.

    ``strays`` lie among the books and are not the fund's: to be moved away. ``head_entry`` is the entry after which the
    books had the head that was asked for; that they never had it is a finding.
    """

    at: Annotated[datetime, Member("checked_at")]
    checks: tuple[str, ...]
    entries: int
    head: Annotated[str, Member("chain_head")]
    count: int
    findings: tuple[str, ...]
    strays: tuple[str, ...]
    head_entry: int | None


def ask(context: Context, books: Path, query: str, task: WorkerTask = QUERY) -> Result:
    """Run one SELECT, BALANCES or JOURNAL over a copy of the books, in a process of its own.

    Raises ``QueryRefused``, ``QueryTimeout``, ``ResultTooLarge``, and ``IntegrityBroken`` when the gate refuses them.
    """
    return work.query(snapshot(context, books), query, task)


def recheck(context: Context, books: Path, head: str | None = None) -> CheckView:
    """Verify a copy of the books now, without the database, and whether it ever had a head.

    What is not the fund's is not copied; it is told by name. Raises ``QueryTimeout``, and ``InvalidInput`` for a head
    that cannot be one.
    """
    if head is not None and not codes.matches(codes.SHA256, head):
        raise errors.InvalidInput([{"path": "head", "message": Message("must be the 64 characters of a head")}])
    checked = work.check(snapshot(context, books), head)
    return CheckView(
        at=context.at,
        checks=CHECKS[:4],
        entries=checked.entries,
        head=checked.head,
        count=checked.count,
        findings=checked.findings,
        strays=tuple(stray_files(books)),
        head_entry=checked.head_seq,
    )
