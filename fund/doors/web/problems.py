"""What the pages refuse beside what every door refuses, and how bare statuses are told to people."""

from dataclasses import dataclass
from typing import Any

from fund.documents.catalogue import N_, translator
from fund.domain.errors import FundError, InvalidInput, SecondFactorMissing, StorageFailed
from fund.doors.http.problems import HTTP_PROBLEMS
from fund.doors.problem import REFUSED, USAGE, Problem
from fund.doors.problems import described


@dataclass(eq=False)
class FormNotOurs(FundError):
    """A form that was not sent from a page of ours, or from one that is too old."""


WEB_PROBLEMS: dict[type[FundError], Problem] = HTTP_PROBLEMS | {
    InvalidInput: Problem(
        422, USAGE, N_("Something is missing or not right"), N_("Correct what is named here, and send it again.")
    ),
    FormNotOurs: Problem(
        403,
        REFUSED,
        N_("This form has expired"),
        N_("Nothing was changed. Open the page again, and send the form from there."),
    ),
}

_BY_STATUS = {
    404: Problem(404, USAGE, N_("There is no such page"), N_("Check the address, or begin at the home page.")),
    405: Problem(405, USAGE, N_("This page cannot be asked for like that"), N_("Begin again at the home page.")),
    500: Problem(
        500,
        REFUSED,
        N_("The service failed"),
        N_("Nothing was changed by halves. Try again; if it fails again, tell whoever runs the service."),
    ),
}
_OTHERWISE = Problem(400, USAGE, N_("The request cannot be understood"), N_("Begin again at the home page."))


WAYS_ON: dict[type[FundError], tuple[str, str]] = {
    SecondFactorMissing: ("/account/second-factor", N_("Set up a second factor")),
}
"""Where somebody who was refused does what is missing: the address of the page, and the text of the link to it."""


def told(error: FundError, language: str) -> dict[str, Any]:
    """A refusal as pages tell it: ``title``, ``status``, ``detail``, its facts, and a ``way_on`` if there is one."""
    if isinstance(error, StorageFailed):
        error = error.abroad()
    problem = described(error, language, WEB_PROBLEMS)
    if type(error) in WAYS_ON:
        path, text = WAYS_ON[type(error)]
        problem["way_on"] = path, translator(language).gettext(text)
    return problem


def told_status(status: int, language: str) -> dict[str, Any]:
    """A bare status in the same form."""
    problem, translate = _BY_STATUS.get(status, _OTHERWISE), translator(language).gettext
    return {"title": translate(problem.title), "status": status, "detail": translate(problem.advice)}
