"""Commands that are one act: a function of the context, in one transaction of who acts, and what is printed of it.

Such a function imports what it needs when it is called, so that ``fund --help`` stays quick. Its command has its
parameters and ``--as``.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeAlias

import typer

from fund.domain.texts import Message
from fund.doors.cli.options import As

if TYPE_CHECKING:
    from fund.documents.catalogue import Translator
    from fund.doors.cli.session import Session
    from fund.services.context import Context

P = ParamSpec("P")
Printed: TypeAlias = "Message | str | Callable[[Translator], str] | None"
"""What an act prints: a text of the catalogue, one that is the same in all languages, or one that is made in each."""
TYPED = "typed"
"""The parameter that takes what is asked for."""


def acting(
    *, asks: str = "", asks_code: bool = False, is_required: bool | None = None, books_nothing: bool = False
) -> Callable[[Callable[Concatenate["Context", P], Printed]], Callable[..., None]]:
    """A command of an act. ``asks`` is what is asked for, to be typed unseen, of the first of its arguments.

    ``asks_code`` asks for the second factor; ``is_required`` is as in ``ask_code``. What ``books_nothing`` is done
    whatever books and clock are like.
    """

    def decorate(function: Callable[Concatenate["Context", P], Printed]) -> Callable[..., None]:
        act: Callable[..., Printed] = function
        _, *parameters = inspect.signature(function).parameters.values()

        @wraps(function)
        def command(context: typer.Context, as_: str | None = None, **asked: Any) -> None:
            from fund.doors.cli.session import actor, actor_with_code, ask_password
            from fund.doors.transaction import writing, writing_unchecked

            session: Session = context.obj
            speak = session.speak
            with session.app() as app:
                by = actor_with_code(app, as_, is_required=is_required) if asks_code else actor(app, as_)
                if asks:
                    about = asked[parameters[0].name]
                    asked[TYPED] = ask_password(speak.gettext(asks, login=about, user=about))
                with (writing_unchecked if books_nothing else writing)(app, by) as opened:
                    printed = act(opened, **asked)
            match printed:
                case None:
                    pass
                case Message():
                    print(speak.say(printed))
                case str():
                    print(printed)
                case _:
                    print(printed(speak))

        return _declared(command, [one for one in parameters if one.name != TYPED])

    return decorate


def _declared(command: Callable[..., None], asked: list[inspect.Parameter]) -> Callable[..., None]:
    """A command with the parameters that Typer reads in place of its code's: what is asked, and ``--as``."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    by = inspect.Parameter("as_", kind, default=None, annotation=As)
    parameters = [inspect.Parameter("context", kind, annotation=typer.Context), *asked, by]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # inspect reads it there
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def proposed(number: int) -> Message:
    """What was proposed, and how another person confirms it."""
    return Message(
        "Proposal %(number)s; another person confirms it with: fund confirm %(number)s", {"number": str(number)}
    )
