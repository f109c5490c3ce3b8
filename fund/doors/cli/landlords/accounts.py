"""What the commands of landlords' accounts do."""

from fund.app import App
from fund.domain.access import Actor
from fund.domain.identifiers import fit_for, mask_iban, parse_iban
from fund.doors import attempts
from fund.doors.cli.session import Session, actor_with_code, ask_code, ask_password
from fund.doors.transaction import writing
from fund.services.landlords import accounts


def print_payees_key(session: Session, as_: str | None) -> None:
    """Print the subkey of the payees: 64 hex digits, to be given to an auditor for an engagement."""
    with session.app() as app:
        with writing(app, actor_with_code(app, as_), restores=True) as context:
            key = accounts.payees_key(context)
        print(key)


def restore_value(session: Session, landlord: str, version: int, as_: str, with_: str) -> None:
    """Put a confirmed IBAN back, while nothing else may be written."""
    _ = session.speak.gettext
    with session.app() as app:
        preparer, approver = _present(app, as_), _present(app, with_)
        iban = _iban(ask_password("IBAN: "))
        with writing(app, preparer, restores=True) as context:
            accounts.restore_account(context, approver, landlord=landlord, version=version, iban=iban)
    print(_("%(iban)s is the confirmed account again.", iban=mask_iban(iban)))


def _present(app: App, login: str) -> Actor:
    """One of the two people, by password and code; a token stands for no person at the machine."""
    actor = attempts.log_in(app, login, ask_password(f"{login}: "))
    ask_code(app, actor)
    return actor


def _iban(text: str) -> str:
    with fit_for("iban"):
        return parse_iban(text)
