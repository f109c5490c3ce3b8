"""The bank: its files line by line, its statements, what waits for a person, and the reconciliation."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from fund.documents.tables import Fact, facts_of
from fund.domain import states
from fund.domain.access import APPROVER, FINANCE, PREPARER
from fund.domain.bank_views import AccountStatement, BankFileView, LinesAside, OpenItem, OpenItemFilter
from fund.domain.errors import FundError, InvalidInput, NotFound, NotPermitted
from fund.domain.lists import MATCHES, OPEN_ITEM_MATCHINGS, Direction, Resolution, SetAsideReason, StatementDecision
from fund.domain.texts import N_, Message
from fund.doors.http.fields import FormField, RowId, SearchText, Sha256
from fund.doors.http.filters import ChosenItems, open_items_query
from fund.doors.http.inputs import (
    MAX_LINES_AT_ONCE,
    BankRuleInput,
    CorrectionInput,
    FileAsideInput,
    ForeignBalanceInput,
    LinesAsideInput,
    MatchInput,
    SetAsideInput,
)
from fund.doors.tables.banking import (
    BANK_RULES,
    DIFFERENCES,
    FILES,
    LINES,
    OPEN_ITEMS,
    OUTSTANDING_ORDERS,
    RULED_LINES,
    STATEMENTS,
    lines_for,
)
from fund.doors.web.acts import About, Act, Link, Places, Setting, add_acts, links, proposal
from fund.doors.web.decisions import Nothing, options
from fund.doors.web.downloads import SheetKind, add_sheet, table_file
from fund.doors.web.forms import EMPTY, Filled, Form
from fund.doors.web.page_requests import Done, PageRequest, Upload
from fund.doors.web.paging import OPEN_ITEMS_ON_A_PAGE, After, joined, part_of, query_of
from fund.doors.web.problems import render_problem
from fund.doors.web.requests import Blank, Desk, PageRoute, UploadPage, form_on
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

router = APIRouter(route_class=PageRoute)
uploads = APIRouter(route_class=UploadPage)

FILES_FIELD = "files"
MAX_RESULTS = 20
RULED_LINES_SHOWN = 25
LongPage = Annotated[bool, Query(alias="long")]
"""Whether a page shows as many lines as may be set aside together."""
ONLY_PREPARER = (Resolution.ALLOCATION,)
"""What a line can be matched to by the preparer alone: it books a collection."""


class DecisionForm(Form):
    """Whether a statement counts."""

    decision: Annotated[StatementDecision, FormField(N_("Decision"), "choice", "", tuple(StatementDecision))]


@router.get("/bank-files")
def list_files(desk: Desk) -> Response:
    """The files received, and the form that sends more."""
    return _files_page(desk, EMPTY)


def _files_page(desk: PageRequest, filled: Filled, **more: Any) -> Response:
    with desk.reading() as context:
        files = imports.list_files(context)
    shown: dict[str, Any] = {"refused": [], "taken": [], **more}
    return desk.page(
        "bank/files.html", form=filled, files=files, table=FILES, may_send=desk.actor.role in FINANCE, **shown
    )


@uploads.post("/bank-files")
def receive_files(desk: Desk) -> Response:
    """Take files in one after the other: each is kept first, then booked whole or not at all."""
    desk.actor.must_be(*FINANCE)
    sent = desk.uploads.get(FILES_FIELD, ())
    if not sent:
        nothing = InvalidInput([{"path": FILES_FIELD, "message": Message("Choose at least one file.")}])
        return desk.again(nothing, lambda filled: _files_page(desk, filled))
    taken: list[BankFileView] = []
    refused: list[dict[str, Any]] = []
    for upload in sent:
        try:
            taken.append(_receive(desk, upload))
        except NotPermitted:
            raise
        except FundError as error:
            refused.append({"name": upload.name, "problems": (), **render_problem(error, desk.speak)})
    if refused:
        response = _files_page(desk, EMPTY, refused=refused, taken=taken)
        response.status_code = 422
        return response
    return desk.done(_result_of(taken), _outcome(taken))


def _receive(desk: PageRequest, upload: Upload) -> BankFileView:
    with desk.writing() as context:
        checksum = imports.receive_file(context, name=upload.name, data=upload.data)
    with desk.writing() as context:
        return imports.book_file(context, checksum)


def _result_of(taken: list[BankFileView]) -> str:
    if len(taken) == 1:
        return f"/bank-files/{taken[0].sha256}"
    return "/bank-files/result?" + "&".join(f"file={file.sha256}" for file in taken)


def _outcome(taken: list[BankFileView]) -> Message:
    if all(file.already_received for file in taken):
        return Message("Received before; nothing was booked again.")
    lines = str(sum(len(file.lines) for file in taken))
    return Message("Read: %(files)s files, %(lines)s lines.", {"files": str(len(taken)), "lines": lines})


add_sheet(router, "/bank-files/list", FILES, imports.list_files)
add_sheet(router, "/bank-lines", LINES, imports.list_lines)


@router.get("/bank-files/result")
def show_result(desk: Desk, file: Annotated[list[Sha256], Query(max_length=MAX_RESULTS)]) -> Response:
    """What was made of several files."""
    return _result_page(desk, file)


@router.get("/bank-files/{file}")
def show_file(desk: Desk, file: Sha256) -> Response:
    """A file line by line: what each says, and what was made of it."""
    return _result_page(desk, [file])


def _result_page(desk: PageRequest, files: list[str]) -> Response:
    with desk.reading() as context:
        views = [imports.view_file(context, checksum) for checksum in files]
    tables: dict[str, Any] = {"lines": lines_for(desk.actor.role), "statements": STATEMENTS}
    return desk.page("bank/file.html", files=views, decide=_decisions(desk), acts_of=_file_acts(desk), **tables)


def _file_acts(desk: PageRequest) -> Callable[[BankFileView], list[Link]]:
    """What can be done with a file: it is read again, or set aside, until it is booked."""

    def acts_of(file: BankFileView) -> list[Link]:
        possible = () if file.booked_at else (AGAIN,) if file.set_aside_as else (AGAIN, ASIDE)
        return links(desk, *possible, file=file.sha256)

    return acts_of


def _decisions(desk: PageRequest) -> Any:
    """The act of each statement that waits for a decision."""

    def acts_of(statement: AccountStatement) -> list[Any]:
        if statement.state not in states.UNDECIDED_STATEMENTS and not statement.is_rejectable:
            return []
        return links(desk, DECIDE, file=statement.file, line=statement.ordinal)

    return acts_of


@router.get("/account-statements")
def list_statements(desk: Desk) -> Response:
    """Every statement of the account, the newest first."""
    with desk.reading() as context:
        rows = bank_statements.list_account_statements(context)
    return desk.page("bank/statements.html", rows=rows, table=STATEMENTS, decide=_decisions(desk))


add_sheet(router, "/account-statements/list", STATEMENTS, bank_statements.list_account_statements)


@router.get("/open-items")
def list_open_items(
    desk: Desk,
    filled: Blank,
    chosen: ChosenItems,
    after: After = 0,
    is_all: Annotated[bool, Query(alias="all")] = False,
    is_long: LongPage = False,
) -> Response:
    """The lines that wait for a person and that a filter lets through, page by page; several are ticked at once, on a
    long page as many as may be set aside together.
    """
    found = _open_items(desk, chosen)
    asked = joined(open_items_query(chosen), "long=1" if is_long else "")
    part = part_of(len(found), after, MAX_LINES_AT_ONCE if is_long else OPEN_ITEMS_ON_A_PAGE, asked)
    return desk.page(
        "bank/open_items.html",
        form=filled,
        chosen=chosen,
        part=part,
        items=part.of(found),
        is_all_ticked=is_all,
        at_once=min(len(found), MAX_LINES_AT_ONCE),
        matchings=options(OPEN_ITEM_MATCHINGS, desk.speak),
        directions=options(Direction, desk.speak),
        **_resolving(desk),
    )


@router.post("/open-items/set-aside")
@form_on(list_open_items)
def set_lines_aside(
    context: Context,
    form: LinesAsideInput,
    chosen: ChosenItems,
    after: After = 0,
    is_long: LongPage = False,  # noqa: ARG001  # the page's, where the form is shown again
) -> Done:
    """What is ticked is set aside, with a reason; the same filter lists what is left."""
    made = resolutions.set_aside_lines(context, form.places(), reason=form.reason)
    return Done(_open_items_address(chosen, after), _aside(made))


def _open_items_address(chosen: OpenItemFilter, after: int = 0) -> str:
    return f"/open-items{query_of(after, open_items_query(chosen))}"


def _aside(made: LinesAside) -> Message:
    count, number = {"count": str(made.count)}, {"proposal": str(made.proposal)}
    if made.proposal is None:
        return Message("Lines set aside: %(count)s.", count)
    if not made.count:
        return Message("Proposal %(proposal)s: another person confirms it.", number)
    return Message("Lines set aside: %(count)s. Proposal %(proposal)s: another person confirms it.", count | number)


@router.get("/open-items/list.{kind}")
def download_open_items(desk: Desk, kind: SheetKind, chosen: ChosenItems) -> Response:
    """What the pages list."""
    return table_file(desk, kind, OPEN_ITEMS, _open_items(desk, chosen))


def _open_items(desk: PageRequest, chosen: OpenItemFilter) -> list[OpenItem]:
    with desk.reading() as context:
        return open_items.list_open_items(context, chosen)


def _resolving(desk: PageRequest) -> dict[str, Any]:
    role = desk.actor.role
    allowed = [code for code in MATCHES if role == PREPARER or code not in ONLY_PREPARER]
    return {
        "may_resolve": role in FINANCE,
        "matches": options(allowed, desk.speak),
        "allowed": allowed,
        "reasons": options(SetAsideReason, desk.speak),
    }


@router.get("/bank-files/{file}/lines/{line}")
def show_line(desk: Desk, filled: Blank, file: Sha256, line: RowId, chosen: ChosenItems, after: After = 0) -> Response:
    """One line in full, with the forms that resolve it; what resolves it leads back to the open items where it was."""
    with desk.reading() as context:
        found = open_items.view_line(context, file, line)
    asked = query_of(after, open_items_query(chosen))
    undoing = {Resolution.SET_ASIDE: [REOPEN], None: []}.get(found.line.resolved_as, [UNMATCH])
    acts = links(desk, *undoing, file=file, line=line) if found.proposal is None else []
    return desk.page("bank/line.html", found=found, form=filled, asked=asked, acts=acts, **_resolving(desk))


@router.post("/bank-files/{file}/lines/{line}/match")
@form_on(show_line)
def match_line(
    context: Context, form: MatchInput, file: Sha256, line: RowId, chosen: ChosenItems, after: After = 0
) -> Done:
    """A line is matched."""
    try:
        made = resolutions.match_line(context, file, line, to=form.to, key=form.key)
    except NotFound as missing:
        if missing.thing == "bank line":
            raise
        raise InvalidInput([{"path": "key", "message": Message("is no code that a line can be")}]) from None
    back = _open_items_address(chosen, after)
    if made.proposal is not None:
        return Done(back, _aside(LinesAside(0, made.proposal)))
    facts = {"line": made.line.key, "key": form.key}
    return Done(back, Message("Line %(line)s is matched with %(key)s.", facts))


@router.post("/bank-files/{file}/lines/{line}/set-aside")
@form_on(show_line)
def set_line_aside(
    context: Context, form: SetAsideInput, file: Sha256, line: RowId, chosen: ChosenItems, after: After = 0
) -> Done:
    """A line is set aside, with a reason."""
    made = resolutions.set_aside_lines(context, [(file, line)], reason=form.reason)
    return Done(_open_items_address(chosen, after), _aside(made))


@router.get("/bank-rules")
def list_rules(
    desk: Desk,
    filled: Blank,
    counterparty: SearchText = "",
    text: SearchText = "",
    is_shown: Annotated[bool, Query(alias="effect")] = False,
) -> Response:
    """The rules in force, and the form of a new one, which shows first what it would set aside."""
    counterparty, text = filled.value("counterparty", counterparty), filled.value("text", text)
    with desk.reading() as context:
        rules = bank_rules.list_bank_rules(context)
        found = bank_rules.effect_of(context, counterparty=counterparty, text=text) if is_shown else None
    return desk.page(
        "bank/rules.html",
        form=filled,
        rules=rules,
        table=BANK_RULES,
        words={"counterparty": counterparty, "text": text},
        effect=found,
        moved_cents=sum(one.line.moved_cents or 0 for one in found or ()),
        shown=(found or [])[:RULED_LINES_SHOWN],
        items=RULED_LINES,
        acts_of=lambda rule: [] if rule.ended_at else links(desk, END_RULE, rule=rule.number),
    )


@router.post("/bank-rules")
@form_on(list_rules)
def propose_rule(context: Context, form: BankRuleInput) -> Done:
    """A rule is proposed."""
    number = bank_rules.propose_bank_rule(context, **form.facts())
    return Done(f"/proposals/{number}", Message("It is proposed; another person confirms it."))


add_sheet(router, "/bank-rules/list", BANK_RULES, bank_rules.list_bank_rules)


@router.get("/reconciliation")
def show_reconciliation(desk: Desk) -> Response:
    """The bank's balance against the books, and whatever is not settled."""
    with desk.reading() as context:
        view = reconciliation.reconcile(context)
    tables = {
        "differences": DIFFERENCES,
        "outstanding_orders": OUTSTANDING_ORDERS,
        "lines": lines_for(desk.actor.role),
        "statements": STATEMENTS,
    }
    acts = links(desk, FOREIGN) if view.bank_balance_cents is not None else []
    return desk.page("bank/reconciliation.html", view=view, tables_of=tables, decide=_decisions(desk), acts=acts)


