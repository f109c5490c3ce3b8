"""Whatever the desk asks a code of the second factor for, the command of the same use case asks it for too.

A new act of the desk that asks for a code, and a new command, both turn this red until a line here says how they stand.
"""

import ast
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from fund.doors.cli.commands import application
from tests.fund.doors.cli.conftest import ADMIN, APPROVER, PREPARER, enrol_at, run_fund, shown_digest
from tests.fund.doors.web.forms_of_all import FORMS
from tests.fund.factor_kit import RECOVERY_CODES
from tests.fund.kit import new_user
from tests.house.source import Module, functions, modules

PASSWORDS = {"root": ADMIN, "prepares": PREPARER, "approves": APPROVER}
MONTH = "2021-03"


@dataclass(frozen=True)
class Act:
    """A use case for which the desk asks a code: the desk's route, the use case, and its command if it has one."""

    route: str
    use_case: str
    command: tuple[str, ...] | None = None


ACTS = (
    Act("/runs/{month}/approve", "runs.approve_run", ("approve",)),
    Act("/batches/{batch}/approve", "payments.approve_batch", ("approve",)),
    Act("/proposals/confirm", "proposals.confirm_proposals", ("confirm",)),
    Act("/account/recovery-codes", "second_factor.renew_recovery_codes"),
)

ASKS = {
    ("approve",): ("approves", (MONTH, "--digest", "{digest}")),
    ("confirm",): ("approves", ("1", "--digest", "{digest}")),
    ("token", "create"): ("approves", ()),
    ("user", "add"): ("root", ("another", "--role", "finance-approver")),
    ("user", "role"): ("root", ("prepares", "finance-approver")),
    ("user", "reset"): ("root", ("approves",)),
    ("user", "identity"): ("root", ("approves", "a-subject")),
    ("user", "iban"): ("root", ("approves",)),
    ("key", "payees"): ("root", ()),
    ("key", "change"): ("root", ()),
    ("export-persons",): ("root", ("persons.sealed",)),
    ("restore-value",): ("approves", ("L0001", "1", "--with", "root")),
}
"""The commands that ask a code, with a user who has a second factor, and arguments: those of ``ACTS``, and those that
give power, which at the desk follow a login with a code."""

ASKS_NONE = {
    "makes a home, serves it or shows the demo": {
        ("demo",),
        ("init",),
        ("recover",),
        ("rebuild",),
        ("import-persons",),
        ("serve",),
        ("user", "code"),
    },
    "only reads, or writes a file of what is decided": {
        ("balances",),
        ("denials",),
        ("disclosures",),
        ("proposals",),
        ("search",),
        ("verify",),
        ("audit-pack",),
        ("reconcile",),
        ("bank", "open-items"),
        ("bank", "export"),
        ("bank", "rules"),
        ("check", "waiting"),
        ("user", "list"),
        ("user", "sessions"),
        ("token", "list"),
        ("statements", "list"),
        ("outcome",),
    },
    "prepares what another person approves": {
        ("run",),
        ("acknowledge",),
        ("terms",),
        ("bank", "treasury"),
        ("bank", "foreign-balance"),
        ("bank", "rule"),
        ("amend",),
        ("correct-approval",),
        ("overpayment",),
        ("set-off", "propose"),
        ("household", "admit"),
        ("household", "annul"),
        ("household", "tax-code"),
        ("erase",),
    },
    "takes back, ends or withdraws": {
        ("withdraw",),
        ("reject",),
        ("user", "disable"),
        ("token", "revoke"),
        ("link", "revoke"),
        ("bank", "end-rule"),
    },
    "records what the bank, the agency or the calendar says, or tells landlords; the desk asks no code either": {
        ("confirm-today",),
        ("bank", "import"),
        ("bank", "resolve"),
        ("bank", "reopen"),
        ("bank", "unmatch"),
        ("recovery",),
        ("bank", "decide"),
        ("check", "payee"),
        ("check", "tax"),
        ("statement",),
        ("statements", "send"),
        ("statements", "resend"),
        ("link", "create"),
    },
    "asks for the present password, or the secret of an invitation": {("user", "password"), ("user", "accept")},
}


def use_cases_in(module: Module, node: ast.AST) -> set[str]:
    """The functions of services that are named inside a part of a module, such as ``runs.approve_run``."""
    services = {name.rpartition(".")[2] for name in module.imports if name.startswith("fund.services.")}
    return {
        f"{found.value.id}.{found.attr}"
        for found in ast.walk(node)
        if isinstance(found, ast.Attribute) and isinstance(found.value, ast.Name) and found.value.id in services
    }


