"""Acts about landlords: registration, names, contacts, accounts, erasure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger import accounts as a
from ledger.codes import ADMIN, AUDITOR, PREPARER
from ledger.entries import NO_FACTS, Draft, Facts
from ledger.kind import BROUGHT, FINANCE, LANDLORD, OFFICE, Kind
from ledger.stamp import Stamp

_ACCOUNT = ("landlord", "account", "fingerprint")

KINDS = (
    Kind(
        "registration",
        "iscrizione del locatore",
        needs=("landlord", "fingerprint"),
        opens=(a.RECOVERY + LANDLORD, a.LANDLORDS + LANDLORD),
        preparers=BROUGHT,
    ),
    Kind(
        "landlord-name",
        "nome del locatore",
        needs=("landlord", "fingerprint"),
        may=("called_back_on",),
        preparers=BROUGHT,
    ),
    Kind(
        "landlord-contact",
        "recapito del locatore",
        needs=("landlord", "contact", "fingerprint"),
        may=("called_back_on",),
        preparers=BROUGHT,
    ),
    Kind("landlord-email", "indirizzo di posta del locatore", needs=("landlord", "fingerprint"), preparers=BROUGHT),
    Kind(
        "landlord-reference",
        "riferimento di pagamento del locatore",
        needs=("landlord",),
        may=("fingerprint",),
        preparers=BROUGHT,
    ),
    Kind("account-proposed", "proposta di IBAN", needs=_ACCOUNT, preparers=BROUGHT),
    Kind(
        "account-confirmed",
        "conferma di IBAN",
        needs=(*_ACCOUNT, "usable_from"),
        may=("contact", "called_back_on"),
        preparers=(PREPARER,),
    ),
    Kind("account-suspended", "sospensione di IBAN", needs=_ACCOUNT, preparers=OFFICE),
    Kind("account-rejected", "IBAN respinto", needs=_ACCOUNT, preparers=FINANCE),
    Kind("account-restored", "ripristino di IBAN", needs=_ACCOUNT, two_people=True, preparers=(PREPARER,)),
    Kind("key-shown", "consegna della chiave degli IBAN", preparers=(ADMIN, AUDITOR)),
    Kind("payee-check", "verifica dell'intestatario", needs=_ACCOUNT, preparers=FINANCE),
    Kind("tax-check", "verifica fiscale", needs=("landlord", "fingerprint"), preparers=FINANCE),
    Kind(
        "erasure",
        "cancellazione dei dati personali",
        may=("household", "landlord"),
        two_people=True,
        approvers=(ADMIN,),
        preparers=FINANCE,
    ),
)


@dataclass(frozen=True, slots=True)
class AccountRef:
    """The version of a landlord's account that an act is about, with the fingerprint of its IBAN."""

    landlord: str
    version: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CallBack:
    """The day on which a landlord was called back, and the version of the contact that was called."""

    day: date
    contact: int


def registration(stamp: Stamp, *, landlord: str, fingerprint: str) -> Draft:
    """A landlord is registered: opens its accounts; the fingerprint is of the tax code."""
    return stamp.draft("registration", Facts(landlord=landlord, fingerprint=fingerprint))


def landlord_name(stamp: Stamp, *, landlord: str, fingerprint: str, called_back_on: date | None = None) -> Draft:
    """A landlord has a name, or another one: banks are asked about it."""
    facts = Facts(landlord=landlord, fingerprint=fingerprint, called_back_on=called_back_on)
    return stamp.draft("landlord-name", facts)


def landlord_contact(
    stamp: Stamp, *, landlord: str, contact: int, fingerprint: str, called_back_on: date | None = None
) -> Draft:
    """A landlord has a contact for call-backs, or another one."""
    facts = Facts(landlord=landlord, contact=contact, fingerprint=fingerprint, called_back_on=called_back_on)
    return stamp.draft("landlord-contact", facts)


def landlord_email(stamp: Stamp, *, landlord: str, fingerprint: str) -> Draft:
    """A landlord is written to at an e-mail address from now on."""
    return stamp.draft("landlord-email", Facts(landlord=landlord, fingerprint=fingerprint))


def landlord_reference(stamp: Stamp, *, landlord: str, fingerprint: str | None) -> Draft:
    """A landlord is paid under a reference of their own (ISO 11649), or without a fingerprint under none any more."""
    return stamp.draft("landlord-reference", Facts(landlord=landlord, fingerprint=fingerprint))


def account_proposed(stamp: Stamp, ref: AccountRef) -> Draft:
    """An account is proposed for a landlord: nothing is paid to it yet."""
    return stamp.draft("account-proposed", _account_facts(ref))


def account_confirmed(stamp: Stamp, ref: AccountRef, *, usable_from: date, call_back: CallBack | None = None) -> Draft:
    """An account is confirmed by another person, in place of the one before: it is paid to from a day on."""
    if call_back is None:
        facts = _account_facts(ref, usable_from=usable_from)
    else:
        facts = _account_facts(ref, usable_from=usable_from, called_back_on=call_back.day, contact=call_back.contact)
    return stamp.draft("account-confirmed", facts)


def account_suspended(stamp: Stamp, ref: AccountRef) -> Draft:
    """An account is suspended: nothing is paid to it before it is confirmed again."""
    return stamp.draft("account-suspended", _account_facts(ref))


def account_rejected(stamp: Stamp, ref: AccountRef) -> Draft:
    """A proposed account is not taken."""
    return stamp.draft("account-rejected", _account_facts(ref))


def account_restored(stamp: Stamp, ref: AccountRef) -> Draft:
    """The IBAN of an account was changed or lost, and two people put back the one that was proposed."""
    return stamp.draft("account-restored", _account_facts(ref))


def _account_facts(ref: AccountRef, **more: Any) -> Facts:
    return Facts(landlord=ref.landlord, account=ref.version, fingerprint=ref.fingerprint, **more)


def key_shown(stamp: Stamp) -> Draft:
    """An admin or an auditor was shown the key of the payees' fingerprints."""
    return stamp.draft("key-shown", NO_FACTS)


def payee_check(stamp: Stamp, ref: AccountRef) -> Draft:
    """The bank said who holds an account; the fingerprint of ``ref`` is of its answer."""
    return stamp.draft("payee-check", _account_facts(ref))


def tax_check(stamp: Stamp, *, landlord: str, fingerprint: str) -> Draft:
    """The collection agency said whether a landlord has debts; ``fingerprint`` is of its answer."""
    return stamp.draft("tax-check", Facts(landlord=landlord, fingerprint=fingerprint))


def erasure(stamp: Stamp, *, landlord: str | None = None, household: str | None = None) -> Draft:
    """The personal data of a landlord or of a household is erased; the fingerprints stay."""
    return stamp.draft("erasure", Facts(landlord=landlord, household=household))