add_sheet(
    router, "/reconciliation/differences", DIFFERENCES, lambda context: reconciliation.reconcile(context).differences
)
add_sheet(
    router,
    "/reconciliation/outstanding-orders",
    OUTSTANDING_ORDERS,
    lambda context: reconciliation.reconcile(context).outstanding_orders,
)


def _decide(context: Context, file: str, line: int, decision: StatementDecision) -> None:
    bank_statements.decide_statement(context, file, line, accept=decision is StatementDecision.ACCEPT)


def _statement(context: Context, places: Places) -> Setting:
    view = imports.view_file(context, places["file"])
    found = next((one for one in view.statements if one.ordinal == places["line"]), None)
    if found is None:
        raise NotFound("bank_statement", f"{places['file'][:12]}/{places['line']}")
    return Setting(facts_of(STATEMENTS, found))


def _line(context: Context, places: Places) -> Setting:
    line = open_items.view_line(context, places["file"], places["line"]).line
    return Setting(facts_of(LINES, line))


def _rule(context: Context, places: Places) -> Setting:
    found = next((one for one in bank_rules.list_bank_rules(context) if one.number == places["rule"]), None)
    if found is None:
        raise NotFound("bank rule", str(places["rule"]))
    return Setting(facts_of(BANK_RULES, found))


