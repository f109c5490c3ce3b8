"""The mail door: what is queued leaves, message by message, each claimed before and answered for after it."""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta

from fund import mail
from fund.app import App
from fund.documents.mail_texts import (
    Words,
    account_words,
    booked_words,
    head_words,
    link_words,
    notice_words,
    statement_words,
)
from fund.documents.words import word
from fund.domain.access import SYSTEM
from fund.domain.identifiers import mask_iban
from fund.domain.lists import UserNotice
from fund.doors.rendering import render_pack
from fund.doors.transaction import reading, writing, writing_unchecked
from fund.doors.words import office_words
from fund.mail import Attachment, FolderMailer, Letter, Mailer, Undelivered
from fund.services.books.audit_pack import make_pack
from fund.services.context import Context
from fund.services.landlords.landlords import list_accounts
from fund.services.statements import deliveries, links
from fund.services.statements.deliveries import Claimed, ClaimedNotice
from fund.services.statements.links import NewLink
from fund.services.users.notices import booked_in_name
from fund.settings import Settings
from ledger.months import Month

PORTAL = "/landlord"
LINK_PATH, ASK_PATH = f"{PORTAL}/link", f"{PORTAL}/ask"
"""Where landlords' browsers go; the pages stand under the same addresses."""


def open_mailer(settings: Settings) -> Mailer:
    """How this installation sends. Raises ``InvalidInput`` for settings that cannot be."""
    return mail.mailer_of(settings.smtp_url, settings.smtp_password, settings.mail_folder)


def link_address(address: str, secret: str, language: str) -> str:
    """What a landlord is given to open, at the service's ``address``; its page speaks the landlord's language."""
    return f"{address}{LINK_PATH}/{secret}?lang={language}"


def send_mail(app: App) -> str:
    """Send everything that is due, what users are told first. Returns how much of it left and how much did not, for
    the job's record.

    A server that does not answer ends the round: the rest is as due in the next one. While nothing may be written,
    users are told so all the same, and landlords are written to afterwards.
    """
    mailer = open_mailer(app.settings)
    with writing_unchecked(app, SYSTEM) as context:
        deliveries.lapse_claims(context)
    outcomes = _send_all(app, mailer, _claim_notice)
    with writing(app, SYSTEM) as context:
        deliveries.queue_requested_links(context)
    if "unreachable" not in outcomes:
        outcomes += _send_all(app, mailer, _claim)
    if isinstance(mailer, FolderMailer):
        _forget(app, mailer)
    sent = outcomes.count("")
    return f"sent {sent}, failed {len(outcomes) - sent}" if outcomes else ""


Taken = tuple[Claimed, str]
"""A claimed message, and the secret of the link that it brings, if it brings one."""


def _send_all(app: App, mailer: Mailer, claim: Callable[[App], Taken | None]) -> list[str]:
    """Send what is due until a server does not answer. Returns why each message failed, empty where it left."""
    outcomes: list[str] = []
    while "unreachable" not in outcomes and (taken := claim(app)) is not None:
        claimed, secret = taken
        try:
            code = mailer.send(_letter(app, claimed, secret))
        except Undelivered as failure:
            outcomes.append(failure.failure)
            _record_failure(app, claimed, failure)
        else:
            outcomes.append("")
            with writing_unchecked(app, SYSTEM) as context:  # it has left, whatever the books are like by now
                deliveries.record_sent(context, claimed, via=mailer.via, code=code)
    return outcomes


def _claim_notice(app: App) -> Taken | None:
    with writing_unchecked(app, SYSTEM) as context:
        claimed = deliveries.claim_notice(context)
    return None if claimed is None else (claimed, "")


def _claim(app: App) -> Taken | None:
    link, secret = new_link()
    with writing(app, SYSTEM) as context:
        claimed = deliveries.claim_delivery(context, link=link, secret=secret, life=_life(app.settings))
    return None if claimed is None else (claimed, secret)


