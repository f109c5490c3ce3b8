"""The ``PageRequest`` that a route is given: session, language, forms, and the page that answers.

A page reads with ``reading()`` and is drawn with ``page()``. A form is taken with ``submit()``: it is read, done and
committed, and answered by a redirection with a message (POST → redirect → GET); refused, it is shown again.
"""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fund.app import App
from fund.documents.catalogue import Translator, translator
from fund.documents.choosing import ListQuery
from fund.documents.pages import render_page
from fund.documents.reasons import any_reason
from fund.documents.tables import Table
from fund.documents.words import LANGUAGE_NAMES, formula_in_words, phrase, place_in_words, thresholds_in_words, word
from fund.domain.access import NEEDS_SECOND_FACTOR, READERS, SYSTEM, Actor
from fund.domain.desk_views import GRID_STATES
from fund.domain.errors import FundError, FundMissing, NotAuthenticated, NotFound, NotPermitted, TooManyAttempts
from fund.domain.identifiers import grouped
from fund.domain.texts import Message
from fund.doors import transaction
from fund.doors.attempts import check_code
from fund.doors.http.inputs import Input
from fund.doors.transaction import Transaction, previewing, reading, writing_unchecked
from fund.doors.web import cookies
from fund.doors.web.assets import asset
from fund.doors.web.back_link import back_link
from fund.doors.web.forms import CODE, EMPTY, CodeAgain, Filled, filled_in, read_form
from fund.doors.web.kept_forms import LIFE, KeptForms
from fund.doors.web.listing import Listed, listed
from fund.doors.web.navigation import entries_for
from fund.doors.web.problems import render_problem
from fund.doors.web.state_style import state_style
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.users import sessions, users
from fund.services.users.sessions import Login
from fund.settings import LANGUAGES
from ledger.months import Month

