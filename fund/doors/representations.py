"""The views as JSON for programs: the API and ``--json`` say the same. Amounts are strings such as ``"450.00"``."""

from typing import Any

from fund.views import Balances, VerificationView
from ledger.money import format_cents


def balances_json(view: Balances) -> dict[str, Any]:
    """The balances of a day."""
    fund = view.fund
    return {
        "fund": {
            "allocated": format_cents(fund.allocated_cents),
            "received": format_cents(fund.received_cents),
            "committed": format_cents(fund.committed_cents),
            "used": format_cents(fund.used_cents),
            "available": format_cents(fund.available_cents),
            "paid": format_cents(fund.paid_cents),
            "returned": format_cents(fund.returned_cents),
            "cash": format_cents(fund.cash_cents),
            "in_transit": format_cents(fund.in_transit_cents),
        },
        "households": [
            {
                "code": household.code,
                "months_cap": household.months_cap,
                "months_used": household.months_used,
                "months_left": household.months_left,
                "months_committed": household.months_committed,
                "approved": format_cents(household.approved_cents),
                "paid": format_cents(household.paid_cents),
            }
            for household in view.households
        ],
        "landlords": [
            {
                "code": landlord.code,
                "approved": format_cents(landlord.approved_cents),
                "paid": format_cents(landlord.paid_cents),
                "owed": format_cents(landlord.owed_cents),
            }
            for landlord in view.landlords
        ],
        "as_of": view.as_of.isoformat(),
        "chain_head": view.chain_head,
        "seq": view.seq,
    }


def verification_json(view: VerificationView) -> dict[str, Any]:
    """What a verification compared and found."""
    return {
        "whole": not view.findings,
        "entries": view.entries,
        "chain_head": view.chain_head,
        "checks": list(view.checks),
        "findings": list(view.findings),
    }
