"""What the bank said, what waits for a person, what comes back of overpayments, and the reconciliation."""

from typing import Annotated, Protocol

from fund.domain.bank_views import (
    AccountStatement,
    BankFileSummary,
    BankFileView,
    BankLineDetails,
    BankRuleView,
    LineResolution,
    LinesAside,
    OpenItem,
    ReconciliationView,
)
from fund.domain.members import Member
from fund.domain.views import Recording
from fund.doors.api.answers import Items
from fund.doors.api.routes import Routes
from fund.doors.http.fields import LandlordCode, RowId, SearchText, Sha256, StateName
from fund.doors.http.filters import ChosenItems
from fund.doors.http.inputs import (
    BankRuleInput,
    CorrectionInput,
    DecisionInput,
    FileAsideInput,
    ForeignBalanceInput,
    LinesAsideInput,
    MatchInput,
    OverpaymentInput,
    RecoveryInput,
    SetAsideInput,
)
from fund.doors.http.schema import JsonOf
from fund.services.banking import (
    bank_rules,
    bank_statements,
    foreign_balance,
    imports,
    open_items,
    reconciliation,
    reopening,
    resolutions,
    unmatching,
)
from fund.services.context import Context
from fund.services.money import recoveries

routes = Routes()


class OverpaymentJson(Protocol):
    """Part of a settled month that was not due; ``recovered`` is what of it came back."""

    id: int
    contribution_id: Annotated[int, Member("contribution")]
    household: str
    landlord: str
    month: str
    amount_cents: int
    recovered_cents: int
    reason: str
    prepared_by: str
    approved_by: str


@routes.read("/bank-files", "The files received, newest first", "bank-files")
def list_bank_files(context: Context) -> Items[JsonOf[BankFileSummary]]:
    """Each with how many of its lines are open, and how many of its statements are alarms."""
    return {"items": imports.list_files(context)}


@routes.write("/bank-files/{sha256}/set-aside", "Set a file aside", "bank-files")
def set_bank_file_aside(context: Context, sha256: Sha256, body: FileAsideInput) -> JsonOf[BankFileView]:
    """Nothing of it could be booked, and for a reason from a list nothing has to be. Sent again, it still can be."""
    return imports.set_file_aside(context, sha256, reason=body.reason)


@routes.read("/account-statements", "The statements of the account", "bank-files")
def list_account_statements(context: Context, state: StateName | None = None) -> Items[JsonOf[AccountStatement]]:
    """The newest first, each with what is missing before it; ``disputed`` and ``foreign`` ones wait for a person."""
    found = bank_statements.list_account_statements(context, state=state)
    return {"items": found}


@routes.write(
    "/bank-files/{sha256}/statements/{ordinal}/decide", "Decide a disputed or foreign statement", "bank-files"
)
def decide_statement(context: Context, sha256: Sha256, ordinal: RowId, body: DecisionInput) -> JsonOf[BankFileView]:
    """Accepted, it replaces the one of the same id and its lines are judged; rejected, nothing of it counts."""
    bank_statements.decide_statement(context, sha256, ordinal, accept=body.accept)
    return imports.view_file(context, sha256)


@routes.read("/open-items", "The lines that wait for a person", "open-items")
def list_open_items(context: Context, chosen: ChosenItems) -> Items[JsonOf[OpenItem]]:
    """The oldest movement first, each with what it is likely to be about and why; nothing is guessed. Each filter that
    is given has to let a line through.
    """
    return {"items": open_items.list_open_items(context, chosen)}


@routes.read("/bank-files/{sha256}/lines/{ordinal}", "One line in full", "open-items")
def show_bank_line(context: Context, sha256: Sha256, ordinal: RowId) -> JsonOf[BankLineDetails]:
    """With the name, the IBAN and the text of the other side, for the person who resolves it."""
    return open_items.view_line(context, sha256, ordinal)


@routes.write("/bank-files/{sha256}/lines/{ordinal}/match", "Say what a line is", "open-items")
def match_bank_line(context: Context, sha256: Sha256, ordinal: RowId, body: MatchInput) -> JsonOf[LineResolution]:
    """Amount and state must agree as for every line; a line is resolved once. Above 50.00, and where IBAN or day is
    another, ``proposal`` is what another person confirms.
    """
    return resolutions.match_line(context, sha256, ordinal, to=body.to, key=body.key)


