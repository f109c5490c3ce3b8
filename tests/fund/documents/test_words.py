"""Codes that people are told have words."""

import ast
from dataclasses import fields
from typing import Any

import pytest

from fund.documents.catalogue import translator
from fund.documents.words import WORDS, listed_codes, place_in_words, word
from fund.domain.states import BatchState, ContributionState, PaymentState, RunState, State
from fund.services.desk.proposals import ACTS
from fund.services.proposals import TwoPersonAct
from ledger.kinds import KINDS
from tests.house.source import HOUSE

BANK = HOUSE / "fund" / "bank"
REFUSALS = ("refuse", "UnreadableBankFile")
"""They take a line, a field, and why the file cannot be read."""


def reasons_of(call: ast.Call) -> set[str]:
    """The reasons that a refusal may name."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    told = [node for argument in call.args[2:3] for node in ast.walk(argument)] if name in REFUSALS else []
    return {node.value for node in told if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_each_reason_why_a_file_cannot_be_read_has_words() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in BANK.rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    reasons = set().union(*map(reasons_of, calls))
    assert len(reasons) > 40
    assert reasons <= WORDS.keys()


def test_whatever_the_books_say_of_a_payment_has_its_word() -> None:
    """A match stood as ``matched`` on an Italian page."""
    kinds = {kind.name for kind in KINDS.values() if "payment" in (*kind.needs, *kind.may)}
    assert {kind for kind in kinds if word(kind, translator("it")) == kind} == set()


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.name)
def test_whatever_a_proposal_says_has_its_label(act: TwoPersonAct[Any]) -> None:
    """A page of a proposal failed, whose payload said ``charges``."""
    said = {field.name for field in fields(act.payload) if not field.name.endswith("_before")} - {"line"}
    assert {name.removesuffix("_cents") for name in said} <= WORDS.keys()


@pytest.mark.parametrize("state", [state for kind in State.__subclasses__() for state in kind], ids=repr)
def test_each_state_has_a_word_in_both_languages(state: State) -> None:
    assert state in WORDS
    assert word(state, translator("it")) not in (state, WORDS[state])


def test_a_state_agrees_with_what_it_is_said_of() -> None:
    said = [RunState.APPROVED, BatchState.SENT, ContributionState.SETTLED, PaymentState.SENT, PaymentState.SETTLED]
    assert [word(state, translator("it")) for state in said] == ["approvata", "inviata", "pagata", "inviato", "pagato"]
    assert word(RunState.APPROVED, translator("en")) == "approved"


def test_a_place_in_a_bank_file_is_told_in_words() -> None:
    italian = translator("it")
    assert place_in_words("entry IT60…3456 3 B1", italian) == "conto IT60…3456, movimento 3, riferimento B1"
    assert place_in_words("statement 0000001 S-1", italian) == "conto 0000001, estratto S-1"
    assert [place_in_words(place, italian) for place in ("2026-12-03", "1/3", "PAY-2026-12-0003")] == [
        "2026-12-03",
        "1/3",
        "PAY-2026-12-0003",
    ]


def test_a_code_has_one_word() -> None:
    """Of two words for the same code one would never be shown."""
    tree = ast.parse((HOUSE / "fund" / "documents" / "words.py").read_text("utf-8"))
    (table,) = (
        node.value for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict)
    )
    written = [key.value for key in table.keys if isinstance(key, ast.Constant)]
    listed = {str(code): code.text for code in listed_codes() if code.text}
    assert len(written) > 150
    assert sorted(listed.keys() & set(written)) == []
    assert [code for code in listed_codes() if code.text not in ("", listed.get(code))] == []
