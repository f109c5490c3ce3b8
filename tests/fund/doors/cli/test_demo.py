"""What ``fund demo`` must end with, seen from outside: commands, books and files, nothing of ours imported."""

import hashlib
import json
import re
import shutil
import sqlite3
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import beanquery
import pytest

from tests.fund.doors.cli.conftest import Command, Demo, bring_key
from tests.house.source import HOUSE
from tests.ledger.kit import files_of, go_on
from tests.stock import load_stock, run_stock

pytestmark = pytest.mark.long  # twenty months; ``test_demo_until`` plays the first of them


@cache
def _books_of(demo: Demo) -> Any:
    """The demo's books, loaded once by stock Beanquery."""
    entries, errors, options = load_stock(demo.books / "main.beancount")
    return beanquery.connect("beancount:", entries=entries, errors=errors, options=options)


def query(demo: Demo, text: str) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in _books_of(demo).execute(text).fetchall()]


def balances(fund: Command, home: Path) -> dict[str, object]:
    done = fund("balances", "--json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_ends_with_a_hundred_settled_months(demo: Demo, fund: Command) -> None:
    told = balances(fund, demo.home)
    assert [h["months_used"] for h in told["households"]] == [20] * 5
    assert all(h["approved"] == h["paid"] and h["months_left"] == 0 for h in told["households"])
    money = told["fund"]
    assert (money["committed"], money["available"], money["outstanding_orders"], money["cash"]) == ("0.00",) * 4
    assert money["allocated"] == money["received"] == "52000.00"
    assert money["used"] == money["paid"]
    assert f"{float(money['used']) + float(money['repaid_to_funder']):.2f}" == money["allocated"]
    assert all(landlord["owed"] == "0.00" for landlord in told["landlords"])


def test_it_closes_with_a_table_checks_and_what_to_try(demo: Demo) -> None:
    told = demo.played.stdout
    for word in (
        "allocated",
        "received",
        "committed",
        "used",
        "available",
        "repaid to the funder",
        "100 months settled",
    ):
        assert word in told
    assert len(re.findall(r"^ N0[1-5] +20 +20 +0 +0 ", told, re.MULTILINE)) == 5, (
        "20 months of 20 are used, none is left"
    )
    assert re.search(r"chain head [0-9a-f]{64}", told)
    assert all(
        f"✓ {check}" in told
        for check in ("gate", "chain", "rules", "beancount", "entries", "workflow", "files", "schema", "reconcile")
    )
    assert "verify" in told and "bean-check" in told and "rebuild" in told
    assert "living 2021" in demo.played.stderr


@pytest.mark.parametrize("name", ["main.beancount", "audit.beancount"])
def test_bean_check_accepts_the_books(demo: Demo, name: str) -> None:
    done = run_stock("bean-check", demo.books / name)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_bean_query_counts_a_hundred_months_and_finds_expenses_equal_to_used(demo: Demo) -> None:
    counted = run_stock(
        "bean-query", demo.books / "main.beancount", "SELECT sum(number) WHERE account = 'Equity:Fund:Used'"
    )
    assert counted.stdout.split()[-1] == "-49710.65"
    taken = "SELECT sum(number) WHERE account ~ '^Equity:Fund:Committed' AND entry_meta('kind') = 'approval'"
    assert query(demo, taken) == [["100"]]
    left = "SELECT sum(number) WHERE account ~ '^Equity:Fund:Committed'"
    assert query(demo, left) in ([["0"]], [["0.00"]])
    spent = query(demo, "SELECT sum(number) WHERE account ~ '^Expenses:Rent:'")
    used = query(demo, "SELECT -sum(number) WHERE account = 'Equity:Fund:Used'")
    assert spent == used == [["49710.65"]]


def test_the_statements_queries_give_its_totals_again(demo: Demo) -> None:
    statements = sorted((demo.home / "statements").glob("*.json"))
    assert len(statements) >= 13
    for path in statements:
        told = json.loads(path.read_text())
        for name in ("approved", "paid"):
            (row,) = query(demo, told["check"][f"{name}_query"]) or [["0.00"]]
            assert (row[0] or "0.00") == told["totals"][name], path.name


def test_no_iban_tax_code_or_name_is_in_the_books(demo: Demo) -> None:
    text = b"".join(path.read_bytes() for path in demo.books.rglob("*") if path.is_file()).decode("ascii").upper()
    file = tomllib.loads((HOUSE / "examples" / "trento.toml").read_text())
    personal = [one[key] for one in file["landlords"] for key in ("name", "iban", "tax_code", "email", "contact")]
    personal += [one["tax_code"] for one in file["households"]]
    story = tomllib.loads((HOUSE / "examples" / "trento-story.toml").read_text())
    personal += [event[key] for event in story["events"] for key in ("iban", "corrected_iban") if key in event]
    personal += [lease["registration"] for one in file["households"] for lease in one["leases"]]
    assert len(personal) > 30
    assert [one for one in personal if one.upper() in text] == []
    text = re.sub(r'"(?:[0-9A-F]{32}){1,2}"', "", text)  # fingerprints, and the digests of chain and evidence
    assert re.search(r"\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b", text) is None
    assert re.search(r"\b[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]\b", text) is None


def test_life_is_in_the_books(demo: Demo) -> None:
    """Each thing that happens in life left its entries."""
    kinds = Counter(kind for _, kind in query(demo, "SELECT DISTINCT id, entry_meta('kind')"))
    assert (kinds["approval"], kinds["order"], kinds["settlement"], kinds["return"]) == (100, 101, 101, 1)
    assert (kinds["misexecution"], kinds["misexecution-undone"]) == (1, 1)
    assert (kinds["rescheduling"], kinds["repayment"], kinds["repayment-paid"]) == (2, 1, 1)
    rent = "account ~ '^Expenses'"
    assert query(demo, f"SELECT entry_meta('formula') WHERE entry_meta('formula') != '' AND {rent}") == [
        ["380.00*15/30"],
        ["480.00*15/31+520.00*16/31"],
    ]
    waited = (
        "entry_meta('month') = '2022-05' AND entry_meta('household') = 'N02'"
        " AND account = 'Liabilities:OutstandingOrders'"
    )
    assert query(demo, f"SELECT date WHERE {waited}")[0] == ["2022-05-12"]
    assert query(demo, f"SELECT DISTINCT date WHERE entry_meta('month') = '2022-11' AND {rent}") == [["2022-11-12"]]
    moved = query(demo, f"SELECT entry_meta('month') WHERE entry_meta('household') = 'N05' AND {rent}")
    assert ["2022-08"] not in moved
    assert (moved[-1], len(moved)) == (["2023-10"], 20)
    changed = f"SELECT DISTINCT entry_meta('landlord') WHERE entry_meta('household') = 'N03' AND {rent}"
    assert sorted(query(demo, changed)) == [["L0003"], ["L0005"]]


def test_what_left_is_what_the_books_are_evidence_of(demo: Demo) -> None:
    """pain.001 while a bank kept the account, OPI orders from the treasurer's first day on; each as in the books."""
    files = sorted((demo.home / "outbox").glob("BAT-*"))
    kinds = {path.name[4:8]: Counter() for path in files}
    for path in files:
        kinds[path.name[4:8]]["opi" if b"<flusso_ordinativi>" in path.read_bytes() else "pain"] += 1
    assert {path.suffix for path in files} == {".xml"}
    assert kinds["2021"].keys() == kinds["2022"].keys() == {"pain"}
    assert kinds["2023"].keys() == {"pain", "opi"}
    orders = query(demo, "SELECT DISTINCT entry_meta('evidence') WHERE entry_meta('kind') = 'order'")
    assert sorted(orders) == sorted([hashlib.sha256(path.read_bytes()).hexdigest()] for path in files)


def test_nothing_is_left_to_reconcile(demo: Demo, fund: Command) -> None:
    done = fund("reconcile", home=demo.home)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_manifest_lists_every_file(demo: Demo) -> None:
    lines = (demo.books / "MANIFEST.sha256").read_text().splitlines()
    listed = {name: checksum for checksum, name in (line.split("  ") for line in lines)}
    found = {path.relative_to(demo.books).as_posix() for path in demo.books.rglob("*") if path.is_file()}
    assert listed.keys() == found - {"MANIFEST.sha256"}
    assert all(hashlib.sha256((demo.books / name).read_bytes()).hexdigest() == listed[name] for name in listed)


def test_played_twice_it_writes_the_same_books(demo: Demo) -> None:
    """README's tour was another play: the head of its chain covers every byte of every record."""
    (head,) = re.findall(r"chain head ([0-9a-f]{64})", demo.played.stdout)
    readme = (HOUSE / "README.md").read_text("utf-8")
    assert set(re.findall(r"chain head +([0-9a-f]{64})", readme)) == {head}


def test_it_does_not_touch_a_home_that_is_no_demo(fund: Command, tmp_path: Path) -> None:
    (tmp_path / "papers.txt").write_text("keep me")
    done = fund("demo", home=tmp_path)
    assert done.returncode == 3
    assert [path.name for path in tmp_path.iterdir()] == ["papers.txt"]


def test_verify_agrees_and_names_the_entry_of_one_changed_digit(demo: Demo, fund: Command, tmp_path: Path) -> None:
    assert fund("verify", home=demo.home).returncode == 0
    home = tmp_path / "home"
    shutil.copytree(demo.home, home)
    path = home / "books" / "months" / "2022-03.beancount"
    text = path.read_text()
    where = text.index("EUR") - 2
    path.write_text(text[:where] + str((int(text[where]) + 1) % 10) + text[where + 1 :])
    block = text[: text.index("\n\n", where)].rsplit("\n\n", 1)[-1]
    seq = re.search(r"  seq: (\d+)", block)
    assert seq is not None
    done = fund("verify", home=home)
    assert done.returncode == 4
    assert f"entry {seq[1]}" in done.stdout
    told = json.loads(fund("verify", "--json", home=home).stdout)
    assert told["whole"] is False and told["findings"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            "UPDATE posting SET amount_cents = amount_cents + 1 "
            "WHERE seq = (SELECT max(seq) FROM posting) AND ordinal = 0",
            "entry {seq}",
        ),
        ("UPDATE journal_entry SET month = '2020-01' WHERE kind = 'closing' AND month = '2021-03'", "entry {seq}"),
        ("DELETE FROM journal_entry WHERE kind = 'closing' AND month = '2022-01'", "entry {seq}"),
        ("UPDATE payment SET state = 'refused' WHERE code = 'PAY-2022-03-0001'", "PAY-2022-03-0001"),
        ("UPDATE contribution SET state = 'approved' WHERE household = 'N04' AND month = '2022-07'", "N04 2022-07"),
        ("UPDATE household SET months_used = 19 WHERE code = 'N02'", "household N02"),
        ("UPDATE fund SET used_cents = used_cents - 1", "used"),
    ],
)
def test_verify_names_one_changed_row(demo: Demo, fund: Command, tmp_path: Path, change: str, named: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo.home, home)
    connection = sqlite3.connect(home / "fund.sqlite")
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.row_factory = sqlite3.Row
    (changed,) = connection.execute(f"{change} RETURNING *").fetchall()
    for _, sql in triggers:  # put back, as one who hides the change would: a schema that differs is told by itself
        connection.execute(sql)
    connection.commit()
    connection.close()
    done = fund("verify", home=home)
    assert (done.returncode, named.format(**changed) in done.stdout) == (4, True), done.stdout + done.stderr