def asks_code(node: ast.AST) -> bool:
    """Whether a call is told to ask for a code, or asks for one."""
    if not isinstance(node, ast.Call):
        return False
    is_told = any(keyword.arg == "asks_code" and ast.unparse(keyword.value) == "True" for keyword in node.keywords)
    return is_told or (isinstance(node.func, ast.Attribute) and node.func.attr == "check_code")


def routes_that_ask(module: Module) -> Iterator[tuple[str, set[str]]]:
    """The routes of a module of the desk that ask for a code, and what they call."""
    by_name = {function.name: function for function in functions(module.tree)}
    prefix = next(
        (
            keyword.value.value
            for call in ast.walk(module.tree)
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "APIRouter"
            for keyword in call.keywords
            if keyword.arg == "prefix" and isinstance(keyword.value, ast.Constant)
        ),
        "",
    )
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef) and any(asks_code(inner) for inner in ast.walk(node)):
            route = node.decorator_list[0]
            assert isinstance(route, ast.Call)
            yield prefix + ast.literal_eval(route.args[0]), use_cases_in(module, node)
        elif isinstance(node, ast.Assign) and asks_code(node.value):
            assert isinstance(node.value, ast.Call)
            path, do = node.value.args[0], node.value.args[5]
            yield ast.literal_eval(path), use_cases_in(module, by_name[ast.unparse(do)])


DESK = {
    route: called
    for module in modules()
    if module.within("fund.doors.web")
    for route, called in routes_that_ask(module)
}
COMMAND_LINE = {
    name for module in modules() if module.within("fund.doors.cli") for name in use_cases_in(module, module.tree)
}


LOGIN = {"/login/code"}
"""Where the desk asks for the code of a login, which is no act yet."""


def real_commands() -> Iterator[tuple[str, ...]]:
    root = typer.main.get_command(application)
    for name, command in root.commands.items():  # type: ignore[attr-defined]  # a group of Click's
        yield from ((name, inner) for inner in command.commands) if hasattr(command, "commands") else [(name,)]


def test_every_act_that_asks_a_code_at_the_desk_is_told_here() -> None:
    told = {act.route for act in ACTS}
    assert told == DESK.keys() - LOGIN == {form.route for form in FORMS if form.asks_code}
    for act in ACTS:
        assert act.use_case in DESK[act.route], act


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.use_case)
def test_its_command_asks_too(act: Act) -> None:
    assert (act.use_case in COMMAND_LINE) == (act.command is not None), "a new command of this use case asks a code"
    assert act.command is None or act.command in ASKS


def test_every_command_is_told_once() -> None:
    told = Counter([*ASKS, *(command for commands in ASKS_NONE.values() for command in commands)])
    assert told == Counter(real_commands())


@pytest.fixture(scope="module")
def founded(founded_home: Callable[[], Path]) -> Path:
    """A fund whose admin and approver have a second factor, and a run that waits."""
    home = founded_home()
    done = run_fund("run", "--as-of", "2021-04-30", "--as", "prepares", home=home, typed=f"{PREPARER}\n")
    assert done.returncode == 0, done.stderr
    for login in ("root", "approves"):
        enrol_at(home, login)
    return home


@pytest.fixture
def home(founded: Path) -> Path:
    """The same fund, where no attempts count yet."""
    with sqlite3.connect(founded / "fund.sqlite") as connection:
        connection.execute("DELETE FROM attempts")
    return founded


@pytest.mark.parametrize("command", ASKS, ids=" ".join)
def test_a_password_alone_does_not_do(home: Path, command: tuple[str, ...]) -> None:
    login, arguments = ASKS[command]
    digest = shown_digest(MONTH, "approves", APPROVER, home) if command == ("approve",) else ""
    words = [*command, *(word.format(digest=digest) for word in arguments), "--as", login]
    done = run_fund(*words, home=home, typed=f"{PASSWORDS[login]}\n")
    assert (done.returncode, done.stdout) == (3, "")
    assert "A code of the second factor is needed" in done.stderr


def test_nor_does_a_token(home: Path) -> None:
    code, other = RECOVERY_CODES[:2]
    made = run_fund("token", "create", "--as", "root", home=home, typed=f"{ADMIN}\n{code}\n")
    assert made.returncode == 0, made.stderr
    add = ("user", "add", "another", "--role", "finance-approver")
    secret = made.stdout.split()[1]
    refused = run_fund(*add, home=home, FUND_TOKEN=secret)
    assert (refused.returncode, "A code of the second factor is needed" in refused.stderr) == (3, True)
    new = new_user("another", "finance-approver")
    added = run_fund(*add, home=home, typed=f"{other}\n{new.email}\n{new.tax_code}\n", FUND_TOKEN=secret)
    assert added.returncode == 0, added.stderr
