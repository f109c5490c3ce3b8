"""Acts: one action with one form, on a page of its own.

An act is declared by its address, texts, form and use case; its page, its errors and the links to it follow.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from fastapi import APIRouter
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fund.documents.tables import Fact
from fund.documents.words import phrase, word
from fund.domain.access import Role
from fund.domain.texts import N_, Message
from fund.doors.http.fields import HouseholdCode, LandlordCode, RowId, Sha256, UserCode
from fund.doors.http.inputs import Input
from fund.doors.transaction import Transaction, writing
from fund.doors.web.form_fields import Choice, bound_fields
from fund.doors.web.forms import EMPTY, Filled
from fund.doors.web.page_requests import Done, PageRequest, Seen
from fund.doors.web.requests import Desk
from fund.services.context import Context
from fund.services.proposals import TwoPersonAct

F = TypeVar("F", bound=Input)

Places = Mapping[str, Any]
"""What stands in the places of an act's address, as use cases take it."""

PLACES: dict[str, TypeAdapter[Any]] = {
    "household": TypeAdapter(HouseholdCode),
    "landlord": TypeAdapter(LandlordCode),
    "file": TypeAdapter(Sha256),
    "user": TypeAdapter(UserCode),
    **dict.fromkeys(
        ("account", "change", "contribution", "lease", "line", "overpayment", "proposal", "repayment", "seq"),
        TypeAdapter(RowId),
    ),
}
"""The shapes of the places; an address that does not fit is no page."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an act's page shows beside its form: facts to compare, choices, and initial values.

    ``above`` are pages above it that the act's own trail does not know.
    """

    facts: Sequence[Fact] = ()
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    initial: Mapping[str, str] = field(default_factory=dict)
    above: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an act, for a user who is permitted to do it."""

    path: str
    text: str
    is_danger: bool


@dataclass(frozen=True)
class Act(Generic[F]):
    """One thing to do. Texts are of the catalogue; ``trail`` holds the pages above it, their places to be filled in.

    A field of the ``model`` that is named like a place of the address is taken from there.

    ``set_up`` reads what the page shows; it refuses what there is not. ``do`` is the use case. ``asks_code`` asks for
    the second factor once more. ``begin`` is ``writing_unchecked`` for what is done whatever books and clock are like.
    """

    path: str
    title: str
    button: str
    model: type[F]
    roles: tuple[Role, ...]
    do: Callable[[Context, Places, F], Done | Seen]
    set_up: Callable[[Context, Places], Setting]
    trail: tuple[tuple[str, str], ...]
    lead: str = ""
    is_danger: bool = False
    asks_code: bool = False
    begin: Transaction = writing

    def show(self, desk: PageRequest) -> Response:
        """The page with the empty form."""
        return self._page(desk, _places(desk), EMPTY)

    def take(self, desk: PageRequest) -> Response:
        """Do what the form asks for."""
        places = _places(desk)
        return desk.submit(
            self.model,
            lambda context, form: self.do(context, places, form),
            lambda filled: self._page(desk, places, filled),
            given=places,
            asks_code=self.asks_code,
            begin=self.begin,
        )

    def _page(self, desk: PageRequest, places: Places, filled: Filled) -> Response:
        desk.actor.must_be(*self.roles)
        with desk.reading() as context:
            setting = self.set_up(context, places)
        speak = desk.speak
        named = {name: word(str(value), speak) for name, value in places.items()}
        trail = [(path.format(**places), speak.gettext(text, **named)) for path, text in self.trail]
        return desk.page(
            "act.html",
            act=self,
            form=filled,
            facts=setting.facts,
            fields=list(bound_fields(self.model, setting.choices, setting.initial, lambda code: phrase(code, speak))),
            trail=[*trail, *setting.above],
        )


def proposal(
    act: TwoPersonAct[Any],
    use_case: Callable[..., int],
    path: str,
    title: str,
    model: type[Input],
    set_up: Callable[[Context, Places], Setting],
    trail: tuple[tuple[str, str], ...],
    lead: str = "",
    *,
    said: str = N_("It is proposed; another person confirms it."),
    is_danger: bool = False,
) -> Act[Any]:
    """An act that proposes what another person confirms: people of the act's roles, by its use case (see ``done``)."""

    def do(context: Context, places: Places, form: Input) -> Done:
        number = use_case(context, **{**places, **form.facts()})
        return Done(f"/proposals/{number}", Message(said))

    return Act(path, title, N_("Propose"), model, act.people, do, set_up, trail, lead, is_danger)


def done(use_case: Callable[..., object], page: tuple[str, str], said: str) -> Callable[[Context, Places, Input], Done]:
    """What an act does that is its use case alone, which takes the places of the address and the fields of the form.

    It goes on to a ``page``, where ``said`` is told; ``%(entry)s`` is the number that the use case gives.
    """

    def do(context: Context, places: Places, form: Input) -> Done:
        entry = use_case(context, **{**places, **form.facts()})
        return Done(page[0].format(**places), Message(said, {"entry": str(entry)}))

    return do


def _places(desk: PageRequest) -> Places:
    try:
        return {name: PLACES[name].validate_python(text) for name, text in desk.request.path_params.items()}
    except ValidationError:
        raise HTTPException(404) from None


def add_acts(router: APIRouter, acts: Iterable[Act[Any]]) -> None:
    """Give each act its address."""
    for act in acts:
        show, take = _endpoints(act)
        router.add_api_route(act.path, show, methods=["GET"])
        router.add_api_route(act.path, take, methods=["POST"])


def _endpoints(act: Act[Any]) -> tuple[Callable[..., Response], Callable[..., Response]]:
    def show(desk: Desk) -> Response:
        return act.show(desk)

    def take(desk: Desk) -> Response:
        return act.take(desk)

    return show, take


def links(desk: PageRequest, *acts: Act[Any], **places: object) -> list[Link]:
    """The acts of a thing that the reader may do."""
    return list(_links(desk, acts, places))


def _links(desk: PageRequest, acts: Iterable[Act[Any]], places: Mapping[str, object]) -> Iterator[Link]:
    for act in acts:
        if desk.actor.role in act.roles:
            yield Link(act.path.format(**places), act.title, act.is_danger)