def new_link() -> tuple[str, str]:
    """A link's public id, and its secret of 256 bits."""
    return secrets.token_hex(6), secrets.token_urlsafe(32)


def create_link(context: Context, landlord: str, settings: Settings, address: str) -> tuple[NewLink, str]:
    """Create a link to hand over: what is kept of it, and where it is opened at the service's ``address``."""
    link, secret = new_link()
    made = links.create_link(context, landlord=landlord, link=link, secret=secret, life=_life(settings))
    return made, link_address(address, secret, made.language)


def _life(settings: Settings) -> timedelta:
    """How long a link can be exchanged."""
    return timedelta(days=settings.link_days)


def _letter(app: App, claimed: Claimed, secret: str) -> Letter:
    settings, issued = app.settings, claimed.statement
    fund = {"city": claimed.city, "fund_name": claimed.fund_name}
    key, attachment = f"message-{claimed.id}", None
    if claimed.closing is not None:
        words = _head_words(app, claimed.language, claimed.closing, fund)
    elif claimed.notice is not None:
        words = _notice_words(app, claimed.language, claimed.notice, fund, settings.address)
    elif issued is None:
        assert claimed.expires_at is not None
        address = link_address(settings.address, secret, claimed.language)
        words = link_words(claimed.language, **fund, address=address, expires_at=claimed.expires_at)
        key = f"{key}.{claimed.attempt}"  # each attempt brings another secret
    else:
        words = statement_words(
            claimed.language,
            **fund,
            number=issued.number,
            first=issued.first_month,
            last=issued.last_month,
            portal=settings.address + ASK_PATH,
        )
        attachment = Attachment(f"{issued.number}.pdf", issued.pdf)
    return Letter(
        key=key,
        sender=settings.mail_from,
        to=claimed.address,
        language=claimed.language,
        subject=words.subject,
        text=words.text,
        at=claimed.at,
        attachment=attachment,
    )


def _notice_words(app: App, language: str, claimed: ClaimedNotice, fund: Mapping[str, str], address: str) -> Words:
    with reading(app, SYSTEM) as context:
        speak = office_words(context, language)
        match claimed.notice:
            case UserNotice.BOOKED_IN_NAME:
                booked = booked_in_name(context, claimed.to, claimed.about)
                return booked_words(
                    language,
                    **fund,
                    user=word(claimed.to, speak),
                    about=claimed.about,
                    kinds=booked.kinds,
                    head=booked.head,
                    address=f"{address}/room/acts?user={claimed.to}",
                )
            case UserNotice.ACCOUNT_CONFIRMED:
                accounts = {row.version: row for row in list_accounts(context, claimed.to)}
                account = accounts[int(claimed.about)]
                return account_words(language, **fund, iban=mask_iban(account.iban), usable_from=account.usable_from)
    about, by = word(claimed.about, speak), word(claimed.by, speak)
    return notice_words(language, claimed.notice, about=about, by=by, at=claimed.at, **fund, address=address)


def _head_words(app: App, language: str, closing: Month, fund: Mapping[str, str]) -> Words:
    with reading(app, SYSTEM) as context:
        pack = make_pack(context, app.settings.books, render_pack, closing=closing)
    facts = {"head": pack.head, "pack": pack.name, "pack_sha256": pack.sha256}
    return head_words(language, **fund, closing=closing, entry=pack.entries, **facts)


def _record_failure(app: App, claimed: Claimed, failure: Undelivered) -> None:
    with writing_unchecked(app, SYSTEM) as context:
        deliveries.record_failure(
            context, claimed, failure=failure.failure, code=failure.code, is_permanent=failure.is_permanent
        )


def _forget(app: App, mailer: FolderMailer) -> None:
    with reading(app, SYSTEM) as context:
        forgotten = deliveries.forgotten_deliveries(context)
    for delivery in forgotten:
        mailer.forget(f"message-{delivery}")
