"""The files that are kept, and the copies in the outbox: a change of one, or of what cites it, is found."""

import logging
from pathlib import Path

import pytest

from fund.app import open_app
from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.states import BatchState
from fund.services.banking import exports, imports, treasury
from fund.services.books.kept_files import sealed_file_findings
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.books.verification import verify
from fund.settings import Settings
from fund.store.banking import bank_files
from fund.store.books import list_all
from fund.store.tables import BankFile, PaymentBatch
from ledger.verify import verify_books
from tests.examples import first_of
from tests.fund.kit import Office, lay_key
from tests.fund.services.banking.test_sealing import TREASURY
from tests.fund.services.books.conftest import BATCH
from tests.fund.services.books.tampering import changed_by, findings_of_one_row, tamper

ROWS = [
    (
        "UPDATE bank_file SET content = content || x'20' WHERE name = 'camt.xml'",
        "its bytes are not those of its sha256",
    ),
    ("UPDATE bank_file SET content = x'20' WHERE name = 'answers.csv'", "its bytes are not those of its sha256"),
    ("UPDATE batch_export SET content = content || x'20'", f"{BATCH}/register-csv: its bytes"),
    ("UPDATE batch_export SET sha256 = 'x'", f"{BATCH}/register-csv: its bytes"),
    ("DELETE FROM bank_line WHERE payment = 'PAY-2022-03-0001'", "says so of PAY"),
    ("UPDATE statement SET chain_head = 'x' WHERE number = 'EC-2022-0002'", "statement EC-2022-0002: the books never"),
    ("UPDATE statement SET chain_head = printf('%064d', 0) WHERE number = 'EC-2022-0002'", "the books never"),
    ("UPDATE statement SET number = 'EC-2022-0009' WHERE number = 'EC-2022-0002'", "EC-2022-0002: is missing"),
    ("UPDATE statement SET number = 'other' WHERE number = 'EC-2022-0002'", "a number that the service does not give"),
    ("DELETE FROM statement WHERE number = 'EC-2022-0001'", "EC-2022-0001: is missing"),
    (
        "UPDATE bank_line SET payment = 'PAY-2022-03-0009' WHERE payment = 'PAY-2022-03-0001'",
        "says so of PAY",
    ),
    ("UPDATE bank_line SET amount_cents = 44000 WHERE payment = 'PAY-2022-03-0001'", "says so of PAY"),
    ("UPDATE bank_line SET bank_date = '2022-03-06' WHERE payment = 'PAY-2022-03-0001'", "says so of PAY"),
    ("UPDATE bank_line SET entry = 1 WHERE entry IS NOT NULL", "says so of A02"),
    ("UPDATE bank_line SET moved_cents = 900 WHERE entry IS NOT NULL", "says so of A02"),
]


@pytest.mark.parametrize(
    ("statement", "named"), first_of(ROWS, each=changed_by), ids=[statement[:60] for statement, _ in ROWS]
)
def test_one_changed_row_about_a_file_is_found_and_named(spoilt_files: Office, statement: str, named: str) -> None:
    _, findings = findings_of_one_row(spoilt_files, statement)
    assert any(finding.startswith("files: ") and named in finding for finding in findings), findings


@pytest.mark.parametrize("batch", [BATCH, "BAT-2022-0002"], ids=["sent", "not yet sent"])
def test_a_changed_file_in_the_outbox_is_found(kept: Office, batch: str) -> None:
    (file,) = kept.app.settings.outbox.glob(f"{batch}.*")
    file.write_bytes(file.read_bytes().replace(b"IT", b"FR", 1))
    assert kept.findings() == (f"files: {file.name}: the file in the outbox is not what was sealed",)


def test_a_link_in_the_place_of_a_file_is_found(kept: Office, tmp_path: Path) -> None:
    (file,) = kept.app.settings.outbox.glob("BAT-2022-0002.*")
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert len(kept.findings()) == 1
    kept.prepare(exports.export_batch, BATCH, "register-csv")
    assert not file.is_symlink()
    assert kept.findings() == ()


STRAYS = {
    "a file of no batch": lambda file: file.with_name("BAT-2022-0009.csv").write_bytes(file.read_bytes()),
    "another case of the name": lambda file: file.rename(file.with_suffix(file.suffix.upper())),
    "a folder": lambda file: file.with_name("more").mkdir(),
    "a second name": lambda file: file.with_name("copy.csv").hardlink_to(file),
    "a link beside it": lambda file: file.with_name("BAT-2022-0001.txt").symlink_to(file),
}


@pytest.mark.parametrize("name", STRAYS)
def test_whatever_else_lies_in_the_outbox_is_found(kept: Office, name: str) -> None:
    (file,) = kept.app.settings.outbox.glob("BAT-2022-0002.*")
    STRAYS[name](file)
    (finding,) = kept.findings()
    assert finding.endswith("lies in the outbox, and is no file of a batch in force")


def test_an_outbox_that_is_a_link_is_found(kept: Office, tmp_path: Path) -> None:
    outbox = kept.app.settings.outbox
    outbox.rename(tmp_path / "elsewhere")
    outbox.symlink_to(tmp_path / "elsewhere")
    assert kept.findings() == ("files: the outbox is a link",)


