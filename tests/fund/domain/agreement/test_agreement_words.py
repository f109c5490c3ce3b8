"""What the agreement reader refuses is said in Italian too, without the words of any library."""

import ast
import inspect
import re
from collections.abc import Iterator

import pytest

from fund.documents.catalogue import translator
from fund.domain import identifiers, refusals
from fund.domain.agreement import checks as agreement_checks
from fund.domain.agreement import model as agreement_model
from fund.domain.agreement import reading as agreement
from fund.domain.agreement.reading import AgreementInvalid, Problem, parse_agreement
from fund.domain.texts import Message
from tests.fund.agreement_kit import LEAVES, LINE_OF, LINES, TEXT, changed, problems_of

BAD = ("", "nan", "-1", "99", '"?"', "[]", "{}", "true", "2021-03-01T00:00:00Z", "1999-01-01", f'"{"x" * 300}"')
SWAPS = (
    ("2020-10-09", "2023-12-31"),
    ("cap_months = 20", "cap_months = 1"),
    ('code = "L0002"', 'code = "L0001"'),
    ("WWWXXX80A01Z999Z", "QQQXXX80A01Z999N"),
    ('household = "N05"', 'household = "N77"'),
    ('amount = "18000.00"', 'amount = "1.00"'),
)


def bad_texts() -> Iterator[str]:
    """The example with one thing wrong: a third of the values in turn, each table, each line left out, and the rest."""
    for number, (keys, _) in enumerate(LEAVES):
        before, after = LINES[: LINE_OF[keys] - 1], LINES[LINE_OF[keys] :]
        yield "\n".join(before + after)
        for value in BAD[number % 3 :: 3]:
            yield "\n".join([*before, f"{keys[-1]} = {value}", *after])
    for table in ("fund", "allocations", "landlords", "households", "events"):
        yield re.sub(rf"\[+{table}[].][^\n]*", "", TEXT)
        yield TEXT.replace(f"[[{table}]]", f"[{table}]", 1)
        yield f"{table} = 1\n" + TEXT.replace(f"[[{table}", "[[other").replace(f"[{table}]", "[other]")
    for old, new in SWAPS:
        if old in TEXT:
            yield changed(old, new)[0]


def problems() -> Iterator[Problem]:
    for text in bad_texts():
        try:
            parse_agreement(text)
        except AgreementInvalid as error:
            yield from error.problems


def written() -> set[str]:
    """The text of every ``Message(...)`` in what the reader is made of."""
    sources = (agreement, agreement_checks, agreement_model, identifiers, refusals)
    return {
        ast.literal_eval(node.args[0])
        for module in sources
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message"
    }


def test_no_message_of_the_reader_lacks_italian() -> None:
    texts = written()
    assert len(texts) > 60
    italian = translator("it")
    assert [text for text in texts if italian.gettext(text) in ("", text)] == []


def test_whatever_is_wrong_is_said_in_words_of_ours() -> None:
    said = {problem.message.text: problem.message for problem in problems()}
    assert len(said) > 20
    assert said.keys() <= written()
    assert refusals.OTHERWISE.text not in said, "each error of pydantic has words that say more"
    for message in said.values():
        assert "%(" not in translator("it").say(message)
        assert "%(" not in str(message)


def test_the_exception_is_in_english_with_its_values() -> None:
    text, line = changed("pay_day = 5", "pay_day = 32")
    with pytest.raises(AgreementInvalid) as caught:
        parse_agreement(text, "trento.toml")
    assert str(caught.value) == f"trento.toml: line {line}: fund.pay_day: must be at most 31"


def test_choices_are_listed_alike_for_all_fields() -> None:
    text, _ = changed('language = "it"', 'language = "de"')
    (problem,) = problems_of(text)
    assert problem.message == Message("must be one of: %(allowed)s", {"allowed": "it, en"})
    assert translator("it").say(problem.message) == "deve essere uno tra: it, en"