@routes.write("/bank-files/{sha256}/lines/{ordinal}/set-aside", "Set a line aside", "open-items")
def set_bank_line_aside(context: Context, sha256: Sha256, ordinal: RowId, body: SetAsideInput) -> JsonOf[LinesAside]:
    """It is not the fund's business, for a reason from a list; above 50.00 another person confirms the proposal."""
    return resolutions.set_aside_lines(context, [(sha256, ordinal)], reason=body.reason)


@routes.write("/bank-files/{sha256}/lines/{ordinal}/reopen", "Open a line again", "open-items")
def reopen_bank_line(context: Context, sha256: Sha256, ordinal: RowId) -> JsonOf[Recording]:
    """It was set aside, and is the fund's business after all. Above 50.00, ``proposal`` is what another person
    confirms.
    """
    return reopening.reopen_line(context, sha256, ordinal)


@routes.propose("/bank-files/{sha256}/lines/{ordinal}/unmatch", "Propose to take a match back", "open-items")
def unmatch_bank_line(context: Context, sha256: Sha256, ordinal: RowId, body: CorrectionInput) -> int:
    """What was booked of the line is corrected, and so is what the bank has said since of the same payments, which is
    then judged anew; the line is open again.
    """
    return unmatching.unmatch_line(context, sha256, ordinal, reason=body.reason)


@routes.write("/open-items/set-aside", "Set lines aside", "open-items")
def set_open_items_aside(context: Context, body: LinesAsideInput) -> JsonOf[LinesAside]:
    """None of them is the fund's business, for a reason from a list; all are set aside, or none. Those of more than
    50.00 are proposed together.
    """
    return resolutions.set_aside_lines(context, body.places(), reason=body.reason)


@routes.read("/reconciliation", "The bank against the books", "open-items")
def show_reconciliation(context: Context) -> JsonOf[ReconciliationView]:
    """Every cent between them has a name, or is told as unexplained; and all that is not settled."""
    return reconciliation.reconcile(context)


@routes.read("/bank-rules", "The rules for lines that are not the fund's business", "open-items")
def list_bank_rules(context: Context) -> Items[JsonOf[BankRuleView]]:
    """Those in force first, each with how many lines it has set aside."""
    return {"items": bank_rules.list_bank_rules(context)}


@routes.read("/bank-rules/effect", "What a rule would set aside", "open-items")
def show_effect_of_rule(
    context: Context, counterparty: SearchText = "", text: SearchText = ""
) -> Items[JsonOf[OpenItem]]:
    """The open lines with all these words that name nothing of the fund's and resemble nothing that it expects."""
    return {"items": bank_rules.effect_of(context, counterparty=counterparty, text=text)}


@routes.propose("/bank-rules", "Propose a rule", "open-items")
def propose_bank_rule(context: Context, body: BankRuleInput) -> int:
    """Confirmed by another person, it sets such lines aside, the open ones and those that come, until it is ended."""
    return bank_rules.propose_bank_rule(context, **body.facts())


@routes.write("/bank-rules/{rule}/end", "End a rule", "open-items")
def end_bank_rule(context: Context, rule: RowId) -> Items[JsonOf[BankRuleView]]:
    """It sets nothing more aside; what it has set aside stays so."""
    bank_rules.end_bank_rule(context, rule)
    return {"items": bank_rules.list_bank_rules(context)}


@routes.propose("/foreign-balance", "Propose what is other people's money", "open-items")
def propose_foreign_balance(context: Context, body: ForeignBalanceInput) -> int:
    """What of the balance with which the statements begin is not the fund's; another person confirms it."""
    return foreign_balance.propose_foreign_balance(context, **body.facts())


@routes.read("/overpayments", "What was overpaid, and came back", "recoveries")
def list_overpayments(context: Context, landlord: LandlordCode | None = None) -> Items[JsonOf[OverpaymentJson]]:
    """Oldest first."""
    return {"items": recoveries.list_overpayments(context, landlord=landlord)}


@routes.propose("/overpayments", "Propose an overpayment", "recoveries")
def propose_overpayment(context: Context, body: OverpaymentInput) -> int:
    """Part of a settled month was not due; another person confirms it."""
    return recoveries.propose_overpayment(context, **body.facts())


@routes.write("/recoveries", "Record money back from a landlord", "recoveries")
def recover(context: Context, body: RecoveryInput) -> JsonOf[Recording]:
    """It counts against the landlord's oldest overpayment first, and never for more than was overpaid. Above 50.00,
    ``proposal`` is what another person confirms.
    """
    return recoveries.recover(context, **body.facts())
