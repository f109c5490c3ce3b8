"""Problems as pages show them: the errors of this door, and bare HTTP statuses."""

from typing import Any

from fund.documents.catalogue import N_, Translator, translator
from fund.domain.errors import FundError, InvalidInput, Kind, SecondFactorMissing, StorageFailed
from fund.doors.problems import described


class FormNotOurs(FundError):
    """A form that was not sent from a page of ours, or from one that is too old."""

    kind = Kind.FORBIDDEN
    title = N_("This form has expired")
    advice = N_("Nothing was changed. Open the page again: what you typed stands there. Check it, and send it.")


class InvalidForm(InvalidInput):
    """Invalid input, as a page reports it."""

    title = N_("Something is missing or not right")
    advice = N_("Correct what is named here, and send it again.")


_BY_STATUS = {
    404: (N_("There is no such page"), N_("Check the address, or begin at the home page.")),
    405: (N_("This page cannot be asked for like that"), N_("Begin again at the home page.")),
    500: (
        N_("The service failed"),
        N_("Nothing was changed by halves. Try again; if it fails again, tell the operator of the service."),
    ),
}
_OTHERWISE = (N_("The request cannot be understood"), N_("Begin again at the home page."))
"""Bare statuses: the title and the advice."""

WAYS_ON: dict[type[FundError], tuple[str, str]] = {
    SecondFactorMissing: ("/account/second-factor", N_("Set up a second factor")),
}
"""By error: the page where a refused user does what is missing, and the text of the link to it."""


def render_problem(error: FundError, speak: Translator) -> dict[str, Any]:
    """A problem as pages show it: ``title``, ``status``, ``detail``, its facts, and a ``way_on`` if there is one."""
    if isinstance(error, StorageFailed):
        error = error.abroad()
    if isinstance(error, InvalidInput):
        error = InvalidForm(error.problems)
    problem = described(error, speak)
    if type(error) in WAYS_ON:
        path, text = WAYS_ON[type(error)]
        problem["way_on"] = path, speak.gettext(text)
    return problem


def render_status(status: int, language: str) -> dict[str, Any]:
    """A bare HTTP status in the same form."""
    (title, advice), translate = _BY_STATUS.get(status, _OTHERWISE), translator(language).gettext
    return {"title": translate(title), "status": status, "detail": translate(advice)}
