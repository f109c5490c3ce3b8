"""A refusal as a problem: what its facts say is said in the reader's language, and all of it is plain JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from fund.documents.catalogue import translator
from fund.domain import errors, rules
from fund.domain.states import RunState
from fund.domain.texts import Message, Unfit
from fund.doors.http import problems as of_http
from fund.doors.problems import OUTCOMES, described
from fund.doors.web import problems as of_pages


@pytest.mark.parametrize(
    ("language", "message"),
    [("it", "deve essere uno tra: departure, other"), ("en", "must be one of: departure, other")],
)
def test_what_a_problem_says_is_translated(language: str, message: str) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        rules.check_reason("because", ("departure", "other"))
    problem = json.loads(json.dumps(described(caught.value, translator(language))))
    assert problem["problems"] == [{"path": "reason", "message": message}]


def test_a_message_in_words_already_stays_as_it_is() -> None:
    error = errors.InvalidInput([{"path": "body.amount", "message": "is missing"}])
    assert described(error, translator("it"))["problems"] == error.problems


def test_the_facts_alone_are_plain_and_english() -> None:
    error = errors.InvalidAgreement([{"path": "", "line": "3", "message": Message("at %(here)s", {"here": "a"})}])
    assert error.facts == {"problems": [{"path": "", "line": "3", "message": "at a"}]}
    assert str(error) == "invalid-agreement {'problems': [{'path': '', 'line': '3', 'message': 'at a'}]}"


def test_an_unfit_value_says_why_in_english() -> None:
    assert str(Unfit(Message("100% of %(what)s", {}))) == "100% of %(what)s"
    assert str(Unfit(Message("%(count)s of them", {"count": "3"}))) == "3 of them"


def test_a_month_is_told_in_words_and_given_as_a_code() -> None:
    error = errors.MonthOutsideAgreement("2022-07", "2022-01", "2022-06")
    told = described(error, translator("it"))
    assert "luglio 2022" in told["title"] and "giugno 2022" in told["detail"]
    assert (told["month"], told["last_month"]) == ("2022-07", "2022-06")


def errors_of(base: type[errors.FundError]) -> Iterator[type[errors.FundError]]:
    for error in base.__subclasses__():
        yield error
        yield from errors_of(error)


def test_each_error_says_what_it_is_with_nothing_but_its_facts() -> None:
    found = set(errors_of(errors.FundError))
    assert {errors.CapReached, of_http.BodyTooLarge, of_pages.FormNotOurs} <= found
    for error in found:
        places = set(re.findall(r"%\((\w+)\)", error.title + error.advice))
        assert places <= {fact.name for fact in fields(error)}, error


def test_each_kind_of_error_has_its_status_and_exit_code_and_is_used() -> None:
    assert OUTCOMES.keys() == set(errors.Kind) == {error.kind for error in errors_of(errors.FundError)}


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (errors.NotFound("batch", "BAT-2022-0009"), "La distinta BAT-2022-0009 non esiste"),
        (errors.AlreadyExists("household", "N01"), "Il nucleo N01 esiste già"),
        (
            errors.StateNotAllowed("run", "2022-06", RunState.APPROVED, "acknowledge"),
            "La liquidazione di giugno 2022 è nello stato «approvata»: operazione non possibile (presa visione)",
        ),
        (
            errors.NotEnoughAvailable("5720.00", "6000.00"),
            "Sono disponibili solo 5.720,00\u00a0€, e ne servono 6.000,00\u00a0€",
        ),
        (
            errors.PersonTwice(["N02 2022-05"]),
            "La stessa persona figura due volte nel fondo: queste mensilità non si pagano: N02 maggio 2022",
        ),
    ],
)
def test_a_refusal_is_a_sentence_without_codes_of_ours(error: errors.FundError, title: str) -> None:
    assert described(error, translator("it"))["title"] == title


def test_roles_are_named_in_words() -> None:
    told = described(errors.NotPermitted("auditor", ["finance-preparer"]), translator("it"))
    assert (told["title"], told["detail"]) == (
        "Il ruolo revisore non può farlo",
        "Serve uno di questi ruoli: ufficio ragioneria, istruttoria.",
    )
