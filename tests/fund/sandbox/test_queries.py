"""Questions to a copy of the books: what is answered, what is refused and where, and what no book can make run."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.documents.spreadsheet_text import csv_bytes, safe
from fund.domain import errors
from fund.sandbox import bql, work
from fund.sandbox.walls import MEBIBYTE, Limits
from fund.services.books.questions import EXAMPLES
from tests.examples import first_of
from tests.fund.sandbox.books_kit import with_cache, with_plugin


def test_answers_are_exact_texts_and_say_which_columns_are_numbers(files: dict[str, bytes]) -> None:
    asked = "SELECT account, sum(number) AS euros, count(*) AS lines WHERE account ~ 'Rent' GROUP BY 1 ORDER BY 1"
    result = work.query(files, asked)
    assert result.columns == (("account", False), ("euros", True), ("lines", True))
    assert result.rows == (("Expenses:Rent:N01", "450.00", 1), ("Expenses:Rent:N02", "400.00", 1))


def test_the_place_of_the_copy_is_not_told(files: dict[str, bytes]) -> None:
    result = work.query(files, "SELECT filename, meta('filename'), position LIMIT 1")
    assert result.rows[0][:2] == ("months/2022-01.beancount", "months/2022-01.beancount")
    lots = work.query(files, "SELECT position WHERE account = 'Equity:Fund:Committed:N01' LIMIT 1")
    assert str(lots.rows[0][0]).endswith(' MONTH {450.00 EUR, "2022-03"}')


@pytest.mark.long
def test_each_example_is_answered(files: dict[str, bytes]) -> None:
    assert [len(work.query(files, query).rows) > 0 for _, query in EXAMPLES[:-1]] == [True] * (len(EXAMPLES) - 1)
    assert work.query(files, EXAMPLES[-1][1]).rows == ()


REFUSED = {
    "": "query-empty",
    " ; ": "query-empty",
    ".run x": "shell-command",
    " .output books.txt": "shell-command",
    "run x": "not-parsed",
    "PRINT": "not-a-reading-statement",
    "CREATE TABLE t (a int)": "not-a-reading-statement",
    "CREATE TABLE t USING 'csv:///etc/passwd'": "not-a-reading-statement",
    "INSERT INTO t VALUES (1)": "not-a-reading-statement",
    "SELECT %s": "not-a-reading-statement",
    "SELECT 1; .output x": "several-statements",
    "SELECT 1; SELECT 2": "several-statements",
    "SELECT " + "(" * 1000 + "1" + ")" * 1000: "not-parsed",
    "SELECT " + "1," * 4000: "query-too-long",
}


@pytest.mark.parametrize(("text", "why"), REFUSED.items())
def test_what_does_not_only_read_is_refused_before_it_runs(text: str, why: str) -> None:
    with pytest.raises(bql.NotReading) as refused:
        bql.parse(text)
    assert refused.value.why == why


@given(st.text(max_size=60) | st.text("SELECTFROM .;()'*0\n", max_size=40))
def test_any_text_is_a_reading_statement_or_refused(text: str) -> None:
    try:
        parsed = bql.parse(text)
    except bql.NotReading as refused:
        assert refused.line >= 1
        assert refused.column >= 1
    else:
        assert isinstance(parsed, bql.READING)


@pytest.mark.parametrize(
    ("text", "why", "place"),
    first_of(
        [
            ("SELECT account,\n  nothing", "not-compiled", (2, 3)),
            ("SELECT account FROM #csv", "not-compiled", (1, 21)),
            ("SELECT account WHERE\n account ~~ 'x'", "not-parsed", (2, 11)),
            ("SELECT grep('(', account)", "query-failed", (1, 1)),
        ],
        each=lambda text, why, place: why,
    ),
)
def test_it_is_said_where_a_query_is_wrong(
    files: dict[str, bytes], text: str, why: str, place: tuple[int, int]
) -> None:
    with pytest.raises(errors.QueryRefused) as refused:
        work.query(files, text)
    assert refused.value.reason == why
    assert (refused.value.line, refused.value.column) == place
    assert text not in json.dumps(refused.value.facts)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(cpu_seconds=15, memory_bytes=2048 * MEBIBYTE, output_bytes=1000),
        Limits(cpu_seconds=15, memory_bytes=300 * MEBIBYTE, output_bytes=MEBIBYTE),
    ],
    ids=["bytes", "memory"],
)
def test_an_answer_beyond_the_limits_is_refused(files: dict[str, bytes], limits: Limits) -> None:
    grown = "account + account + account + account"
    asked = f"SELECT subst('', {grown}, subst('', {grown}, {grown})) AS a, {grown} AS b"
    with pytest.raises((errors.ResultTooLarge, errors.QueryTimeout)):
        work.query(files, asked, replace(work.QUERY, limits=limits))


@pytest.mark.long
def test_cpu_seconds_end_it_too(files: dict[str, bytes]) -> None:
    few = replace(work.QUERY, limits=replace(work.QUERY.limits, cpu_seconds=2))
    with pytest.raises(errors.QueryTimeout):
        work.query(files, f"SELECT grep('(a+)+$', '{'a' * 60}b')", few)


@pytest.mark.parametrize("plant", first_of([with_plugin, with_cache]))
def test_what_is_planted_in_the_books_is_not_run(files: dict[str, bytes], tmp_path: Path, plant: object) -> None:
    mark = tmp_path / "run"
    planted = plant(files, str(mark))  # type: ignore[operator]  # both take files and a place
    with pytest.raises(errors.IntegrityBroken):
        work.query(planted, "BALANCES")
    assert work.check(planted).count > 0
    assert not mark.exists()


def test_a_check_finds_a_changed_digit(files: dict[str, bytes]) -> None:
    whole = work.check(files)
    assert (whole.count, whole.findings) == (0, ())
    name = "months/2022-03.beancount"
    changed = files | {name: files[name].replace(b"450.00", b"460.00", 1)}
    assert any(finding.startswith("chain: ") for finding in work.check(changed).findings)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@a", "\tx", "\rx", "-1.00.00"])
def test_no_cell_becomes_a_formula(text: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_bytes([text], []).decode()))
    assert row == [f"'{text}"]


@pytest.mark.parametrize("text", ["-450.00", "450", "N01", "", "2022-03"])
def test_numbers_and_codes_stay_as_they_are(text: str) -> None:
    assert safe(text) == text
