"""The one table from errors to what people and programs are told: status, exit code, and text.

The texts are English message ids of the catalogue; Italian comes from it. RFC 9457 calls the result a problem.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fund.documents.catalogue import N_, Translator, translator
from fund.documents.words import word
from fund.domain import errors
from fund.doors.access_problems import ACCESS_PROBLEMS
from fund.doors.payee_problems import PAYEE_PROBLEMS
from fund.doors.problem import INTEGRITY, REFUSED, USAGE, Problem
from fund.doors.storage_problems import STORAGE_PROBLEMS
from ledger import codes
from ledger.months import Month

TYPE_PREFIX = "urn:fund:error:"

_RESTORE_KEY = N_(
    "Restore secret.key in the home, or the same FUND_SECRET_KEY, from the backup. Recovery codes work without it. "
    "Where the key is lost, the second factors are: an admin resets each one and its user sets it up again; a new key "
    "is made when the damaged file was moved away and no second factor is left."
)

PROBLEMS: dict[type[errors.FundError], Problem] = {
    **ACCESS_PROBLEMS,
    **PAYEE_PROBLEMS,
    **STORAGE_PROBLEMS,
    errors.InvalidInput: Problem(
        422, USAGE, N_("The request is not valid"), N_("Correct the fields named in problems and send it again.")
    ),
    errors.InvalidAgreement: Problem(
        422,
        USAGE,
        N_("The agreement file is not valid"),
        N_("Correct each line named in problems; nothing was written."),
    ),
    errors.NotFound: Problem(
        404, REFUSED, N_("There is no %(thing)s %(key)s"), N_("Check the code, or list what there is.")
    ),
    errors.AlreadyExists: Problem(
        409, REFUSED, N_("There is already a %(thing)s %(key)s"), N_("Choose another code, or use the one that exists.")
    ),
    errors.FundMissing: Problem(
        409, REFUSED, N_("There is no fund here yet"), N_("Create one with 'fund init FILE.toml' or try 'fund demo'.")
    ),
    errors.LinkNotUsable: Problem(
        410,
        REFUSED,
        N_("This link does not open anything any more"),
        N_("Ask for a new one with the e-mail address that the office has on file."),
    ),
    errors.SamePerson: Problem(
        403,
        REFUSED,
        N_("Whoever prepared the %(thing)s %(key)s cannot approve it"),
        N_("Ask a different person to approve it (rule of two people)."),
    ),
    errors.CapReached: Problem(
        409,
        REFUSED,
        N_("Household %(household)s would have %(months)s months, and its cap is %(cap)s"),
        N_("Grant fewer months; the agreement allows no more."),
    ),
    errors.MonthTaken: Problem(
        409,
        REFUSED,
        N_("Household %(household)s already has %(month)s"),
        N_("A month is paid once; choose other months."),
    ),
    errors.MonthNotCommitted: Problem(
        409,
        REFUSED,
        N_("%(month)s is not committed to household %(household)s as shown"),
        N_("Look at the household's committed months and try again."),
    ),
    errors.MonthOutsideAgreement: Problem(
        409,
        REFUSED,
        N_("%(month)s could not be paid before the activities end"),
        N_("The last month that can be paid is %(last_month)s."),
    ),
    errors.NotEnoughAvailable: Problem(
        409,
        REFUSED,
        N_("Only %(available)s EUR are available, and %(needed)s EUR are needed"),
        N_("Record a further allocation, or release months that will not be paid."),
    ),
    errors.MoreThanAllocated: Problem(
        409,
        REFUSED,
        N_("Allocation %(allocation)s grants %(granted)s EUR, and %(received)s EUR would be received"),
        N_("Check the amount, or record the further allocation first."),
    ),
    errors.MoreThanPaid: Problem(
        409,
        REFUSED,
        N_("The month was paid with %(paid)s EUR, and %(claimed)s EUR would be claimed back"),
        N_("Check the amount, and what was claimed back of the month before."),
    ),
    errors.MoreThanOwed: Problem(
        409,
        REFUSED,
        N_("%(owed)s EUR are owed for the month, and %(kept)s EUR would be kept back"),
        N_("Check the amount, and what is kept back of the month already."),
    ),
    errors.MoreThanOverpaid: Problem(
        409,
        REFUSED,
        N_("Landlord %(landlord)s was overpaid by %(overpaid)s EUR, and %(recovered)s EUR would come back"),
        N_("Record the overpayment first, or check the amount."),
    ),
    errors.LeaseOverlaps: Problem(
        409,
        REFUSED,
        N_("Household %(household)s already has a lease on that day"),
        N_("End the earlier lease the day before the new one begins."),
    ),
    errors.LeaseStartsInMonth: Problem(
        409,
        REFUSED,
        N_("A further lease of household %(household)s begins on the first day of a month"),
        N_("A month is paid to one landlord; begin the new lease with a month."),
    ),
    errors.ClockBehindJournal: Problem(
        409,
        REFUSED,
        N_("The clock of this machine says %(today)s, and the last entry was booked on %(last)s"),
        N_("Set the clock right. If it is right, the entries after today were made by a clock that was ahead."),
    ),
    errors.DayNotConfirmed: Problem(
        409,
        REFUSED,
        N_("Today, %(today)s, has to be confirmed first: the last day known from entries and bank is %(witness)s"),
        N_("If the clock of this machine is right, confirm the day: 'fund confirm-today DATE', or at the desk."),
    ),
    errors.NotToday: Problem(
        409,
        REFUSED,
        N_("The clock of this machine says %(today)s, not %(day)s"),
        N_("Look at a calendar. If the day was typed right, set the clock of this machine right first."),
    ),
    errors.StateNotAllowed: Problem(
        409,
        REFUSED,
        N_("The %(thing)s %(key)s is %(state)s, so this cannot be done: %(step)s"),
        N_("Look at it again; somebody may have changed it meanwhile."),
    ),
    errors.ListChanged: Problem(
        409,
        REFUSED,
        N_("%(key)s is not what was shown any more"),
        N_("Look at the list again and approve it with its new digest."),
    ),
    errors.NothingToPay: Problem(
        409,
        REFUSED,
        N_("No approved month is waiting for a payment that may be made"),
        N_("For each month that waits, do what its reason asks for: confirm the account, wait, or record the check."),
    ),
    errors.NotEnoughCash: Problem(
        409,
        REFUSED,
        N_("The treasurer holds %(cash)s EUR, and %(needed)s EUR would be ordered"),
        N_("Record the funder's receipt first."),
    ),
    errors.AlertsNotAcknowledged: Problem(
        409,
        REFUSED,
        N_("%(key)s has alerts that nobody else has acknowledged: %(alerts)s"),
        N_("Its preparer looks at each and acknowledges it with a reason; then look at the list again and approve it."),
    ),
    errors.MonthNotOver: Problem(
        409,
        REFUSED,
        N_("%(month)s cannot be closed now"),
        N_("Months are closed in order, when they are over."),
    ),
    errors.PositionNotEmpty: Problem(
        409,
        REFUSED,
        N_("Household %(household)s still has months that are committed or not settled"),
        N_("Release what will not be paid, and wait until the rest is settled."),
    ),
    errors.PositionClosed: Problem(
        409,
        REFUSED,
        N_("The position of household %(household)s was closed for good"),
        N_("Use a recovery, or admit the household anew under a new decision."),
    ),
    errors.UnreadableBankFile: Problem(
        422,
        USAGE,
        N_("The bank file cannot be read: line %(line)s, %(field)s: %(reason)s"),
        N_("Ask the bank for the file again; nothing of it was booked."),
    ),
    errors.LineDoesNotAgree: Problem(
        409,
        REFUSED,
        N_("Line %(line)s of the bank does not agree with %(match)s: %(reason)s"),
        N_("Choose another match, or set the line aside with a reason; nothing was booked."),
    ),
    errors.OrderNotWritable: Problem(
        409,
        REFUSED,
        N_("The bank file cannot be written: %(key)s, %(field)s: %(reason)s"),
        N_("Correct the field in the fund's settings or at the landlord, and try again; nothing was written."),
    ),
    errors.TextNotWritable: Problem(
        409,
        REFUSED,
        N_("A text of %(key)s (%(field)s) has characters that no bank takes: %(characters)s"),
        N_("Enter it in Latin letters, as the bank knows the account holder."),
    ),
    errors.TextTooLong: Problem(
        409,
        REFUSED,
        N_("A text of %(key)s (%(field)s) has %(length)s characters, and the bank takes %(limit)s"),
        N_("Shorten it where it was entered; nothing is ever cut."),
    ),
    errors.PayDayRefused: Problem(
        409,
        REFUSED,
        N_("Nothing can be paid on %(day)s: %(reason)s"),
        N_("The first day on which banks execute payments is %(next_day)s."),
    ),
    errors.BankFileInvalid: Problem(
        503,
        INTEGRITY,
        N_("The file that was written as %(format)s does not satisfy its schema"),
        N_("It was thrown away. Have somebody look at each finding; another format may serve meanwhile."),
    ),
    errors.KeyUsedOtherwise: Problem(
        409,
        REFUSED,
        N_("This idempotency key came before with another request"),
        N_("Use a new key for a new request."),
    ),
    errors.TreasuryMissing: Problem(
        409,
        REFUSED,
        N_("The city's account at the treasurer is not known"),
        N_("Say it under [treasury] in the agreement file, with the codes that your bank asks for."),
    ),
    errors.QueryRefused: Problem(
        422,
        REFUSED,
        N_("This query is not run: %(reason)s"),
        N_("Only SELECT, BALANCES and JOURNAL can be asked, one at a time; look at line %(line)s, column %(column)s."),
    ),
    errors.WorkTooLong: Problem(
        422,
        REFUSED,
        N_("It took longer than %(seconds)s seconds and was ended"),
        N_("Ask for less at once, or check the audit pack on a machine of your own."),
    ),
    errors.ResultTooLarge: Problem(
        422,
        REFUSED,
        N_("The result is larger than %(max_rows)s rows or %(max_bytes)s bytes"),
        N_("Ask for less at once, for instance with WHERE or LIMIT."),
    ),
    errors.FavaNotStarted: Problem(
        503,
        REFUSED,
        N_("Fava did not start within %(seconds)s seconds"),
        N_("Try again in a minute; the books and the queries of the reading room do not need it."),
    ),
    errors.BooksNotEmpty: Problem(
        409,
        REFUSED,
        N_("There are already books of a fund in %(books)s"),
        N_("Choose another home, or make the database from these books: fund rebuild --from BOOKS --into HOME."),
    ),
    errors.RebuildUnfinished: Problem(
        503,
        INTEGRITY,
        N_("The rebuild of %(home)s was not finished"),
        N_("Run the same 'fund rebuild' again, into the same home; until then nothing else is done in it."),
    ),
    errors.SecretKeyMissing: Problem(503, INTEGRITY, N_("The key of the second factors is missing"), _RESTORE_KEY),
    errors.SecretKeyDamaged: Problem(
        503, INTEGRITY, N_("The file of the key of the second factors is damaged"), _RESTORE_KEY
    ),
    errors.SecretKeyWrong: Problem(
        503, INTEGRITY, N_("The key of the second factors is not the one they were sealed with"), _RESTORE_KEY
    ),
    errors.IntegrityBroken: Problem(
        503,
        INTEGRITY,
        N_("Books and database do not agree; nothing is written any more"),
        N_("Run 'fund verify' and have somebody look at each finding; reading goes on."),
    ),
}


def problem_of(error: errors.FundError) -> Problem:
    """How an error is told."""
    return PROBLEMS[type(error)]


def described(
    error: errors.FundError, language: str, problems: Mapping[type[errors.FundError], Problem] = PROBLEMS
) -> dict[str, Any]:
    """An error as a problem: ``type``, ``title``, ``status``, ``detail``, and its facts as members.

    A door that refuses more than the services do brings its own table.
    """
    problem, translate = problems[type(error)], translator(language)
    told = error.told(translate.say)
    facts = {name: _in_words(value, translate) for name, value in told.items()}
    return {
        "type": TYPE_PREFIX + error.code,
        "title": translate.gettext(problem.title, **facts),
        "status": problem.status,
        "detail": translate.gettext(problem.advice, **facts),
        **told,
    }


def _in_words(value: Any, translate: Translator) -> Any:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if not isinstance(value, str):
        return value
    if codes.matches(codes.DAY, value):
        return translate.day(date.fromisoformat(value))
    return translate.month(Month.parse(value)) if codes.matches(codes.MONTH, value) else word(value, translate)