def test_rebuilt_from_the_books_alone_the_balances_are_equal(demo: Demo, fund: Command, tmp_path: Path) -> None:
    done = fund("rebuild", "--from", str(demo.books), "--into", str(bring_key(demo.home, tmp_path / "again")))
    assert done.returncode == 0, done.stderr
    rebuilt, lived = balances(fund, tmp_path / "again"), balances(fund, demo.home)
    assert rebuilt.pop("chain_head") != lived.pop("chain_head"), "the rebuild is an entry"
    assert lived["as_of"] == "2023-12-02", "a demo's clock goes on from its last day"
    assert rebuilt | {"as_of": lived["as_of"], "seq": lived["seq"]} == lived
    assert fund("verify", home=tmp_path / "again").returncode == 0
    assert go_on(files_of(tmp_path / "again" / "books"), files_of(demo.books))
    again = fund("rebuild", "--from", str(demo.books), "--into", str(tmp_path / "again"))
    assert again.returncode == 3


def test_books_that_are_not_whole_are_not_rebuilt(demo: Demo, fund: Command, tmp_path: Path) -> None:
    shutil.copytree(demo.books, tmp_path / "books")
    (tmp_path / "books" / "months" / "2021-07.beancount").unlink()
    done = fund("rebuild", "--from", str(tmp_path / "books"), "--into", str(tmp_path / "again"))
    assert done.returncode == 4
    assert "2021-07" in done.stderr or "entry" in done.stderr


