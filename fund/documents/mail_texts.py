"""Texts of messages: to landlords without a household's name or code, to auditors, and to users by codes alone."""

from dataclasses import dataclass
from datetime import datetime

from fund.documents.catalogue import N_, translator
from fund.documents.plain import plain
from fund.documents.words import word
from fund.domain.lists import UserNotice
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
    UserNotice.ROLE_GRANTED: N_("The user %(about)s was given another role by %(by)s."),
    UserNotice.CREDENTIAL_RESET: N_("The password of %(about)s was reset by %(by)s, who was shown a new invitation."),
    UserNotice.FACTOR_RESET: N_("The second factor of %(about)s was taken away by %(by)s."),
    UserNotice.IDENTITY_LINKED: N_("%(about)s was linked to an identity at the provider by %(by)s."),
    UserNotice.USER_CONFIRMED: N_("What %(about)s may do is in force: %(by)s confirmed it."),
    UserNotice.RECOVERY_ANNOUNCED: N_(
        "Whoever runs the machine is about to invite an admin and an auditor anew (proposal %(about)s)."
    ),
    UserNotice.RECOVERED: N_("Whoever runs the machine has invited %(about)s anew, with password and second factor."),
    UserNotice.PAYEE_DIFFERS: N_("Writing has stopped: an account is not the one that was confirmed (%(about)s)."),
}
_ADVICE = {
    UserNotice.USER_CONFIRMED: N_("You did not expect it? Ask at once, and disable the user."),
    UserNotice.RECOVERY_ANNOUNCED: N_(
        "In 72 hours it can be carried out. If somebody can still sign in, reject it on the page 'To confirm'."
    ),
    UserNotice.RECOVERED: N_(
        "You did not expect it? Then somebody has taken the fund over: tell those who answer for it."
    ),
    UserNotice.PAYEE_DIFFERS: N_("Nothing is sealed or booked until two people have put the confirmed account back."),
}
_USUAL_ADVICE = N_("It is without effect until another person confirms it. You did not expect it? Do not confirm it.")


def notice_words(
    language: str, notice: UserNotice, *, about: str, by: str, at: datetime, city: str, fund_name: str, address: str
) -> Words:
    """Message to a user of what was done about which codes, by whom and when; ``address`` is where the service is."""
    speak = translator(language)
    _ = speak.gettext
    return Words(
        _("%(fund)s: %(what)s", fund=plain(fund_name), what=word(notice, speak)),
        _paragraphs(
            _(_NOTICES[notice], about=about, by=by),
            _("When: %(instant)s. Where: %(address)s", instant=speak.instant(at), address=address),
            _(_ADVICE.get(notice, _USUAL_ADVICE)),
            _signature(city, fund_name),
        ),
    )


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"


def _signature(city: str, fund_name: str) -> str:
    return f"{plain(city)}\n{plain(fund_name)}"
