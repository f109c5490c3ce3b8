"""How many files a change touches: each is made in a copy of the house, shown to work there, and counted.

What is generated from the change (golden files, tables of documents) is renewed by its command and counted apart.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import HOUSE

pytestmark = pytest.mark.long

PARTS = ("fund", "ledger", "templates", "examples", "docs", "tests")
ITALIAN = "fund/locale/it/LC_MESSAGES/fund.po"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house without its history and environment, beside a second copy that stays as it is."""
    for place in ("copy", "before"):
        for part in PARTS:
            shutil.copytree(HOUSE / part, tmp_path / place / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(HOUSE / "pyproject.toml", tmp_path / place)
    return tmp_path / "copy"


def run(copy: Path, *arguments: str) -> str:
    """What Python answers in the copy, which stands before the house on its path.

    It is no worker of the run that this test is a part of: what those have made for each other is of another house.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST_")}
    environment = {**ours, "PYTHONPATH": str(copy)}
    done = subprocess.run([sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_tests(copy: Path, *arguments: str) -> None:
    run(copy, "-m", "pytest", "-q", "-n", "0", *arguments)


def show(copy: Path, test: str, code: str) -> None:
    """Run a test of the change as a file of the copy, with the fixtures of the folder it is put into."""
    (copy / test).write_text(code, "utf-8")
    run_tests(copy, test)
    (copy / test).unlink()


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def insert(path: Path, before: str, text: str) -> None:
    """Insert a text before the one place where another stands."""
    old = path.read_text("utf-8")
    assert old.count(before) == 1, before
    path.write_text(old.replace(before, text + before), "utf-8")


def touched(copy: Path) -> list[str]:
    """The files of the copy that differ from what they were."""
    before = copy.with_name("before")
    files = (path.relative_to(copy) for part in PARTS for path in (copy / part).rglob("*") if path.is_file())
    kept = (file for file in files if file.suffix not in (".pyc", ".so"))
    return sorted(
        str(file)
        for file in kept
        if not (before / file).is_file() or (before / file).read_bytes() != (copy / file).read_bytes()
    )


ERROR = '''

class RoofLeaks(FundError):
    """The roof of a household's home leaks."""

    title = N_("The roof of household %(household)s leaks")
    advice = N_("Put a bucket under it.")

    household: str
'''
ERROR_IN_ITALIAN = """
msgid "The roof of household %(household)s leaks"
msgstr "Il tetto del nucleo %(household)s perde"

msgid "Put a bucket under it."
msgstr "Mettere sotto un secchio."
"""
ERROR_SHOWN = """
from fund.documents.catalogue import translator
from fund.domain import errors
from fund.doors.problems import described, exit_code
error = errors.RoofLeaks("N01")
print(described(error, translator("it")), exit_code(error), described(error, translator("en"))["title"])
"""


def test_an_error_is_added_in_two_files(copy: Path) -> None:
    append(copy / "fund/domain/errors.py", ERROR)
    append(copy / ITALIAN, ERROR_IN_ITALIAN)
    shown = run(copy, "-c", ERROR_SHOWN)
    assert "'title': 'Il tetto del nucleo N01 perde', 'status': 409, 'detail': 'Mettere sotto un secchio.'" in shown
    assert shown.endswith("3 The roof of household N01 leaks\n")
    run_tests(copy, "tests/fund/documents/test_catalogue.py", "tests/fund/doors/test_problems.py")
    assert touched(copy) == ["fund/domain/errors.py", ITALIAN]


FORMAT = """    PORTAL_CSV = "portal-csv", N_("CSV of a banking portal")
"""
FORMAT_WRITER = '''"""Writer of the CSV that a banking portal imports: a line a transfer, without a header."""

from fund.bank.port import Batch
from fund.bank.writers.checked import checked
from fund.bank.writers.formats import CSV, writes
from fund.domain.lists import BankFormat
from ledger.money import format_cents


@writes(BankFormat.PORTAL_CSV, CSV)
def write_portal_csv(batch: Batch) -> bytes:
    """Write payment, IBAN, name and amount, with semicolons."""
    lines = (
        f"{paid.payment};{paid.iban};{paid.creditor};{format_cents(paid.amount_cents)}\\n"
        for paid in checked(batch).instructions
    )
    return "".join(lines).encode()
'''
FORMAT_IN_ITALIAN = """
msgid "CSV of a banking portal"
msgstr "CSV di un portale bancario"
"""
FORMAT_SHOWN = """
import re
from collections.abc import Callable
from pathlib import Path

import fund
from tests.fund.doors.cli.conftest import (
    APPROVER,
    EXAMPLE,
    PREPARER,
    approve_shown,
    confirm_waiting_at,
    did,
    enrol_at,
)


def test_a_bank_takes_it(founded_home: Callable[[], Path], tmp_path: Path) -> None:
    assert Path(fund.__file__).is_relative_to(Path.cwd())
    home = founded_home()
    codes = enrol_at(home, "approves")
    assert "portal-csv" in did("bank", "export", "--help", home=home)
    agreement = tmp_path / "agreement.toml"
    text = EXAMPLE.read_text("utf-8").replace('format = "pain.001.001.09"', 'format = "portal-csv"')
    agreement.write_text(text, "utf-8")
    did("bank", "treasury", str(agreement), "--as", "prepares", home=home, typed=f"{PREPARER}\\n")
    confirm_waiting_at(home, "approves")
    did("run", "--as-of", "2021-03-31", "--as", "prepares", home=home, typed=f"{PREPARER}\\n")
    approved = approve_shown("2021-03", "approves", APPROVER, next(codes), home)
    batch = re.search(r"BAT-[0-9]{4}-[0-9]{4}", approved.stdout)
    assert batch, approved.stdout + approved.stderr
    lines = (home / "outbox" / f"{batch[0]}.csv").read_text("utf-8").splitlines()
    assert lines and all(re.fullmatch(r"PAY-[0-9-]{12};IT[0-9A-Z]{25};[^;]+;[0-9]+[.][0-9]{2}", line) for line in lines)
"""


def test_a_bank_format_is_added_in_three_files(copy: Path) -> None:
    insert(copy / "fund/domain/lists.py", "    REGISTER = ", FORMAT)
    (copy / "fund/bank/writers/portal_csv.py").write_text(FORMAT_WRITER, "utf-8")
    append(copy / ITALIAN, FORMAT_IN_ITALIAN)
    show(copy, "tests/fund/doors/cli/test_added_format.py", FORMAT_SHOWN)
    by_hand = ["fund/bank/writers/portal_csv.py", "fund/domain/lists.py", ITALIAN]
    assert touched(copy) == by_hand
    golden = (
        "tests/fund/bank/writers/test_formats.py",
        "tests/fund/doors/api/test_reading.py",
        "-k",
        "golden or stays",
    )
    run_tests(copy, *golden, "--golden-update")
    run(copy, "-m", "docs.generate")
    run_tests(copy, *golden)
    run_tests(copy, "tests/fund/documents/test_catalogue.py")
    assert set(touched(copy)) - set(by_hand) == {
        "docs/bank.md",
        "tests/fund/bank/writers/golden/portal-csv.csv",
        "tests/fund/doors/api/golden/openapi.txt",
    }


PAGE_ROUTE = '''
@router.get("/remaining-months")
def list_remaining_months(desk: Desk) -> Response:
    """The months that each household has left."""
    with desk.reading() as context:
        households = list_households(context)
    return desk.page("remaining_months.html", households=households)


'''
PAGE_TEMPLATE = """{% extends "web/layout.html" %}
{% block title %}{{ _("Remaining months") }}{% endblock %}
{% block content %}
<h1>{{ _("Remaining months") }}</h1>
<ul>{% for row in households %}<li>{{ row.code }}: {{ row.balance.months_left }}</li>{% endfor %}</ul>
{% endblock %}
"""
PAGE_MENU = """    MenuItem("/remaining-months", N_("Remaining months"), "it-calendar", READERS),
"""
PAGE_IN_ITALIAN = """
msgid "Remaining months"
msgstr "Mesi residui"
"""
PAGE_IN_THE_TABLE = """    PageOf("/remaining-months", "/remaining-months", READERS),
"""
PAGE_SHOWN = """
from tests.fund.doors.web.served import Desk
from tests.fund.doors.web.test_access import test_every_route_is_in_a_table as test_it_is_in_the_table


def test_a_person_gets_there_by_the_menu(desk: Desk) -> None:
    with desk.browser(desk.office.auditor, "it") as browser:
        assert 'href="/remaining-months"' in browser.get("/").text
        page = browser.get("/remaining-months")
        assert page.status_code == 200
        assert "<h1>Mesi residui</h1>" in page.text and "<li>N01: " in page.text
    with desk.browser(desk.office.admin) as browser:
        assert browser.get("/remaining-months").status_code == 403
"""


def test_a_page_is_added_in_five_files(copy: Path) -> None:
    route, menu, table = (
        "fund/doors/web/households/households.py",
        "fund/doors/web/navigation.py",
        "tests/fund/doors/web/pages_of_all.py",
    )
    insert(copy / route, '@router.get("/households/{code}")', PAGE_ROUTE.lstrip())
    (copy / "templates/web/remaining_months.html").write_text(PAGE_TEMPLATE, "utf-8")
    insert(copy / menu, '    MenuItem("/landlords"', PAGE_MENU)
    append(copy / ITALIAN, PAGE_IN_ITALIAN)
    insert(copy / table, '    PageOf("/users", ', PAGE_IN_THE_TABLE)
    assert touched(copy) == sorted((route, "templates/web/remaining_months.html", menu, ITALIAN, table))
    show(copy, "tests/fund/doors/web/test_added_page.py", PAGE_SHOWN)
    run_tests(
        copy, "tests/fund/documents/test_catalogue.py", "tests/fund/doors/web/test_pages.py", "-k", "catalogue or style"
    )


FIELD_COLUMN = "    phone: str | None = personal()\n"
FIELD_MIGRATION = '        sa.Column("phone", sa.String(), nullable=True),\n'
FIELD_SHAPE = 'Phone = Annotated[str, AfterValidator(_matching(_PHONE, "+39 0461 000000"))]\n'
FIELD_FACT = "    phone: Phone | None = None\n"
FIELD_INPUT = '    phone: Annotated[shapes.Phone | None, FormField(N_("Telephone"), "text")] = None\n'
FIELD_VIEW = "    phone: Annotated[str | None, _FINANCE]\n"
FIELD_IN_ITALIAN = """
msgid "Telephone"
msgstr "Telefono"
"""
FIELD_SHOWN = """
import sqlite3
from pathlib import Path

from tests.fund.doors.api.served import serve
from tests.fund.doors.cli.conftest import EXAMPLE, did, run_fund
from tests.fund.doors.web.served import Desk
from tests.fund.kit import OTHER_IBAN

PHONE = "+39 0461 111111"
FACTS = {
    "code": "L0009",
    "name": "Locatore L0009",
    "tax_code": "99999000229",
    "email": "l0009@example.org",
    "contact": "l0009@example.org",
    "language": "it",
    "iban": OTHER_IBAN,
    "phone": PHONE,
}


def test_the_agreement_file_and_the_command_line_know_it(tmp_path: Path) -> None:
    agreement = tmp_path / "agreement.toml"
    first = 'contact = "'
    text = EXAMPLE.read_text("utf-8").replace(first, f'phone = "{PHONE}"\\n{first}', 1)
    agreement.write_text(text.replace(PHONE, "0461"), "utf-8")
    refused = run_fund("init", str(agreement), home=tmp_path / "refused")
    assert 'phone: must be written like "+39 0461 000000"' in refused.stderr
    agreement.write_text(text, "utf-8")
    did("init", str(agreement), home=tmp_path / "home")
    with sqlite3.connect(tmp_path / "home" / "fund.sqlite") as connection:
        assert connection.execute("SELECT phone FROM landlord WHERE phone IS NOT NULL").fetchall() == [(PHONE,)]


def test_form_and_page_show_it_to_the_finance_office_alone(desk: Desk) -> None:
    with desk.browser(desk.office.preparer, "it") as browser:
        assert 'name="phone"' in browser.get("/landlords/new").text
        page = browser.do("/landlords/new", FACTS)
        assert "<dt>Telefono</dt>" in page.text and PHONE in page.text
    with desk.browser(desk.office.auditor) as browser:
        page = browser.get("/landlords/L0009")
        assert page.status_code == 200 and PHONE not in page.text
    desk.office.forget("L0009")
    assert PHONE not in repr(desk.office.dump())
    with desk.browser(desk.office.preparer) as browser:
        assert PHONE not in browser.get("/landlords/L0009").text


def test_programs_of_the_finance_office_alone_get_it(desk: Desk) -> None:
    with serve(desk.office) as served:
        assert "phone" not in served.preparer.do("/landlords", FACTS)
        assert served.approver.give("/landlords/L0009")["phone"] == PHONE
        assert PHONE not in served.auditor.get("/landlords").text
        assert served.auditor.get("/landlords/L0009").status_code == 403
"""


def test_a_field_of_a_landlord_is_added_in_seven_files(copy: Path) -> None:
    table, migration = "fund/store/tables/landlords.py", "fund/store/migrations/versions/0001_schema.py"
    facts, body = "fund/domain/agreement/model.py", "fund/doors/http/inputs.py"
    view, bindings = "fund/doors/api/landlords/landlords.py", "fund/store/bindings.py"
    insert(copy / table, '    language: str = "it"\n', FIELD_COLUMN)
    insert(copy / migration, '        sa.Column("contact_fingerprint", ', FIELD_MIGRATION)
    insert(copy / facts, "Language = Literal", FIELD_SHAPE)
    insert(copy / facts, "    rf_reference: RfReference", FIELD_FACT)
    insert(copy / body, "\n\nclass RfReferenceInput", FIELD_INPUT)
    insert(copy / view, "    rf_reference: str | None", FIELD_VIEW)
    insert(copy / bindings, 'language",\n        ),\n        "contribution"', "phone ")
    append(copy / ITALIAN, FIELD_IN_ITALIAN)
    by_hand = sorted((table, migration, facts, body, view, bindings, ITALIAN))
    assert touched(copy) == by_hand
    golden = (
        *("tests/fund/store/test_schema.py", "tests/fund/doors/api/test_reading.py"),
        *("-k", "expected_schema or documentation_is_the_golden"),
    )
    run_tests(copy, *golden, "--golden-update")
    run(copy, "-m", "docs.generate")
    assert set(touched(copy)) - set(by_hand) == {
        "docs/trust.md",
        "fund/store/migrations/schema.postgresql.json",
        "fund/store/migrations/schema.sqlite.json",
        "tests/fund/doors/api/golden/openapi.txt",
    }
    show(copy, "tests/fund/doors/web/test_added_field.py", FIELD_SHOWN)
    run_tests(
        copy, "tests/fund/documents/test_catalogue.py", "tests/fund/store/test_rows.py", "-k", "catalogue or fact"
    )