def _of_file(context: Context, places: Places) -> Setting:
    view = imports.view_file(context, places["file"])
    facts = [
        Fact(N_("file"), view.name, "code", f"/bank-files/{view.sha256}"),
        Fact(N_("received on"), view.received_at, "instant"),
        Fact(N_("by"), view.received_by, "word"),
        Fact(N_("set aside as"), view.set_aside_as, "word"),
    ]
    return Setting([fact for fact in facts if fact.value is not None])


BANK = (("/bank-files", N_("Bank")), ("/bank-files/{file}", N_("File")))
FILE = About(_of_file, BANK)
AGAIN = Act(
    path="/bank-files/{file}/book",
    title=N_("Read a file again"),
    button=N_("Read and book"),
    model=Nothing,
    roles=FINANCE,
    about=FILE,
    do=lambda context, file: _outcome([imports.book_file(context, file)]),
    lead=N_("Its bytes are kept. They are booked whole, or not at all; also if the file was set aside."),
)
ASIDE = Act(
    path="/bank-files/{file}/set-aside",
    title=N_("Set a file aside"),
    button=N_("Set aside"),
    model=FileAsideInput,
    roles=FINANCE,
    about=FILE,
    do=lambda context, file, reason: imports.set_file_aside(context, file, reason=reason),
    message=N_("The file is set aside; its bytes are kept."),
    lead=N_("It is no task any more then. Its bytes are kept, and it can still be read and booked later."),
)
DECIDE = Act(
    path="/bank-files/{file}/statements/{line}/decide",
    title=N_("Decide about a statement"),
    button=N_("Decide"),
    model=DecisionForm,
    roles=(APPROVER,),
    about=About(_statement, BANK),
    do=_decide,
    message=N_("The statement is decided."),
    lead=N_("Accepted, it takes the place of the one with its id, and its lines are judged. Rejected, nothing counts."),
)
REOPEN = Act(
    path="/bank-files/{file}/lines/{line}/reopen",
    title=N_("Open a line again"),
    button=N_("Open again"),
    model=Nothing,
    roles=FINANCE,
    about=About(_line, (*BANK, ("/bank-files/{file}/lines/{line}", N_("Line")))),
    do=lambda context, file, line: reopening.reopen_line(context, file, line),
    message=N_("The line is open again."),
    lead=N_("It was set aside, and is the fund’s business after all: it is an open item again."),
)
UNMATCH = proposal(
    unmatching.UNMATCHING,
    lambda context, file, line, reason: unmatching.unmatch_line(context, file, line, reason=reason),
    "/bank-files/{file}/lines/{line}/unmatch",
    N_("Take the match back"),
    CorrectionInput,
    About(_line, (*BANK, ("/bank-files/{file}/lines/{line}", N_("Line")))),
    N_(
        "What was booked of it is corrected. So is what the bank has said since of the same payments, which is then "
        "judged anew. The line is an open item again. Another person confirms it."
    ),
    is_danger=True,
)
FOREIGN = proposal(
    foreign_balance.FOREIGN_BALANCE,
    foreign_balance.propose_foreign_balance,
    "/reconciliation/foreign-balance",
    N_("Propose other people’s money on the account"),
    ForeignBalanceInput,
    About(lambda _context, _places: Setting(), (BANK[0], ("/reconciliation", N_("Reconciliation")))),
    N_("What of the balance with which the statements begin is not the fund’s; another person confirms it."),
)
END_RULE = Act(
    path="/bank-rules/{rule}/end",
    title=N_("End a rule"),
    button=N_("End the rule"),
    model=Nothing,
    roles=FINANCE,
    about=About(_rule, (BANK[0], ("/bank-rules", N_("Rules")))),
    do=lambda context, rule: bank_rules.end_bank_rule(context, rule),
    message=N_("The rule is ended."),
    lead=N_("It sets nothing more aside; what it has set aside stays so."),
)
add_acts(router, [AGAIN, ASIDE, DECIDE, REOPEN, UNMATCH, FOREIGN, END_RULE])
