"""Each rule is broken on purpose, and the audit says so: from the text alone, with the chain made right again."""

import re
import sys
from pathlib import Path

import pytest
from beancount import loader

from ledger import events
from ledger.__main__ import INTEGRITY, OK, main
from ledger.chain import extend
from ledger.entries import Draft
from ledger.findings import RULES, Finding
from ledger.verify import verify_books
from tests.ledger.kit import Journal, alone, audited, bean_check, on, rules, verify, write_forged
from tests.ledger.story import JULY, JUNE, MAY, approve, order, overpaid, paid, payment, whole_story
from tests.ledger.tampering import FILES
from tests.ledger.violations import (
    DRAFTS,
    USERS,
    approval_corrected,
    begun,
    commit,
    decided_less,
    lease_ended,
    recovered,
    rent_falls,
)
from tests.stock import load_stock


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Good books, to be spoilt."""
    path = tmp_path / "books"
    Journal(extend(whole_story())).publish(path)
    return path


def _ids(examples: list[tuple[str, str, object]]) -> list[str]:
    return [f"{rule}: {name}" for rule, name, _ in examples]


def _audit_in_process(books: Path) -> list[str]:
    _, errors, _ = load_stock(books / "audit.beancount")
    return [error.message for error in errors]


def test_every_rule_has_an_example() -> None:
    assert {rule for rule, _, _ in [*DRAFTS, *FILES]} == set(RULES)


@pytest.mark.parametrize(("rule", "name", "drafts"), DRAFTS, ids=_ids(DRAFTS))  # type: ignore[arg-type]
def test_a_forged_violation_is_found(rule: str, name: str, drafts: list[Draft], tmp_path: Path) -> None:
    assert name == "no agreement first" or audited(drafts[:-1])[1] == [], "all was right until then"
    write_forged(tmp_path / "books", drafts)
    result = verify_books(tmp_path / "books", beancount_up_to=len(drafts) if rule == "beancount" else 0)
    assert rule in rules(result.findings)
    assert not rules(result.findings) & {"chain", "gate", "manifest"}
    assert all(finding.place for finding in result.findings)
    told = _audit_in_process(tmp_path / "books")
    assert {str(finding) for finding in result.findings if finding.rule != "beancount"} <= set(told)


@pytest.mark.parametrize(("rule", "name", "how"), FILES, ids=_ids(FILES))  # type: ignore[arg-type]
def test_tampering_is_found(
    rule: str, name: str, how: object, books: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(how)
    how(books)
    if rule in ("gate", "manifest"):
        monkeypatch.setattr(loader, "load_file", _never)
    assert main(["verify", str(books)]) == INTEGRITY
    told = capsys.readouterr().out
    assert re.search(rf"^{rule}: ", told, re.MULTILINE)
    assert told.isascii()
    assert "\x1b" not in told


def _never(*_: object) -> None:
    raise AssertionError("Beancount loaded books that were refused")


def test_refused_books_do_not_even_import_beancount(books: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = books / "months/2022-04.beancount"
    path.write_bytes(path.read_bytes() + b'plugin "os"\n\n')
    for name in [name for name in sys.modules if name.split(".")[0] == "beancount"]:
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]  # so Python marks what cannot be imported
    findings = verify_books(books).findings
    assert rules(findings) >= {"gate", "manifest"}
    assert "beancount" not in rules(findings)


def test_a_finding_names_the_place(books: Path) -> None:
    path = books / "months/2022-06.beancount"
    text = path.read_text("ascii")
    path.write_text(text.replace("  50.00 EUR", "  51.00 EUR", 1), "ascii")
    line = text[: text.index('* "recovery"')].count("\n") + 1
    assert f"months/2022-06.beancount:{line}" in {finding.place for finding in verify_books(books).findings}


def test_a_set_off_can_be_used_again_after_its_approval_was_corrected() -> None:
    ref = payment(2, MAY, 40000)
    drafts = begun(
        *paid(),
        overpaid(),
        approve("2022-04-20", MAY),
        approve("2022-04-20", JUNE),
        recovered(5000, set_off=True),
        order("2022-04-22", ref),
        events.cancellation(on("2022-04-23"), ref, batch="BAT-2022-0001"),
    )
    drafts = approval_corrected(drafts, MAY, "2022-04-24")
    assert audited([*drafts, order("2022-04-25", payment(3, JUNE, 40000))])[1] == []
    assert rules(audited([*drafts, order("2022-04-25", payment(3, JUNE, 45000))])[1]) == {"over-order"}


def test_rents_and_decisions_are_counted_by_days() -> None:
    """To the cent: two rents in a month, a lease that ends in it, and a month approved after the decision fell."""
    ended = lease_ended("2022-04-10")
    for act, cents in ((rent_falls("2022-04-16", 30000), 37500), (ended, 15000), (decided_less(MAY, 1000), 45000)):
        assert audited(begun(act, approve("2022-04-10", cents=cents)))[1] == []
    assert rules(audited(begun(ended, approve("2022-04-10", cents=15001)))[1]) == {"over-approval"}


def test_a_linked_folder_is_named_itself(books: Path) -> None:
    (books / "months").rename(books.parent / "moved")
    (books / "months").symlink_to(books.parent / "moved")
    assert "months" in {finding.place for finding in verify_books(books).findings}


def test_all_findings_are_reported_at_once() -> None:
    _, findings = audited(
        begun(commit(household="N99"), order("2022-04-11", payment(1)), approve("2022-04-12", cents=1))
    )
    assert rules(findings) >= {"unknown-code", "over-order"}
    assert {finding.seq for finding in findings} >= {USERS + 25, USERS + 28}


def test_the_real_bean_check_reports_every_violation(tmp_path: Path) -> None:
    write_forged(
        tmp_path / "books",
        begun(commit(household="N01", cents=365_001, months=(JULY,)), order("2022-04-11", payment(1))),
    )
    checked = bean_check(tmp_path / "books/audit.beancount")
    assert checked.returncode != 0
    assert all(f"{rule}: entry" in checked.stderr for rule in ("cap", "over-commitment", "over-order"))


def test_bean_check_compares_what_it_loaded_with_the_records(books: Path) -> None:
    path = books / "audit.beancount"
    path.write_text(path.read_text("ascii") + '2022-04-30 * "gift"\n  Assets:Treasury  1.00 EUR\n  Equity:Fund:Used\n')
    checked = bean_check(path)
    assert checked.returncode != 0
    assert "Beancount loaded a transaction that is no record" in checked.stderr


def test_good_books_pass_every_command(books: Path) -> None:
    for name in ("main", "audit"):
        checked = bean_check(books / f"{name}.beancount")
        assert (checked.returncode, checked.stderr) == (0, "")
    verified = verify(books)
    assert verified.returncode == 0
    assert "the books are whole" in verified.stdout


def test_verify_as_a_command(books: Path, tmp_path: Path) -> None:
    (books / "months/extra").write_bytes(b"")
    spoilt = verify(books)
    assert spoilt.returncode == 4
    assert "months/extra" in spoilt.stdout
    assert verify(tmp_path / "nowhere").returncode == 2


def test_findings_say_where_they_are() -> None:
    assert str(Finding("cap", "too many")) == "cap: too many"
    assert str(Finding("cap", "too many", 3, "a:1")) == "cap: entry 3, a:1: too many"


def test_stock_bean_check_refuses_a_month_taken_twice(tmp_path: Path) -> None:
    write_forged(tmp_path / "books", begun(approve("2022-04-10"), approve("2022-04-11")))
    checked = bean_check(tmp_path / "books/main.beancount")
    assert checked.returncode != 0
    assert "No position matches" in checked.stderr


def test_stock_bean_check_refuses_another_month_after_the_exit(tmp_path: Path) -> None:
    story = whole_story()
    later = commit("2022-09-01", household="N01")
    back = [draft for draft in story if draft.kind != "repayment" and draft.kind != "repayment-paid"][:-1]
    write_forged(tmp_path / "books", [*back, later])
    checked = bean_check(tmp_path / "books/main.beancount")
    assert checked.returncode != 0
    assert "inactive account 'Equity:Fund:Committed:N01'" in checked.stderr


def test_stock_bean_check_refuses_another_month_in_a_closed_one(tmp_path: Path) -> None:
    story = whole_story()
    closing = next(draft for draft in story if draft.kind == "closing" and draft.date.month == 5)
    at = story.index(closing)
    sneaked = commit("2022-04-26", household="N01")
    write_forged(tmp_path / "books", [*story[:at], sneaked, *story[at : at + 1]])
    checked = bean_check(tmp_path / "books/main.beancount")
    assert checked.returncode != 0
    assert "Balance failed for 'Equity:Fund:Committed:N01'" in checked.stderr


def test_the_agreement_needs_one_person() -> None:
    assert audited([whole_story()[0]])[1] == []
    assert alone("2022-03-01").approved_by is None


def test_a_head_that_the_books_had_is_told_with_its_entry(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = list(extend(whole_story()))
    result = verify_books(books, head=entries[6].hash)
    assert (result.head_seq, result.findings) == (7, ())
    assert main(["verify", str(books), "--head", entries[6].hash]) == OK
    assert f"after entry 7 of {len(entries)}" in capsys.readouterr().out
    assert main(["verify", str(books), "--head", "f" * 64]) == INTEGRITY
    assert f"chain: the books never had the head {'f' * 64}" in capsys.readouterr().out


def test_large_books_are_loaded_with_beancount_only_when_it_is_asked_for(
    books: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.__main__.BEANCOUNT_UP_TO", 3)
    assert main(["verify", str(books)]) == OK
    assert "stock Beancount did not load them" in capsys.readouterr().out
    assert main(["verify", str(books), "--beancount"]) == OK
    assert "stock Beancount" not in capsys.readouterr().out