def _cancelled(office: Office) -> PaymentBatch:
    batches = office.ask(office.auditor, lambda context: list_all(context.session, PaymentBatch))
    return next(batch for batch in batches if batch.state == BatchState.CANCELLED)


def test_a_cancelled_batch_is_not_laid_out_again(lived: Office) -> None:
    code = _cancelled(lived).code
    tamper(lived, f"UPDATE payment_batch SET state = 'sealed' WHERE code = '{code}'")  # noqa: S608  # a code of ours
    with pytest.raises(errors.IntegrityBroken, match=f"{code}: it was cancelled"):
        lived.open_runs()
    assert not [*lived.app.settings.outbox.glob(f"{code}.*")]


def test_the_file_of_a_cancelled_batch_is_found(lived: Office) -> None:
    batch = _cancelled(lived)
    outbox = lived.app.settings.outbox
    outbox.joinpath(f"{batch.code}.csv").write_bytes(batch.file_bytes or b"")
    assert [finding for finding in lived.findings() if batch.code in finding] != []


def test_the_next_writer_mends_it_from_the_sealed_bytes_and_says_so(
    kept: Office, caplog: pytest.LogCaptureFixture
) -> None:
    (file,) = kept.app.settings.outbox.glob("BAT-2022-0002.*")
    sealed = file.read_bytes()
    file.write_bytes(sealed.replace(b"IT", b"FR", 1))
    with caplog.at_level(logging.WARNING, "fund"):
        kept.prepare(exports.export_batch, BATCH, "register-csv")
    assert file.read_bytes() == sealed
    assert "BAT-2022-0002" in caplog.text
    assert kept.findings() == ()


def test_a_file_whose_lines_name_no_payment_any_more_is_found(kept: Office) -> None:
    for _ in range(3):
        tamper(kept, "UPDATE bank_line SET payment = '' WHERE payment = (SELECT max(payment) FROM bank_line)")
    assert sum("says so of PAY" in finding for finding in kept.findings()) == 3


@pytest.mark.long
def test_a_rebuilt_fund_is_given_the_files_of_the_bank_anew(kept: Office, tmp_path: Path) -> None:
    """It lacks them without a finding; given anew, their lines are decided as before, and missed from then on."""
    app = open_app(Settings(tmp_path / "new", f"sqlite:///{tmp_path / 'new' / 'fund.sqlite'}"), kept.clock)
    lay_key(app.settings)
    rebuilt = Office(app, kept.clock)
    rebuilt.do(SYSTEM, rebuild, read_source(kept.app.settings.books))
    view = rebuilt.ask(rebuilt.auditor, verify, app.settings.books, app.settings.outbox)
    assert view.findings == ()
    assert sum(warning.startswith("bank file ") and "given anew" in warning for warning in view.warnings) == 4
    rebuilt.decide(treasury.propose_treasury, TREASURY)
    for row in kept.ask(kept.auditor, lambda context: list_all(context.session, BankFile)):
        if row.booked_at is not None:
            before = kept.ask(kept.preparer, imports.view_file, row.sha256).lines
            after = rebuilt.import_file(row.content, row.name).lines
            assert [line.resolved_to for line in after] == [line.resolved_to for line in before]
    assert rebuilt.findings() == ()
    tamper(rebuilt, "DELETE FROM bank_line WHERE resolved_as = 'set-aside'")
    assert any("not those that were read" in finding for finding in rebuilt.findings())
    app.close()


def test_each_order_is_what_its_sealed_file_pays(kept: Office) -> None:
    """Who could seal one file and book another would be found by the accounts and amounts of both."""
    position = verify_books(kept.app.settings.books).position
    assert kept.ask(kept.auditor, lambda context: list(sealed_file_findings(context, position))) == []
    first, second = (position.payments[f"PAY-2022-03-000{number}"] for number in (1, 2))
    first.amount_cents -= 1
    second.account = 2
    position.payments.pop("PAY-2022-03-0003")
    said = (
        "PAY-2022-03-0001 another amount than was ordered",
        "PAY-2022-03-0002 to another account than L0002 2, which was confirmed",
        "PAY-2022-03-0003 without an order",
    )
    assert kept.ask(kept.auditor, lambda context: list(sealed_file_findings(context, position))) == [
        *(f"files: batch {BATCH}: its file pays {one}" for one in said),
        *(f"files: {BATCH}/register-csv: it pays {one}" for one in said),
    ]


def test_a_file_that_is_cited_and_not_held_is_found(kept: Office) -> None:
    tamper(kept, "UPDATE payment_batch SET file_bytes = NULL WHERE code = 'BAT-2022-0001'")
    assert "files: cited by orders and answers of the bank, and not held: 1" in kept.findings()


def test_what_is_kept_of_files_is_the_same_read_in_parts(kept: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with kept.app.database.read() as session:
        files = [file.sha256 for file in bank_files.read_files(session)]
        at_once = [*bank_files.kept_texts(session, files)]
        monkeypatch.setattr(bank_files, "_FILES_AT_ONCE", 1)
        assert [*bank_files.kept_texts(session, files)] == at_once
    assert [file for file, _ in at_once] == files
    assert len({text for _, text in at_once}) == len(files) > 2
