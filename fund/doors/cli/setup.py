"""Commands that make a home or serve one: init, rebuild, serve."""

import errno
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fund.app import App, Commits, open_rebuild
from fund.documents.catalogue import Translator
from fund.domain.access import SYSTEM
from fund.domain.agreement.reading import Agreement, AgreementInvalid, read_agreement
from fund.domain.errors import (
    AlreadyExists,
    FundMissing,
    IntegrityBroken,
    InvalidAgreement,
    InvalidInput,
    TreasuryMissing,
)
from fund.domain.texts import Message
from fund.doors.cli.acts import proposed
from fund.doors.cli.money.balances import print_balances
from fund.doors.cli.output import print_problem
from fund.doors.cli.session import Session, actor
from fund.doors.cli.users.people import print_invitation
from fund.doors.jobs.mailing import open_mailer
from fund.doors.secrets import new_invitation_secret
from fund.doors.transaction import reading, writing
from fund.services.banking.treasury import propose_treasury
from fund.services.books.books import check_empty
from fund.services.books.rebuilding import read_source
from fund.services.books.rebuilding import rebuild as rebuild_money
from fund.services.day_confirmations import clock_refusal
from fund.services.founding import found, founders_of
from fund.services.money.balances import read_balances
from fund.services.users import invitations
from fund.services.users.recovery import recover as recover_access
from fund.settings import Settings
from ledger.books import MANIFEST, own_files


def read_file(file: Path) -> Agreement:
    """Read an agreement file. Raises ``InvalidAgreement`` with every problem in it."""
    try:
        return read_agreement(file)
    except AgreementInvalid as invalid:
        raise InvalidAgreement([{**one.facts, "path": one.path or file.name} for one in invalid.problems]) from None


def init(session: Session, file: Path) -> None:
    """Begin a fund from its agreement file; a file with problems writes nothing.

    Raises ``BooksNotEmpty`` in a home with the books of another fund, or of one that lost its database.
    """
    _ = session.speak.gettext
    agreement = read_file(file)
    with session.app(makes_home=True) as app:
        if not has_fund(app):
            check_empty(app.settings.books)
            app.fingerprint_key.make()
        founders = founders_of(agreement, new_invitation_secret)
        with writing(app, SYSTEM) as context:
            found(context, agreement, founders)
            expires_at = context.at + invitations.LIFE
        with reading(app, SYSTEM) as context:
            print_balances(read_balances(context), session.speak)
    key = app.settings.fingerprint_key_file
    print(_("Keep a copy of %(file)s apart from those of the database: without it the fund does not start.", file=key))
    for founder in founders:
        print_invitation(session, founder.new.login, founder.secret, expires_at)
    print(_("The fund is in %(home)s. Hand each invitation to its own person.", home=app.settings.home))


def recover(session: Session, file: Path) -> None:
    """Invite the admin and the auditor of an agreement file anew, once that was announced for long enough."""
    _ = session.speak.gettext
    founders = founders_of(read_file(file), new_invitation_secret)
    with session.app() as app, writing(app, SYSTEM, recovers=True) as context:
        until = recover_access(context, founders)
        expires_at = context.at + invitations.LIFE
    if until is not None:
        print(
            _(
                "All users are told. Until %(time)s every user in force can reject it; then run the same command "
                "again.",
                time=session.speak.instant(until),
            )
        )
        return
    for founder in founders:
        print_invitation(session, founder.new.login, founder.secret, expires_at)


def propose_account(session: Session, file: Path, login: str | None) -> None:
    """Propose the ``[treasury]`` of a changed agreement file; nothing else of it is looked at.

    Raises ``TreasuryMissing`` where it has none, ``InvalidInput`` where it is another fund's.
    """
    agreement = read_file(file)
    facts = agreement.treasury
    if facts is None:
        raise TreasuryMissing()
    with session.app() as app, writing(app, actor(app, login)) as context:
        if agreement.fund.code != context.fund().code:
            raise InvalidInput([{"path": "fund.code", "message": Message("is another fund’s")}])
        number = propose_treasury(context, facts)
    print(session.speak.say(proposed(number)))


