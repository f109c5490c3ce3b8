"""Batches for the writers' tests, and a folder of schemas like an installation's. Creditors are numbered."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from schwifty import IBAN

from fund.bank import schemas
from fund.bank.port import Batch, Debtor, Instruction, OpiCodes
from tests.house.source import HOUSE

CODES = OpiCodes(
    ipa="UFEX01",
    istat="000123456",
    siope="1040202999",
    cgu="1040202999",
    bollo="ESENTE BOLLO: art. 8 tab. B DPR 642/1972",
    chapter="120400/12",
    act="DD 2022/118",
    treasurer_abi="99901",
)
RF = "RF18539007547034"


def iban(number: int) -> str:
    """A well-formed IBAN of a bank that does not exist."""
    return str(IBAN.generate("IT", bank_code="99901", branch_code="01800", account_code=f"{number:012d}"))


DEBTOR = Debtor(
    "Comune di Esempio", iban(1), "00337460224", bic="EXAMITTT", cuc="EXAMP001", cup="E61B20000000001", opi=CODES
)


def instruction(number: int, **changes: object) -> Instruction:
    made = Instruction(
        payment=f"PAY-2022-10-{number:04d}",
        amount_cents=45000 + number,
        iban=iban(100 + number),
        creditor=f"Locatore {number}",
        remittance=f"REG-{number} 2022-10",
        creditor_tax_code="00337460224",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # any field


SMALL = Batch(
    code="PB-2022-10-1",
    created_at=datetime(2022, 10, 5, 22, 30, 15, tzinfo=UTC),
    pay_on=date(2022, 10, 10),
    debtor=DEBTOR,
    instructions=(
        instruction(1),
        instruction(2, creditor="Società «Örtler» & Fratelli – n° 2", remittance="REG-2 2022-09/10", iban=iban(101)),
        instruction(3, creditor="+Locatore 3", rf_reference=RF, creditor_tax_code=None),
    ),
)


def batch_of(*instructions: Instruction, **changes: object) -> Batch:
    return replace(SMALL, instructions=instructions, **changes)  # type: ignore[arg-type]  # any field


def debtor_with(**changes: object) -> Batch:
    return replace(SMALL, debtor=replace(DEBTOR, **changes))  # type: ignore[arg-type]  # any field


GRAMMARS = HOUSE / "fund" / "bank" / "grammar"
OFFICIAL = {
    "cbi": "fund-cbi-request-1",
    "opi": "fund-opi-orders-1",
    "opi-journal": "fund-opi-journal-1",
    "opi-outcome": "fund-opi-outcome-1",
}
"""The official schemas, and our own grammar of each."""


def stand_in_schemas(folder: Path) -> Path:
    """A folder such as ``FUND_SCHEMAS`` names, with our own grammars in the places of the official schemas."""
    for official, grammar in OFFICIAL.items():
        place = folder / schemas.IN_FOLDER[official]
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(GRAMMARS / f"{grammar}.xsd", place)
        for values in ("values-1.xsd", "opi-values-1.xsd"):
            shutil.copy(GRAMMARS / values, place.parent)
    return folder
