"""Texts of messages: to landlords without a household's name or code, to auditors, and to users by login and code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fund.documents.catalogue import N_, Translator, translator
from fund.documents.plain import plain
from fund.documents.words import word
from fund.domain.lists import UserNotice
from ledger.kinds import KINDS
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text of a message."""

    subject: str
    text: str


def statement_words(
    language: str, *, city: str, fund_name: str, number: str, first: Month, last: Month, portal: str
) -> Words:
    """Message with a statement attached; ``portal`` is the address of the landlord's own page."""
    speak = translator(language)
    _ = speak.gettext
    period = speak.month(first) if first == last else f"{speak.month(first)} – {speak.month(last)}"
    return Words(
        _("Statement of account no. %(number)s", number=number),
        _paragraphs(
            _("Dear landlord,"),
            _(
                "attached is your statement of account no. %(number)s for %(period)s: the rent contributions approved "
                "and paid to you.",
                number=number,
                period=period,
            ),
            _(
                "To see your position at any time, ask for a personal link with this e-mail address:\n%(address)s",
                address=portal,
            ),
            _("Something does not look right? Write or call the office that you know; please do not answer here."),
            _signature(city, fund_name),
        ),
    )


def link_words(language: str, *, city: str, fund_name: str, address: str, expires_at: datetime) -> Words:
    """Message with a personal link."""
    speak = translator(language)
    _ = speak.gettext
    return Words(
        _("Your personal link"),
        _paragraphs(
            _("Dear landlord,"),
            _("with this link you see the rent contributions approved and paid to you:\n%(address)s", address=address),
            _(
                "It opens once, until %(instant)s, and is for you alone: please do not pass it on. If it has expired, "
                "ask for a new one on the same page.",
                instant=speak.instant(expires_at),
            ),
            _("You did not ask for it? Then there is nothing to do: the person who asked does not see it."),
            _signature(city, fund_name),
        ),
    )


def head_words(
    language: str, *, city: str, fund_name: str, closing: Month, entry: int, head: str, pack: str, pack_sha256: str
) -> Words:
    """Message to an auditor at a closing: the head of the chain, and the sum of the audit pack that goes so far."""
    speak = translator(language)
    _ = speak.gettext
    return Words(
        _("Books of %(month)s closed: head of the chain", month=speak.month(closing)),
        _paragraphs(
            _(
                "the books of %(month)s are closed with entry %(entry)s. Keep this message: it proves what stood in "
                "the books until then.",
                month=speak.month(closing),
                entry=entry,
            ),
            _("Head of the chain:\n%(head)s", head=head),
            _("Audit pack as of this closing, %(name)s, sha256:\n%(sha256)s", name=pack, sha256=pack_sha256),
            _("The reading room finds this head, and python -I -m ledger verify does with --head."),
            _signature(city, fund_name),
        ),
    )


_NOTICES = {
    UserNotice.USER_CREATED: N_("%(about)s is a new user, added by %(by)s."),
    UserNotice.ROLE_GRANTED: N_(
        "The user %(about)s was given another role by %(by)s. What they had proposed lapses where the new role does "
        "not propose it."
    ),
    UserNotice.CREDENTIAL_RESET: N_("The password of %(about)s was reset by %(by)s, who was shown a new invitation."),
    UserNotice.FACTOR_RESET: N_("The second factor of %(about)s was taken away by %(by)s."),
    UserNotice.IDENTITY_LINKED: N_("%(about)s was linked to an identity at the provider by %(by)s."),
    UserNotice.USER_CONFIRMED: N_("What %(about)s may do is in force: %(by)s confirmed it."),
    UserNotice.RECOVERY_ANNOUNCED: N_(
        "The machine's operator is about to invite an admin and an auditor anew (proposal %(about)s)."
    ),
    UserNotice.RECOVERED: N_("The machine's operator has invited %(about)s anew, with password and second factor."),
    UserNotice.PAYEE_DIFFERS: N_("Writing has stopped: an account is not the one that was confirmed (%(about)s)."),
    UserNotice.CREDENTIAL_DIFFERS: N_("What %(about)s comes in by is not what was booked: it lets no user in."),
}
_ADVICE = {
    UserNotice.USER_CONFIRMED: N_("You did not expect it? Ask at once, and disable the user."),
    UserNotice.RECOVERY_ANNOUNCED: N_(
        "In 72 hours it can be carried out. If you can still sign in, reject it on the page 'To confirm'."
    ),
    UserNotice.RECOVERED: N_("You did not expect it? Then the fund was taken over: tell those who answer for it."),
    UserNotice.PAYEE_DIFFERS: N_("Nothing is sealed or booked until two people have put the confirmed account back."),
    UserNotice.CREDENTIAL_DIFFERS: N_(
        "The database was written into from outside. An admin resets password and second factor, and another person "
        "confirms it."
    ),
}
_USUAL_ADVICE = N_("It is without effect until another person confirms it. You did not expect it? Do not confirm it.")


def booked_words(
    language: str,
    *,
    city: str,
    fund_name: str,
    user: str,
    about: str,
    kinds: Sequence[tuple[str, int]],
    head: str,
    address: str,
) -> Words:
    """Message to a user of what was booked in their name: how many entries of each kind, from which to which."""
    speak = translator(language)
    _ = speak.gettext
    first, _dash, last = about.partition("-")
    booked = [f"{count} × {KINDS[kind].italian if language == 'it' else kind}" for kind, count in kinds]
    return Words(
        _subject(fund_name, UserNotice.BOOKED_IN_NAME, speak),
        _paragraphs(
            _(
                "from entry %(first)s to entry %(last)s of the books these name you, %(user)s:",
                first=first,
                last=last,
                user=user,
            ),
            "\n".join(booked),
            _("You see each of them in the reading room:\n%(address)s", address=address),
            _("Something here is not yours? Tell an auditor of the fund at once."),
            _("Head of the chain after entry %(last)s:\n%(head)s", last=last, head=head),
            _signature(city, fund_name),
        ),
    )


def account_words(language: str, *, city: str, fund_name: str, iban: str | None, usable_from: date | None) -> Words:
    """Message to a landlord whose account was confirmed; the IBAN is partly hidden."""
    speak = translator(language)
    _ = speak.gettext
    return Words(
        _("The account that you are paid to"),
        _paragraphs(
            _("Dear landlord,"),
            _(
                "two people of the finance office have confirmed the account that the rent contributions are paid to: "
                "%(iban)s, from %(day)s.",
                iban=iban or "–",
                day=speak.day(usable_from) if usable_from else "–",
            ),
            _("You did not ask for it? Call the office that you know at once; please do not answer here."),
            _signature(city, fund_name),
        ),
    )


def notice_words(
    language: str, notice: UserNotice, *, about: str, by: str, at: datetime, city: str, fund_name: str, address: str
) -> Words:
    """Message to a user of what was done about what, by whom and when; ``address`` is where the service is."""
    speak = translator(language)
    _ = speak.gettext
    return Words(
        _subject(fund_name, notice, speak),
        _paragraphs(
            _(_NOTICES[notice], about=about, by=by),
            _("When: %(instant)s. Where: %(address)s", instant=speak.instant(at), address=address),
            _(_ADVICE.get(notice, _USUAL_ADVICE)),
            _signature(city, fund_name),
        ),
    )


def _subject(fund_name: str, notice: UserNotice, speak: Translator) -> str:
    return speak.gettext("%(fund)s: %(what)s", fund=plain(fund_name), what=word(notice, speak))


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"


def _signature(city: str, fund_name: str) -> str:
    return f"{plain(city)}\n{plain(fund_name)}"