def has_fund(app: App) -> bool:
    """Whether a fund was begun in the database."""
    with reading(app, SYSTEM) as context:
        try:
            context.fund()
        except FundMissing:
            return False
    return True


def rebuild(session: Session, books: Path) -> None:
    """Make a home from a set of books, publish them again, and compare every file byte by byte; one more entry says so.

    A rebuild that was cut off is taken up again where it stopped. The books may be the home's own, whose database is
    lost. Raises ``AlreadyExists`` and ``BooksNotEmpty`` in a home that is a fund's.
    """
    settings = session.settings
    _ = session.speak.gettext
    source = read_source(books)
    is_resumed = settings.rebuild_mark.exists()
    if not is_resumed:
        _check_free(session, books)
    with open_rebuild(settings, session.commits) as app:
        with writing(app, SYSTEM) as context:
            rebuild_money(context, source, is_resumed=is_resumed)
        app.books.publish()
        differing = [name for name in own_files(books) if not _goes_on(settings.books / name, books / name)]
        if differing:
            raise IntegrityBroken(differing)
        with reading(app, SYSTEM) as context:
            print_balances(read_balances(context), session.speak)
    print(_("Rebuilt in %(home)s; its books go on from the same bytes.", home=settings.home))


def _goes_on(made: Path, book: Path) -> bool:
    """Whether a file of the books has all that another has, byte by byte; the manifest lists them as they are now."""
    return book.name == MANIFEST or made.read_bytes().startswith(book.read_bytes())


def _check_free(session: Session, books: Path) -> None:
    """Raises ``AlreadyExists`` where the database holds a fund, ``BooksNotEmpty`` for another fund's books."""
    settings = session.settings
    if settings.database_file.exists() or not settings.is_embedded:
        with session.app(makes_home=True) as app:
            if has_fund(app):
                raise AlreadyExists("fund", str(settings.home))
    if not (settings.books.exists() and settings.books.samefile(books)):
        check_empty(settings.books)


def serve(session: Session, host: str, port: int) -> None:
    """Serve pages and API until interrupted or terminated, with the scheduler waking the jobs."""
    import uvicorn

    from fund.doors.jobs.scheduler import start_scheduler
    from fund.doors.server import create_server

    with _listening(host, port) as listener, session.app() as opened:
        place = f"[{host}]" if ":" in host else host
        address = f"http://{place}:{listener.getsockname()[1]}"
        app = replace(opened, commits=Commits(), settings=replace(opened.settings, served_at=address))
        open_mailer(app.settings)  # settings that cannot be are told now, not by the first letter
        scheduler = start_scheduler(app)
        server = create_server(app, scheduler)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as the keyboard's interrupt does: tidily
        try:
            _print_clock_refusal(app, session.speak)
            _warn_of_address(app.settings, session.speak)
            print(f"{address}/")
            print(f"{address}/api/v1/openapi.json", flush=True)
            configured = uvicorn.Config(server, log_level="warning", lifespan="off")
            with suppress(KeyboardInterrupt):
                uvicorn.Server(configured).run(sockets=[listener])
        finally:
            server.close()
            scheduler.shutdown(wait=True)


def _print_clock_refusal(app: App, speak: Translator) -> None:
    """Say on standard error why nothing can be written, if the clock is why."""
    with reading(app, SYSTEM) as context:
        refusal = clock_refusal(context)
    if refusal is not None:
        print_problem(refusal, speak)


def _warn_of_address(settings: Settings, speak: Translator) -> None:
    """Warn where mail is sent whose links may lead nowhere."""
    if settings.smtp_url is not None and settings.public_url is None:
        warning = speak.gettext(
            "FUND_PUBLIC_URL is not set: the links in mail lead to %(address)s.", address=settings.address
        )
        print(warning, file=sys.stderr)


def _listening(host: str, port: int) -> socket.socket:
    """The socket to serve on. Raises ``InvalidInput`` where this machine cannot listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as failure:
        taken = Message("is taken by another program that listens there already")
        message = (
            taken if failure.errno == errno.EADDRINUSE else Message("is no address at which this machine can listen")
        )
        raise InvalidInput([{"path": f"{host}:{port}", "message": message}]) from None
