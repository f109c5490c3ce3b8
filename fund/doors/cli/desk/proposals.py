"""What waits to be confirmed, at the command line."""

from collections.abc import Sequence
from datetime import date

import typer

from fund.documents.catalogue import Translator
from fund.documents.tables import facts_of, in_words
from fund.documents.words import word
from fund.domain.errors import DigestNeeded, InvalidInput
from fund.domain.proposals import NamedProposal, ProposalFull
from fund.domain.texts import Message
from fund.doors.cli.output import print_cells, print_json
from fund.doors.cli.session import Session, actor, ask_code, is_at_terminal
from fund.doors.http.schema import view_json
from fund.doors.tables.proposals import DECISION, facts_of_payload
from fund.doors.transaction import reading, writing
from fund.doors.words import office_words
from fund.services.desk import proposals


def list_proposals(session: Session, login: str | None, *, as_json: bool) -> None:
    """Print what waits to be confirmed, each with its digest."""
    with session.app() as app, reading(app, actor(app, login)) as context:
        views = proposals.list_proposals(context, in_full=True)
        speak = office_words(context, session.language)
    if as_json:
        print_json(view_json(views))
        return
    _print(views, speak)
    if not views:
        print(speak.gettext("Nothing waits to be confirmed."))


def _print(views: Sequence[ProposalFull], speak: Translator) -> None:
    _ = speak.gettext
    for view in views:
        print_cells(
            _("Proposal %(proposal)s", proposal=view.number) + f": {word(view.act, speak)}",
            [(_("detail"), False), (_("value"), False)],
            [
                (_(fact.label), in_words(fact, speak))
                for fact in (*facts_of_payload(view), *facts_of(DECISION, view))
                if fact.value is not None
            ],
        )


def confirm(
    session: Session, numbers: Sequence[int], digests: Sequence[str], called_back_on: date | None, login: str | None
) -> None:
    """Confirm proposals as they were shown: before, by their ``digests``, or now, at a terminal.

    Raises ``DigestNeeded`` where they were not shown and no terminal can ask, and what ``ask_code`` raises.
    """
    if not digests and not is_at_terminal():
        raise DigestNeeded()
    if digests and len(digests) != len(numbers):
        raise InvalidInput(
            [{"path": "--digest", "message": Message("is needed once for each proposal, in their order")}]
        )
    with session.app() as app:
        by = actor(app, login)
        if digests:
            named = [NamedProposal(*pair) for pair in zip(numbers, digests, strict=True)]
        else:
            with reading(app, by) as context:
                views = proposals.read_proposals(context, numbers)
                _print(views, office_words(context, session.language))
            typer.confirm(session.speak.gettext("Confirm exactly this?"), abort=True)
            named = [NamedProposal(view.number, view.digest) for view in views]
        ask_code(app, by)
        with writing(app, by) as context:
            done = proposals.confirm_proposals(context, named, called_back_on=called_back_on)
    for view in done:
        print(state_of(view, session.speak))


def state_of(view: ProposalFull, speak: Translator) -> str:
    """What has become of a proposal, as a line."""
    proposal = speak.gettext("Proposal %(proposal)s", proposal=view.number)
    waits = "" if view.waits_for is None else f" ({word(view.waits_for, speak)})"
    return f"{proposal}, {word(view.act, speak)}: {word(view.state, speak)}{waits}"
