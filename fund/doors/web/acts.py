"""Acts: one action with one form, on a page of its own.

An act is declared by its address, texts, form and use case; its page, its errors and the links to it follow.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fund.documents.tables import Fact
from fund.documents.words import phrase, word
from fund.domain.access import Role
from fund.domain.texts import N_, Message
from fund.domain.views import Recording
from fund.doors.http.fields import HouseholdCode, LandlordCode, RowId, Sha256, UserCode
from fund.doors.http.inputs import Input
from fund.doors.transaction import Transaction, writing
from fund.doors.web.form_fields import Choice, bound_fields
from fund.doors.web.forms import Filled
from fund.doors.web.page_requests import Done, PageRequest, Seen
from fund.doors.web.requests import Desk
from fund.services.context import Context
from fund.services.proposals import TwoPersonAct

PROPOSED = N_("It is proposed; another person confirms it.")
Places = Mapping[str, Any]
"""What stands in the places of an act's address, as use cases take it."""

PLACES: dict[str, TypeAdapter[Any]] = {
    "household": TypeAdapter(HouseholdCode),
    "landlord": TypeAdapter(LandlordCode),
    "file": TypeAdapter(Sha256),
    "user": TypeAdapter(UserCode),
    **dict.fromkeys(
        ("account", "change", "contribution", "lease", "line", "overpayment", "proposal", "repayment", "rule", "seq"),
        TypeAdapter(RowId),
    ),
}
"""The shapes of the places; an address that does not fit is no page."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an act's page shows beside its form: facts to compare, choices, and initial values."""

    facts: Sequence[Fact] = ()
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    initial: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What an act is about: ``set_up`` reads what its page shows, and refuses what there is not.

    ``trail`` holds the pages above it, their places to be filled in; ``last`` finds one more that the address does not
    name.
    """

    set_up: Callable[[Context, Places], Setting]
    trail: tuple[tuple[str, str], ...] = ()
    last: Callable[[Context, Places], tuple[str, str]] | None = None

    def pages(self, context: Context, places: Places) -> list[tuple[str, str]]:
        """Addresses and titles of the pages above the act."""
        named = [(path.format(**places), title) for path, title in self.trail]
        return named if self.last is None else [*named, self.last(context, places)]


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an act, for a user who is permitted to do it."""

    path: str
    text: str
    is_danger: bool


@dataclass(frozen=True)
class Act:
    """One thing to do. Texts are of the catalogue.

    ``do`` is the use case, which takes the places of the address and the fields of the form; a field that is named like
    a place is taken from there. Unless its answer is a page or a message, ``message`` is: ``%(entry)s`` in it is the
    number that the use case gives. It stands on the nearest page above the act, or on ``to``, which may name a field.
    What it has only proposed stands on the page of the proposal.

    ``begin`` is ``writing_unchecked`` for what is done whatever books and clock are like.
    """

    path: str
    title: str
    button: str
    model: type[Input]
    roles: tuple[Role, ...]
    about: About
    do: Callable[..., object]
    message: str = ""
    lead: str = ""
    to: str = ""
    is_danger: bool = False
    begin: Transaction = writing

    def show(self, desk: PageRequest) -> Response:
        """The page with the form: empty, or as it was sent without a session."""
        return self._page(desk, _places(desk), desk.kept_form())

    def take(self, desk: PageRequest) -> Response:
        """Do what the form asks for."""
        places = _places(desk)
        return desk.submit(
            self.model,
            lambda context, form: self._do(context, places, form),
            lambda filled: self._page(desk, places, filled),
            given=places,
            begin=self.begin,
        )

    def _do(self, context: Context, places: Places, form: Input) -> Done | Seen:
        facts = {**places, **form.facts()}
        answer = self.do(context, **facts)
        if isinstance(answer, Recording):
            if answer.proposal is not None:
                return Done(f"/proposals/{answer.proposal}", Message(PROPOSED))
            answer = answer.entry
        if isinstance(answer, Done | Seen):
            return answer
        number = {"entry": str(answer)} if isinstance(answer, int) else {}
        message = answer if isinstance(answer, Message) else Message(self.message, number)
        to = self.to.format(**facts, **number) if self.to else self.about.pages(context, places)[-1][0]
        return Done(to, message)

    def _page(self, desk: PageRequest, places: Places, filled: Filled) -> Response:
        desk.actor.must_be(*self.roles)
        with desk.reading() as context:
            setting, pages = self.about.set_up(context, places), self.about.pages(context, places)
        speak = desk.speak
        named = {name: word(str(value), speak) for name, value in places.items()}
        return desk.page(
            "act.html",
            act=self,
            form=filled,
            facts=setting.facts,
            fields=list(bound_fields(self.model, setting.choices, setting.initial, lambda code: phrase(code, speak))),
            trail=[(path, speak.gettext(title, **named)) for path, title in pages],
        )


def proposal(
    act: TwoPersonAct[Any],
    use_case: Callable[..., int],
    path: str,
    title: str,
    model: type[Input],
    about: About,
    lead: str = "",
    *,
    message: str = PROPOSED,
    is_danger: bool = False,
) -> Act:
    """An act that proposes what another person confirms: people of the act's roles, by its use case."""
    to, button = "/proposals/{entry}", N_("Propose")
    return Act(path, title, button, model, act.people, about, use_case, message, lead, to, is_danger)


def _places(desk: PageRequest) -> Places:
    try:
        return {name: PLACES[name].validate_python(text) for name, text in desk.request.path_params.items()}
    except ValidationError:
        raise HTTPException(404) from None


def add_acts(router: APIRouter, acts: Iterable[Act]) -> None:
    """Give each act its address."""
    for act in acts:
        show, take = _endpoints(act)
        router.add_api_route(act.path, show, methods=["GET"])
        router.add_api_route(act.path, take, methods=["POST"])


def _endpoints(act: Act) -> tuple[Callable[..., Response], Callable[..., Response]]:
    def show(desk: Desk) -> Response:
        return act.show(desk)

    def take(desk: Desk) -> Response:
        return act.take(desk)

    return show, take


def links(desk: PageRequest, *acts: Act, **places: object) -> list[Link]:
    """The acts of a subject that the reader may do."""
    permitted = [act for act in acts if desk.actor.role in act.roles]
    return [Link(act.path.format(**places), act.title, act.is_danger) for act in permitted]
