"""Open items: bank lines that the service could not place, and what each may be about.

What people say of them is for ``resolutions``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fund.domain import access, errors
from fund.domain.bank_views import ALL_OPEN_ITEMS, BankLineDetails, OpenItem, OpenItemFilter, Suggestion
from fund.domain.lists import Resolution
from fund.domain.texts import Message
from fund.services.bank_lines import check_lines
from fund.services.banking.line_matches import may_match
from fund.services.banking.line_views import line_views
from fund.services.banking.matching import mistakes_told_by
from fund.services.banking.movements import Place
from fund.services.banking.reopening import REOPENING
from fund.services.banking.resolutions import line_at, proposal_about, waiting_proposals
from fund.services.banking.suggestions import suggestions_of
from fund.services.banking.unmatching import UNMATCHING
from fund.services.context import Context
from fund.store.banking import bank_lines
from fund.store.banking.bank_lines import LineRow
from ledger.money import format_cents

_KEY = re.compile(r"([0-9a-f]{8,64})/([1-9][0-9]{0,8})", re.ASCII)


def list_open_items(context: Context, chosen: OpenItemFilter = ALL_OPEN_ITEMS) -> list[OpenItem]:
    """The lines that wait for a person, the oldest movement first, each with its suggestions and why, and the number of
    the proposal about it, if one waits: all of them, or those that a filter lets through.

    Its words are of name, text, reference, code, end of the IBAN, day or amount. Auditors are shown neither name nor
    text, and find nothing by them.
    """
    context.actor.must_be(*access.READERS)
    sees_other_side = context.actor.role != access.AUDITOR
    words = chosen.search.casefold().split()
    lines = bank_lines.open_lines(context.session, chosen)
    if words:
        lines = [line for line in lines if _has(line, words, sees_other_side)]
    waiting = waiting_proposals(context)
    if chosen.proposal is not None:
        lines = [line for line in lines if waiting.get(line.place) == chosen.proposal]
    found = _suggestions(context, lines)
    return [
        OpenItem(
            view,
            found[line.place],
            waiting.get(line.place),
            line.counterparty_name if sees_other_side else None,
            (line.remittance or line.reason_text) if sees_other_side else None,
        )
        for line, view in zip(lines, line_views(context, lines), strict=True)
    ]


def _suggestions(context: Context, lines: Sequence[LineRow]) -> Mapping[tuple[str, int], tuple[Suggestion, ...]]:
    """What lines are likely to be, and can be matched to now; another line that tells the same is shown beside it."""
    judging = replace(context, checked_files=set())

    def accepts(line: LineRow, one: Suggestion) -> bool:
        return one.kind == "line" or may_match(judging, line, Resolution(one.kind), one.key)

    return suggestions_of(context, lines, accepts)


def _has(line: LineRow, words: Sequence[str], sees_other_side: bool) -> bool:
    cents = line.said_cents
    amount = "" if cents is None else format_cents(abs(cents))
    euros, _, rest = amount.partition(".")
    grouped = f"{int(euros or 0):,}".replace(",", ".")
    said = (
        *(line.payment, line.bank_reference, line.mandate, line.batch, line.name),
        *(amount, f"{euros},{rest}", f"{grouped},{rest}", f"{line.bank_date:%Y-%m-%d %d/%m/%Y}"),
        (line.counterparty_iban or "")[-4:],
    )
    personal = (line.counterparty_name, line.remittance, line.reason_text) if sees_other_side else ()
    text = " ".join(filter(None, (*said, *personal))).casefold()
    return all(word in text for word in words)


def view_line(context: Context, file: str, ordinal: int) -> BankLineDetails:
    """One line with the other side's name, IBAN and text, for the person who resolves it.

    Raises ``NotFound``, and ``IntegrityBroken`` for an open line that is not what the bank sent.
    """
    context.actor.must_be(*access.FINANCE)
    row = line_at(context, file, ordinal)
    line = row.line
    is_open = row.is_open or bool(mistakes_told_by(context, line)[0])
    if is_open:
        check_lines(context, [file])
    found = _suggestions(context, [line]) if is_open else {}
    if line.counterparty_iban is not None:
        context.disclose("bank line", line.name)
    return BankLineDetails(
        line=line_views(context, [line])[0],
        is_open=is_open,
        suggestions=found.get((file, ordinal), ()),
        proposal=_proposal_about(context, line.place),
        counterparty_name=line.counterparty_name,
        counterparty_iban=line.counterparty_iban,
        remittance=line.remittance,
        batch=line.batch,
        bank_code=line.bank_code,
        bank_word=line.bank_word,
        reason_text=line.reason_text,
    )


def _proposal_about(context: Context, place: Place) -> int | None:
    undoing = proposal_about(context, REOPENING, place) or proposal_about(context, UNMATCHING, place)
    return waiting_proposals(context).get(place) or undoing


def find_line(context: Context, key: str) -> tuple[str, int]:
    """File and place of a line by how people name it: the beginning of its file's sha256, and its place there.

    Raises ``InvalidInput``, and ``NotFound`` for a beginning of no file or of several.
    """
    match = _KEY.fullmatch(key)
    if match is None:
        raise errors.InvalidInput([{"path": "line", "message": Message("must be a line such as 1f8a2b3c4d5e/3")}])
    files = bank_lines.files_like(context.session, match[1])
    if len(files) != 1:
        raise errors.NotFound("bank line", key)
    return files[0], int(match[2])
