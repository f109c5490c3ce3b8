"""Writer of the mandate register (elenco mandati) as CSV and XLSX, for entering mandates by hand.

Its columns are Italian. Names are written as they were entered, not as banks get them. Every cell is text to a
spreadsheet, except the amount.
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from typing import Final

from fund.bank.port import Batch
from fund.bank.register import inert
from fund.bank.writers.checked import checked, require
from fund.bank.writers.formats import CSV, XLSX, writes
from fund.bank.writers.opi import MAX_MANDATE
from fund.bank.writers.xml import in_rome
from fund.domain.lists import BankFormat
from ledger.money import format_cents

COLUMNS: Final = (
    *("numero", "esercizio", "data", "data_pagamento", "creditore", "codice_fiscale", "importo", "iban", "causale"),
    *("cup", "cig", "codice_siope", "capitolo", "atto", "pagamento", "distinta"),
)
_AMOUNT: Final = COLUMNS.index("importo")


@writes(BankFormat.REGISTER_CSV, CSV, is_numbered=True)
def write_register_csv(batch: Batch, first_number: int = 1) -> bytes:
    """CSV with semicolons and UTF-8, a header line, amounts as ``450.00``, days as ``2022-05-10``."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(tuple(map(inert, line)) for line in _lines(batch, first_number))
    return stream.getvalue().encode()


@writes(BankFormat.REGISTER_XLSX, XLSX, is_numbered=True)
def write_register_xlsx(batch: Batch, first_number: int = 1) -> bytes:
    """A workbook of one sheet; amounts are numbers, everything else is text that no spreadsheet evaluates."""
    import xlsxwriter  # imported with the first register, so that commands start without it

    lines = list(_lines(batch, first_number))
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": batch.code, "created": batch.created_at.astimezone(UTC)})
    sheet = book.add_worksheet("elenco mandati")
    bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)
    for row, line in enumerate(lines, 1):
        for column, text in enumerate(line):
            if column == _AMOUNT:
                sheet.write_number(row, column, Decimal(text), amount)
            else:
                sheet.write_string(row, column, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(lines), len(COLUMNS) - 1)
    book.close()
    return stream.getvalue()


def _lines(batch: Batch, first_number: int) -> Iterator[tuple[str, ...]]:
    """Lines of the batch, numbered without gaps from ``first_number`` in the year of its day."""
    checked(batch)
    last = first_number + len(batch.instructions) - 1
    require(0 < first_number <= last <= MAX_MANDATE, batch.code, "numero", "outside-limits")
    debtor, day = batch.debtor, in_rome(batch.created_at).date()
    ends = (debtor.cup, debtor.cig, debtor.opi.siope, debtor.opi.chapter, debtor.opi.act)
    require(all(end.isprintable() for end in ends if end), batch.code, "codes", "malformed")
    for number, paid in enumerate(batch.instructions, first_number):
        yield (
            *(str(number), str(day.year), day.isoformat(), batch.pay_on.isoformat()),
            *(paid.creditor, paid.creditor_tax_code or "", format_cents(paid.amount_cents), paid.iban, paid.remittance),
            *((end or "") for end in ends),
            *(paid.payment, batch.code),
        )