def test_balances_of_an_earlier_day(demo: Demo, fund: Command) -> None:
    told = json.loads(fund("balances", "--as-of", "2021-03-04", "--json", home=demo.home).stdout)
    assert told["as_of"] == "2021-03-04"
    assert told["fund"]["committed"] == "9600.00" and told["fund"]["used"] == "0.00"
    assert [one["code"] for one in told["households"]] == ["N01"]
    before = json.loads(fund("balances", "--as-of", "2019-01-01", "--json", home=demo.home).stdout)
    assert before["fund"]["allocated"] == "0.00" and before["households"] == []


def test_a_statement_in_every_form(demo: Demo, fund: Command, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo.home, home)
    period = ("--from", "2022-01", "--to", "2022-12")
    for form, beginning in (("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("json", b"{")):
        file = tmp_path / f"statement.{form}"
        done = fund("statement", "L0004", *period, "--format", form, "-o", str(file), home=home)
        assert done.returncode == 0, done.stderr
        assert file.read_bytes().lower().startswith(beginning.lower())
    told = json.loads((tmp_path / "statement.json").read_text())
    assert told["landlord"]["code"] == "L0004"
    assert told["totals"]["owed"] == "0.00"
    assert any(event["kind"] == "return" for line in told["lines"] for event in line["events"])
    assert re.search(r"\bN0[1-5]\b", (tmp_path / "statement.html").read_text()) is None
    again = fund("statement", "L0004", *period, "--format", "json", home=home)
    assert again.stdout == (tmp_path / "statement.json").read_text()
