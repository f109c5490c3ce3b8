"""How a bank's own CSV is described in the agreement file; what cannot be meant is named with its line."""

import re

import pytest

from fund.domain.agreement.reading import parse_agreement
from tests.fund.agreement_kit import TEXT, problems_of

BEGIN, END = TEXT.index("# [treasury.csv]"), TEXT.index("# What is asked for before money leaves")
DESCRIBED = TEXT[:BEGIN] + re.sub(r"^# ?", "", TEXT[BEGIN:END], flags=re.MULTILINE) + TEXT[END:]
"""The example with its section taken out of the comment."""


def test_without_the_section_there_is_no_mapping() -> None:
    treasury = parse_agreement(TEXT).treasury
    assert treasury is not None
    assert treasury.csv is None


def test_the_section_of_the_example_holds() -> None:
    treasury = parse_agreement(DESCRIBED).treasury
    assert treasury is not None
    assert treasury.csv is not None
    assert list(treasury.csv.columns.values()) == ["Riferimento", "Importo", "Data", "IBAN", "Esito", "Causale"]
    assert treasury.csv.outcomes == {"PAGATO": "settled", "RESPINTO": "refused", "STORNATO": "returned"}
    assert (treasury.csv.encoding, treasury.csv.date_format) == ("cp1252", "%d/%m/%Y")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('delimiter = ";"', 'delimiter = "\\t"'),
        ('date_format = "%d/%m/%Y"', 'date_format = "%Y%m%d"'),
        ('date_format = "%d/%m/%Y"', 'date_format = "%d.%m.%y"'),
        ('decimal_sign = ","', 'decimal_sign = "."'),
        ('PAGATO = "settled"', '"Pagato il giorno" = "settled"'),
        ('iban = "IBAN"\n', ""),
    ],
)
def test_other_ways_of_writing_are_described_too(old: str, new: str) -> None:
    assert old in DESCRIBED
    begin = DESCRIBED.index("[treasury.csv]")
    parse_agreement(DESCRIBED[:begin] + DESCRIBED[begin:].replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('payment = "Riferimento"', 'payment = ""', "payment"),
        ('payment = "Riferimento"', "payment = 1", "payment"),
        ('amount = "Importo"', 'amount = " Importo"', "amount"),
        ('amount = "Importo"', 'amount = "Riferimento"', "amount"),
        ('reason = "Causale"', 'reason = "Data"', "reason"),
        ('delimiter = ";"', 'delimiter = ";;"', "delimiter"),
        ('delimiter = ";"', 'delimiter = "a"', "delimiter"),
        ('encoding = "cp1252"', 'encoding = "utf-16"', "encoding"),
        ('encoding = "cp1252"', 'encoding = "rot13"', "encoding"),
        ('date_format = "%d/%m/%Y"', 'date_format = "%d/%m"', "date_format"),
        ('date_format = "%d/%m/%Y"', 'date_format = "%d/%d/%m/%Y"', "date_format"),
        ('date_format = "%d/%m/%Y"', 'date_format = "%y/%d/%m/%Y"', "date_format"),
        ('date_format = "%d/%m/%Y"', 'date_format = "%d/%m/%Y%"', "date_format"),
        ('date_format = "%d/%m/%Y"', 'date_format = "%d %B %Y"', "date_format"),
        ('decimal_sign = ","', 'decimal_sign = ""', "decimal_sign"),
        ('delimiter = ";"', 'separator = ";"', "separator"),
        ('outcome = "Esito"\n', "", "outcomes"),
        ('PAGATO = "settled"', 'PAGATO = "paid"', "outcomes.?"),
        ('PAGATO = "settled"', '"" = "settled"', "outcomes.?.?"),
    ],
)
def test_what_cannot_be_meant_is_named_with_its_line(old: str, new: str, path: str) -> None:
    begin = DESCRIBED.index("[treasury.csv]")
    at = DESCRIBED.index(old, begin)
    (problem,) = problems_of(DESCRIBED[:at] + new + DESCRIBED[at + len(old) :])
    assert problem.path == f"treasury.csv.{path}"
    if path == "outcomes":
        assert problem.line == DESCRIBED.count("\n", 0, DESCRIBED.index("[treasury.csv.outcomes]"))
    else:
        assert problem.line == DESCRIBED.count("\n", 0, at) + 1
    assert "Riferimento" not in str(problem.message)


def test_a_banks_list_of_movements_is_described_without_codes() -> None:
    begin = DESCRIBED.index("[treasury.csv]")
    text = DESCRIBED[begin:].replace('payment = "Riferimento"', 'credit = "Avere"\nsigned = true', 1)
    treasury = parse_agreement(DESCRIBED[:begin] + text).treasury
    assert treasury is not None
    assert treasury.csv is not None
    assert (treasury.csv.payment, treasury.csv.credit, treasury.csv.signed) == (None, "Avere", True)


@pytest.mark.parametrize("column", ["amount", "date"])
def test_two_columns_must_be_named(column: str) -> None:
    begin = DESCRIBED.index("[treasury.csv]")
    text = DESCRIBED[:begin] + re.sub(rf"^{column} = .*\n", "", DESCRIBED[begin:], count=1, flags=re.MULTILINE)
    (problem,) = problems_of(text)
    assert (problem.path, str(problem.message)) == (f"treasury.csv.{column}", "is missing")
    assert problem.line == DESCRIBED.count("\n", 0, begin) + 1


@pytest.mark.parametrize("table", ["", "[treasury.csv.outcomes]\n"])
def test_a_column_of_outcomes_needs_its_words(table: str) -> None:
    begin = DESCRIBED.index("[treasury.csv.outcomes]")
    text = DESCRIBED[:begin] + table + DESCRIBED[DESCRIBED.index("# What is asked for before money leaves") :]
    (problem,) = problems_of(text)
    assert problem.path == ("treasury.csv.outcomes" if table else "treasury.csv.outcome")
    assert problem.line is not None
