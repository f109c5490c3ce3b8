"""Balances at the command line. They are read without authentication, as the system."""

from datetime import date

from fund.documents.catalogue import Translator
from fund.domain.access import SYSTEM
from fund.domain.views import Balances
from fund.doors.cli.output import print_amounts, print_json, print_table
from fund.doors.cli.session import Session
from fund.doors.http.schema import view_json
from fund.doors.tables import households, landlords
from fund.doors.transaction import reading
from fund.services.money import balances as balances_service


def balances(session: Session, as_of: date | None, *, as_json: bool) -> None:
    """Print the balances of a day."""
    with session.app() as app, reading(app, SYSTEM) as context:
        view = balances_service.read_balances(context, as_of)
    if as_json:
        print_json(view_json(view))
    else:
        print_balances(view, session.speak)


def print_balances(view: Balances, speak: Translator) -> None:
    """The balances as three tables, and the chain's head."""
    _ = speak.gettext
    fund = view.fund
    amounts = (
        (_("allocated"), fund.allocated_cents),
        (_("received"), fund.received_cents),
        (_("committed"), fund.committed_cents),
        (_("used"), fund.used_cents),
        (_("available"), fund.available_cents),
        (_("paid"), fund.paid_cents),
        (_("repaid to the funder"), fund.repaid_to_funder_cents),
    )
    owed = (
        (_("owed by the bank"), fund.owed_by_bank_cents),
        (_("owed by the city"), fund.owed_by_city_cents),
        (_("owed by landlords"), fund.owed_by_landlords_cents),
    )
    shown = (*amounts, *(one for one in owed if one[1]))
    print_amounts(_("Fund on %(day)s", day=speak.day(view.as_of)), shown, speak)
    print_table(households.BALANCES, view.households, speak)
    print_table(landlords.BALANCES, view.landlords, speak)
    print(_("chain head %(head)s", head=view.chain_head))