F = TypeVar("F", bound=Input)
R = TypeVar("R")
MAX_NEXT = 500
"""So long an address is come back to after a login."""
SESSION_ENDED = "session-ended"
"""Why the login page is shown to a browser whose session was in force."""
MAX_ASKED = 200
"""So many signs of a word, state or column of a list are read."""
_AFTER = re.compile("[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent with a form."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """What a form did: the page to go to, and the message there."""

    to: str
    message: Message


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form did, where its answer is a page that is seen but once: it shows a secret that rests nowhere."""

    template: str
    context: Mapping[str, Any]


@dataclass(slots=True)
class PageRequest:
    """One request for a page; ``login`` is ``None`` without a session."""

    app: App
    request: Request
    language: str
    secret: str | None = None
    login: Login | None = None
    visitor: str | None = None
    fund_name: str = ""
    city: str = ""
    users: Mapping[str, str] = field(default_factory=dict)
    posted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    uploads: Mapping[str, Sequence[Upload]] = field(default_factory=dict)
    _landlords: Mapping[str, str] | None = None

    @property
    def actor(self) -> Actor:
        """The current user. Raises ``NotAuthenticated`` without a session."""
        if self.login is None:
            raise NotAuthenticated()
        return self.login.actor

    @property
    def speak(self) -> Translator:
        return replace(translator(self.language), users=self.users, landlords=self.landlord_name)

    def landlord_name(self, landlord: str) -> str | None:
        """The name of a landlord, for who may read it; all are read with the first that a page asks for."""
        if self._landlords is None:
            with self.reading() as context:
                self._landlords = lists.landlord_names(context)
        return self._landlords.get(landlord)

    @property
    def key(self) -> str | None:
        """What this browser's form tokens and messages are signed with."""
        return self.login.csrf_secret if self.login else self.visitor

    @property
    def asked(self) -> ListQuery:
        """What the address asks of a list. What is longer than an answer could be asks for nothing."""
        given = self.request.query_params
        words, state, order = (given.get(name, "").strip()[:MAX_ASKED] for name in ("q", "state", "sort"))
        return ListQuery(words, state, order)

    def listed(self, table: Table[R], rows: Sequence[R]) -> Listed[R]:
        """The page of a list that the address asks for."""
        after = self.request.query_params.get("after", "0")
        return listed(table, rows, self.asked, int(after) if _AFTER.fullmatch(after) else 0, self.speak)

    @property
    def address(self) -> str:
        """Where the service is: as configured, or as this request asked for it."""
        return self.app.settings.public_url or str(self.request.base_url).rstrip("/")

    @property
    def https(self) -> bool:
        return self.app.settings.is_public_https

    @property
    def owes_code(self) -> bool:
        """Whether what cannot be taken back takes a code: of who came in by one, and where the role requires one."""
        if self.login is None:
            return False
        is_required = self.app.settings.needs_second_factor and self.login.actor.role in NEEDS_SECOND_FACTOR
        return is_required or self.login.second_factor_at is not None

    def mark_of(self, user: str) -> str | None:
        """The mark that this browser keeps of a user who has come in from it before."""
        return cookies.read_cookie(self.request, cookies.KNOWN.format(user=user), https=self.https)

    def reading(self) -> AbstractContextManager[Context]:
        """A context for use cases that only read."""
        return reading(self.app, self.actor)

    def previewing(self) -> AbstractContextManager[Context]:
        """The real path without its commit."""
        return previewing(self.app, self.actor)

    @contextmanager
    def writing(self, begin: Transaction = transaction.writing) -> Iterator[Context]:
        """A context whose change is committed at its end. Whether the session is in force is judged again inside."""
        with begin(self.app, self.actor) as context:
            sessions.find_session(context, self.secret or "")
            yield context

    def form(self, model: type[F]) -> F:
        """What was sent, as a model. Raises ``InvalidInput``."""
        return read_form(model, self.posted)

    def check_code(self, form: CodeAgain) -> None:
        """Ask for the second factor once more; the code is used up. Raises what ``check_code`` of the doors does."""
        code = form.one_time_code
        check_code(self.app, self.actor, code, is_required=self.app.settings.needs_second_factor)

    def _read(self, model: type[F], given: Mapping[str, object], *, asks_code: bool) -> F:
        """The form, with what its address says of the fields; then the code that is asked for beside it."""
        known = given.keys() & model.model_fields.keys()
        posted = {**self.posted, **{name: [*self.posted.get(name, ()), str(given[name])] for name in known}}
        code = posted.pop(CODE, ()) if asks_code else ()
        form = read_form(model, posted)
        if asks_code:
            self.check_code(read_form(CodeAgain, {CODE: code}))
        return form

    def submit(
        self,
        model: type[F],
        act: Callable[[Context, F], Done | Seen],
        again: Callable[[Filled], Response],
        *,
        given: Mapping[str, object] | None = None,
        asks_code: bool = False,
        begin: Transaction = transaction.writing,
    ) -> Response:
        """Read a form, do what it asks for in one transaction, and go on to a page that says so, or show it once.

        A refusal shows the form ``again``, with what was typed and what is wrong. Who may not do it at all, or asks
        for what there is not, gets an error page. ``given`` is what the address says of the model's fields;
        ``asks_code`` asks for the second factor first.
        """
        try:
            form = self._read(model, given or {}, asks_code=asks_code)
            with self.writing(begin) as context:
                done = act(context, form)
        except (NotAuthenticated, NotPermitted, NotFound):
            raise
        except FundError as refused:
            return self.again(refused, again)
        if isinstance(done, Seen):
            return self.page(done.template, back=None, **done.context)
        return self.done(done.to, done.message)

    def again(self, refused: FundError, show: Callable[[Filled], Response]) -> Response:
        """A refused form once more, under the refusal's status."""
        problem = render_problem(refused, self.speak)
        response = show(filled_in(self.posted, problem))
        response.status_code = int(problem["status"])
        if isinstance(refused, TooManyAttempts):
            response.headers["Retry-After"] = str(refused.wait_seconds)
        return response

    def keep_form(self, response: Response) -> bool:
        """Keep what was typed for the page that it belongs to, and give the browser its secret. Says whether it is."""
        if not self.posted:
            return False
        forms: KeptForms = self.request.app.state.kept_forms
        secret = forms.keep(back_link(self.request), self.posted, self.app.clock.now())
        cookies.set_cookie(response, cookies.KEPT_FORM, secret, https=self.https, seconds=int(LIFE.total_seconds()))
        return True

    def kept_form(self) -> Filled:
        """The form of this page as it was sent without a session, else an empty one."""
        secret = cookies.read_cookie(self.request, cookies.KEPT_FORM, https=self.https)
        forms: KeptForms = self.request.app.state.kept_forms
        posted = forms.find(secret, quote(self.request.url.path), self.app.clock.now()) if secret else None
        if posted is None:
            return EMPTY
        _ = self.speak.gettext
        title, detail = _("What you typed is here again"), _("Nothing was done with it yet: check it, and send it.")
        return Filled(posted, title=title, detail=detail, is_refused=False)

    def page(self, template: str, /, status: int = 200, **context: object) -> Response:
        """Draw ``templates/web/<template>`` with what every page has; see ``docs/desk.md`` for the names.

        What answers a form and stands on no page of its own says where ``back`` is, or ``None`` if it is seen but once.
        """
        response = HTMLResponse("", status, {"Content-Language": self.language})
        if self.key is None:
            self.visitor = secrets.token_urlsafe(32)
            cookies.set_cookie(response, cookies.VISITOR, self.visitor, https=self.https)
        html = render_page(f"web/{template}", self.language, **(self._shared(response) | context))
        response.body = html.encode()
        response.headers["Content-Length"] = str(len(response.body))
        return response

    def _shared(self, response: Response) -> dict[str, Any]:
        speak = self.speak
        return {
            "amount": speak.amount,
            "asset": asset,
            "choose": self.listed,
            "back": safe_path(back_link(self.request)),
            "city": self.city,
            "colleagues": self.users,
            "csrf": cookies.form_token(self.key) if self.key else "",
            "flash": self._flash(response),
            "formula": lambda text: formula_in_words(text, speak),
            "fund_name": self.fund_name,
            "grid_states": GRID_STATES,
            "grouped": grouped,
            "here": self.request.url.path,
            "landlord_name": self.landlord_name,
            "language_names": LANGUAGE_NAMES,
            "state_style": state_style,
            "may_search": self.login is not None and self.login.actor.role in READERS,
            "me": self.login,
            "owes_code": self.owes_code,
            "menu": entries_for(self.login.actor.role if self.login else None),
            "month_of": lambda text: speak.month(Month.parse(text)),
            "phrase": lambda text: phrase(text, speak),
            "place": lambda text: place_in_words(text, speak),
            "reason": lambda code: any_reason(code, speak),
            "thresholds": lambda text: thresholds_in_words(text, speak),
            "say": speak.say,
            "word": lambda code: word(code, speak),
        }

    def _flash(self, response: Response) -> str | None:
        sealed = cookies.read_cookie(self.request, cookies.FLASH, https=self.https)
        if sealed is None:
            return None
        cookies.drop_cookie(response, cookies.FLASH, https=self.https)
        message = cookies.unseal(self.key, sealed) if self.key else None
        return self.speak.say(message) if message else None

    def go(self, to: str) -> Response:
        """Go on to a page of ours by GET."""
        return RedirectResponse(safe_path(to), 303)

    def done(self, to: str, message: Message) -> Response:
        """Go on to a page of ours, and say there what was done."""
        response = self.go(to)
        if secret := cookies.read_cookie(self.request, cookies.KEPT_FORM, https=self.https):
            self.request.app.state.kept_forms.drop(secret)
            cookies.drop_cookie(response, cookies.KEPT_FORM, https=self.https)
        if self.key:
            sealed = cookies.seal(self.key, message)
            cookies.set_cookie(response, cookies.FLASH, sealed, https=self.https, seconds=cookies.FLASH_SECONDS)
        return response


def read_page_request(request: Request) -> PageRequest:
    """A request with the session behind its cookie, if that is in force."""
    app: App = request.app.state.fund
    page_request = PageRequest(app, request, language_of(request, app))
    secret = cookies.read_cookie(request, cookies.SESSION, https=page_request.https)
    page_request.visitor = cookies.read_cookie(request, cookies.VISITOR, https=page_request.https)
    with reading(app, SYSTEM) as context:
        at = context.at
        with suppress(FundMissing):
            fund = lists.read_fund(context)
            page_request.fund_name, page_request.city = fund.name, fund.city
        with suppress(NotAuthenticated):
            page_request.login = sessions.find_session(context, secret) if secret else None
        if page_request.login is not None:
            page_request.users = users.logins(context)
    if page_request.login is not None and secret is not None:
        page_request.secret = secret
        if sessions.is_stale(page_request.login, at):
            with writing_unchecked(app, page_request.login.actor) as context:
                sessions.touch_session(context, secret)
    return page_request


def language_of(request: Request, app: App) -> str:
    """The language chosen in this browser, else the installation's."""
    chosen = cookies.read_cookie(request, cookies.LANGUAGE, https=app.settings.is_public_https)
    return chosen if chosen in LANGUAGES else app.settings.language


def with_next(path: str, asked: str) -> str:
    """The address of a step of the login, with the page to go to afterwards."""
    to = safe_path(asked)
    return path + (f"?{urlencode({'next': to})}" if to != "/" else "")


def safe_path(to: str) -> str:
    """A path of ours, whatever was asked for: never another host, never a script."""
    is_plain = to.isascii() and to.isprintable() and " " not in to and "\\" not in to
    parts = urlsplit(to) if is_plain else None
    is_ours = parts is not None and not parts.scheme and not parts.netloc and to.startswith("/") and to[1:2] != "/"
    return to if is_ours else "/"
