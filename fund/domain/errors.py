"""Everything that the service refuses: each error once, with its facts, its kind, its title and its advice.

An error is added here and in the Italian catalogue. Titles and advice are message ids of the catalogue with places for
the facts; ``fund.doors.problems`` translates them and gives each kind its HTTP status and exit code.
"""

import errno
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import Enum, StrEnum, auto
from pathlib import PurePath
from typing import Any, ClassVar, Self, dataclass_transform

from fund.domain.texts import N_, Message

Problems = Sequence[Mapping[str, str | Message]]
"""Each has a ``path``, perhaps a ``line``, and a ``message`` that says what is wrong there."""


class Kind(Enum):
    """What sort of refusal an error is: all that decides its HTTP status and its exit code."""

    INVALID = auto()  # the input is not valid
    UNAUTHENTICATED = auto()
    FORBIDDEN = auto()
    NOT_FOUND = auto()
    CONFLICT = auto()  # a rule, or the state of the data, does not allow it
    GONE = auto()  # a link or an invitation that is not usable any more
    TOO_LARGE = auto()  # the body of a request
    UNSUPPORTED = auto()  # the media type of a request
    UNANSWERABLE = auto()  # a query that is refused, or takes or gives too much
    RATE_LIMITED = auto()
    BUSY = auto()  # a service beside this one did not start
    WARNING = auto()  # the change is committed, and something is left to do
    UNAVAILABLE = auto()  # disk or database not usable
    OUTCOME_UNKNOWN = auto()  # a commit of which nothing is known
    INTEGRITY = auto()  # books, database or keys are not whole
    FAULT = auto()  # of the program itself


@dataclass_transform(eq_default=False, field_specifiers=(field,))
@dataclass(eq=False)
class FundError(Exception):
    """The base of all refusals. Its fields are the facts that a person needs to understand it; none is personal.

    Each class below it is made a dataclass as well, and is a conflict where it says no other kind.
    """

    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str]
    advice: ClassVar[str]

    def __init_subclass__(cls) -> None:
        dataclass(eq=False)(cls)

    @property
    def code(self) -> str:
        """The error's name for programs."""
        return code_of(type(self))

    @property
    def facts(self) -> dict[str, Any]:
        """The facts, ready for JSON; what they say is said in English."""
        return self.rendered(str)

    def rendered(self, say: Callable[[Message], str]) -> dict[str, Any]:
        """The facts, ready for JSON, with ``say`` to put into words what they say."""
        return {field.name: _plain(getattr(self, field.name), say) for field in fields(self)}

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


def code_of(error: type[FundError]) -> str:
    """The name of an error for programs: ``CapReached`` is ``cap-reached``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", error.__name__).lower()


def titles() -> dict[str, str]:
    """The title of each error by its code, with places for its facts."""
    known: list[type[FundError]] = [FundError]
    found: dict[str, str] = {}
    while known:
        known += (below := known.pop().__subclasses__())
        found |= {code_of(error): error.title for error in below}
    return found


def _plain(value: Any, say: Callable[[Message], str]) -> Any:
    match value:
        case date() | StrEnum():
            return str(value)
        case Message():
            return say(value)
        case list() | tuple():
            return [_plain(item, say) for item in value]
        case dict():
            return {name: _plain(item, say) for name, item in value.items()}
    return value


# Of every subject


class InvalidInput(FundError):
    """The input is not valid; each problem has a path and a reason."""

    kind = Kind.INVALID
    title = N_("The request is not valid")
    advice = N_("Correct the fields that are named and send it again.")

    problems: Problems


class InvalidAgreement(FundError):
    """The agreement file has problems, each named by its path and line."""

    kind = Kind.INVALID
    title = N_("The agreement file is not valid")
    advice = N_("Correct each place, which is named by its line; nothing was written.")

    problems: Problems


class NotFound(FundError):
    """There is no such thing, or not for this person."""

    kind = Kind.NOT_FOUND
    title = N_("There is no %(thing)s %(key)s")
    advice = N_("Check the code, or list what there is.")

    thing: str
    key: str


class AlreadyExists(FundError):
    """The code is taken."""

    title = N_("There is already a %(thing)s %(key)s")
    advice = N_("Choose another code or name, or use the one that exists.")

    thing: str
    key: str


class ProposalWaits(FundError):
    """Another proposal about the same waits for a person."""

    title = N_("Proposal %(proposal)s about it waits already")
    advice = N_("Have it confirmed or rejected, or withdraw it if it is your own; then propose anew.")

    proposal: int


class FundMissing(FundError):
    """The home holds no fund yet."""

    title = N_("There is no fund here yet")
    advice = N_("Create one with 'fund init FILE.toml' or try 'fund demo'.")


class StateNotAllowed(FundError):
    """The thing is not in a state that allows this step."""

    title = N_("The %(thing)s %(key)s is %(state)s, so this cannot be done: %(step)s")
    advice = N_("Look at it again; it may have changed meanwhile.")

    thing: str
    key: str
    state: str
    step: str


class ListChanged(FundError):
    """What would be approved is not what was shown; look again (rule 5)."""

    title = N_("%(key)s is not what was shown any more")
    advice = N_("Look at the list again and approve it with its new digest.")

    key: str
    digest: str


class IdempotencyKeyReused(FundError):
    """The idempotency key came before with another request."""

    title = N_("This idempotency key came before with another request")
    advice = N_("Use a new key for a new request.")


# Users: who is asking, and what they may do


class NotAuthenticated(FundError):
    """Authentication failed: no token, a wrong token or password, or a disabled user. Which one is never said."""

    kind = Kind.UNAUTHENTICATED
    title = N_("Authentication failed")
    advice = N_("Give a valid token, or a user and the right password; at a terminal by FUND_TOKEN or --as.")


class NotPermitted(FundError):
    """The person's role does not include this."""

    kind = Kind.FORBIDDEN
    title = N_("The role %(role)s may not do this")
    advice = N_("It takes one of these roles: %(needs)s.")

    role: str
    needs: list[str]


class SamePerson(FundError):
    """The preparer of a thing cannot approve it (rule 5)."""

    kind = Kind.FORBIDDEN
    title = N_("The preparer of the %(thing)s %(key)s cannot approve it")
    advice = N_("Ask a different person to approve it (rule of two people).")

    thing: str
    key: str


class ProposalChanged(FundError):
    """The digest given is not that of the proposal: it is not what was shown (rule 5)."""

    title = N_("Proposal %(number)s is not what was shown")
    advice = N_("Look at the proposal again and confirm it with the digest shown there.")

    number: int


class ProposedByAnother(FundError):
    """Only the person who proposed something withdraws it; others reject it."""

    kind = Kind.FORBIDDEN
    title = N_("Proposal %(number)s was made by another person")
    advice = N_("Ask the person who proposed it to withdraw it, or the person who may confirm it to reject it.")

    number: int


class NotForOneself(FundError):
    """An admin does this for others; for oneself another admin has to."""

    kind = Kind.FORBIDDEN
    title = N_("An admin cannot do this for their own user")
    advice = N_("Ask another admin to do it for you.")


class PersonIsUser(FundError):
    """One person is one user, and this one is a user already."""

    title = N_("This person is already the user %(user)s")
    advice = N_("One person has one user. Disable the other first, or give that one another role.")

    user: str


class PersonIsUserAndPaid(FundError):
    """No user of the service is a landlord or a household of the fund; the user is never named (rule 5)."""

    kind = Kind.CONFLICT
    title = N_("The person with this tax code cannot be a user of this service and also a landlord or a household")
    advice = N_(
        "Nobody decides on what the fund pays for themselves. Check the tax code; if it is right, another person takes "
        "the user’s place, and an admin disables the user."
    )


class LastAdmin(FundError):
    """The last active admin cannot be disabled or given another role."""

    title = N_("This is the last admin")
    advice = N_("Add another admin first, so that users can still be managed.")


class CredentialDiffers(FundError):
    """What a user comes in by is not what was booked: it lets no user in."""

    kind = Kind.FORBIDDEN
    title = N_("What the user %(user)s comes in by is not what was booked; it lets no user in")
    advice = N_(
        "Find out who changed it: the database was written into from outside. 'fund verify' names each difference. An "
        "admin resets the user's password and second factor, and another person confirms it."
    )

    user: str


class TooManyAttempts(FundError):
    """Too many attempts failed; further ones are refused for ``wait_seconds``."""

    kind = Kind.RATE_LIMITED
    title = N_("Too many attempts")
    advice = N_("Wait %(wait_seconds)s seconds and try again.")

    wait_seconds: int


class SecondFactorNeeded(FundError):
    """This takes a code of the second factor, and none was given."""

    kind = Kind.FORBIDDEN
    title = N_("A code of the second factor is needed")
    advice = N_("Type the six digits that your device shows now.")


class SecondFactorMissing(FundError):
    """This takes a second factor, and the person has not set one up."""

    kind = Kind.FORBIDDEN
    title = N_("This takes a second factor, and you have none")
    advice = N_("Set one up at the desk, on the page 'My account', then try again.")


class WrongCode(FundError):
    """The code is wrong, too old, or was used already. Which one is never said."""

    kind = Kind.FORBIDDEN
    title = N_("This code is not valid")
    advice = N_("Each code counts once. Wait for the next one on your device, and check that its clock is right.")


class DigestNeeded(FundError):
    """An approval by command gives back the digest of what the approver was shown, and none was given."""

    kind = Kind.INVALID
    title = N_("Without a terminal, an approval takes the digest of what was shown")
    advice = N_(
        "Look at the list with 'fund approve RUN --show', or at proposals with 'fund proposals', and give back with "
        "--digest the digest told there."
    )


class InvitationNotUsable(FundError):
    """The invitation is used, expired or withdrawn, or no user with this login has one with this secret."""

    kind = Kind.GONE
    title = N_("This invitation cannot be used: %(reason)s")
    advice = N_("Ask an admin of the fund for a new one. Each is good once, for 72 hours.")

    reason: str


class WeakPassword(FundError):
    """The new password is one that attackers try early, or not of the lengths that are taken."""

    kind = Kind.INVALID
    title = N_("This password cannot be chosen: %(reason)s")
    advice = N_(
        "Choose another of %(min_length)s to %(max_length)s characters. "
        "Several words that do not belong together are easy to remember and hard to guess."
    )

    reason: str
    min_length: int
    max_length: int


class IdentityRefused(FundError):
    """The identity provider's answer does not identify a user."""

    kind = Kind.FORBIDDEN
    title = N_("The login by the identity provider did not succeed: %(reason)s")
    advice = N_("Begin the login again; if it fails again, tell the admin.")

    reason: str


class NotADemo(FundError):
    """This is possible only in a demo's home, whose users are invented."""

    title = N_("This works only in a demo's home")
    advice = N_("Make one with 'fund demo --home DIR'.")


class LinkNotUsable(FundError):
    """A personal link that is unknown, used, expired or revoked. Which one is never said."""

    kind = Kind.GONE
    title = N_("This link does not open anything any more")
    advice = N_("Ask for a new one with the e-mail address that the office has on file.")


# Days and the clock


class ClockBehindJournal(FundError):
    """Today is before the journal's last entry, so nothing can be booked."""

    title = N_("The clock of this machine says %(today)s, and the last entry was booked on %(last)s")
    advice = N_("Set the clock right. If it is right, the entries after today were made by a clock that was ahead.")

    today: date
    last: date


class DayNotConfirmed(FundError):
    """Neither the journal nor the bank vouches for the clock's day; a person confirms it before anything is written.

    ``witness`` is the last day that one of them gives.
    """

    title = N_("Today, %(today)s, has to be confirmed first: the last day known from entries and bank is %(witness)s")
    advice = N_("If the clock of this machine is right, confirm the day: 'fund confirm-today DATE', or at the desk.")

    today: date
    witness: date


class NotToday(FundError):
    """The day that a person confirms is not the clock's."""

    title = N_("The clock of this machine says %(today)s, not %(day)s")
    advice = N_("Look at a calendar. If the day was typed right, set the clock of this machine right first.")

    day: date
    today: date


class MonthNotOver(FundError):
    """Only a month that is over can be closed, and only after the one before it."""

    title = N_("%(month)s cannot be closed now")
    advice = N_("Months are closed in order, when they are over.")

    month: str


# Money: never more than there is


class NotEnoughAvailable(FundError):
    """More would be committed or returned than is available (rule 3)."""

    title = N_("Only %(available)s are available, and %(needed)s are needed")
    advice = N_("Record a further allocation, or release months that will not be paid.")

    available: str
    needed: str


class NotEnoughCash(FundError):
    """More would be ordered than the treasurer holds."""

    title = N_("The treasurer holds %(cash)s, and %(needed)s would be ordered")
    advice = N_("Record the collection from the funder first.")

    cash: str
    needed: str


class MoreThanAllocated(FundError):
    """A collection would bring an allocation above what was granted."""

    title = N_("Allocation %(allocation)s grants %(granted)s, and %(received)s would be received")
    advice = N_("Check the amount, or record the further allocation first.")

    allocation: str
    granted: str
    received: str


class MoreThanPaid(FundError):
    """More would be claimed back of a month than was paid for it."""

    title = N_("The month was paid with %(paid)s, and %(claimed)s would be claimed back")
    advice = N_("Check the amount, and what was claimed back of the month before.")

    paid: str
    claimed: str


class MoreThanOwed(FundError):
    """More would be set off against a month than is owed for it."""

    title = N_("%(owed)s are owed for the month, and %(kept)s would be set off")
    advice = N_("Check the amount, and what is set off against the month already.")

    owed: str
    kept: str


class MoreThanOverpaid(FundError):
    """More would come back from a landlord than it was overpaid."""

    title = N_("Landlord %(landlord)s was overpaid by %(overpaid)s, and %(recovered)s would come back")
    advice = N_("Record the overpayment first, or check the amount.")

    landlord: str
    overpaid: str
    recovered: str


# Households and their months


class PersonIsHousehold(FundError):
    """The person of a tax code is a household already, whatever its code, lease or address (rules 1 and 5)."""

    title = N_("The person with this tax code is household %(household)s already")
    advice = N_(
        "One person is one household and no landlord, even where its position is closed. Go on with household "
        "%(household)s, or correct the tax code. If %(household)s was admitted by mistake, annul its admission; if its "
        "tax code was wrong, or its person comes back, give that as the reason."
    )

    household: str


class PersonTwice(FundError):
    """Months of a person who stands twice in the fund are neither approved nor ordered."""

    title = N_("The same person stands twice in the fund, so these months are not paid: %(months)s")
    advice = N_(
        "Hold or exclude them, and approve the rest. Then find out which household or landlord is one too many, "
        "and close its position or have its data erased; 'fund verify' names both."
    )

    months: list[str]


class MonthInOpenItem(FundError):
    """Months that an open item names, that the bank paid by mistake, or whose payment came back while a statement is
    missing, are neither approved nor ordered.
    """

    title = N_("What the bank says of these months is still open, so they are not paid: %(months)s")
    advice = N_(
        "The landlord may have the money already. First import the statements that are missing, match each open item "
        "to what it is, and ask the bank for what it paid twice. Hold or exclude these months to approve the rest."
    )

    months: list[str]


class CapReached(FundError):
    """The household would have more months than the agreement allows (rule 1)."""

    title = N_("Household %(household)s would have %(months)s months, and its cap is %(cap)s")
    advice = N_("Grant fewer months; the agreement allows no more.")

    household: str
    cap: int
    months: int


class MonthTaken(FundError):
    """The household has this month already (rule 2)."""

    title = N_("Household %(household)s already has %(month)s")
    advice = N_("A month is paid once; choose other months.")

    household: str
    month: str


class MonthNotCommitted(FundError):
    """The month is not committed to the household."""

    title = N_("%(month)s is not committed to household %(household)s as shown")
    advice = N_("Look at the household's committed months and try again.")

    household: str
    month: str


class MonthOutsideAgreement(FundError):
    """The month lies before the agreement, or could not be paid before the activities end."""

    title = N_("%(month)s is no month that the agreement lets pay")
    advice = N_("It lets pay from %(first_month)s to %(last_month)s.")

    month: str
    first_month: str
    last_month: str


class LeaseOverlaps(FundError):
    """Two leases of a household would cover the same day."""

    title = N_("Household %(household)s already has a lease on that day")
    advice = N_("End the earlier lease the day before the new one begins.")

    household: str


class LeaseStartsInMonth(FundError):
    """A lease that follows another begins on the first day of a month, since a month is paid to one landlord."""

    title = N_("A further lease of household %(household)s begins on the first day of a month")
    advice = N_("A month is paid to one landlord; begin the new lease with a month.")

    household: str


class PositionNotEmpty(FundError):
    """A position closes for good when nothing is committed, approved or ordered any more."""

    title = N_("Household %(household)s still has months that are committed or not settled")
    advice = N_("Release what will not be paid, and wait until the rest is settled.")

    household: str


class HouseholdWasPaid(FundError):
    """An admission is annulled as long as no month of it was approved."""

    title = N_("Household %(household)s has approved months, so its admission is not annulled")
    advice = N_("Close its position; if its tax code was wrong, correct that.")

    household: str


class PositionClosed(FundError):
    """The household's position was closed for good."""

    title = N_("The position of household %(household)s was closed for good")
    advice = N_("Use a recovery, or admit the household anew under a new decision.")

    household: str


# Landlords and their accounts


class PersonIsLandlord(FundError):
    """The person of a tax code is a landlord already."""

    title = N_("The person with this tax code is landlord %(landlord)s already")
    advice = N_(
        "One person is one landlord and no household. Go on with landlord %(landlord)s, or correct the tax code. "
        "If %(landlord)s was registered by mistake, have its data erased first."
    )

    landlord: str


class IbanInUse(FundError):
    """Two landlords may not have the same IBAN."""

    title = N_("The IBAN of landlord %(landlord)s belongs to another landlord")
    advice = N_("Check the IBAN with the landlord, by the contact on file.")

    landlord: str


class IbanOfUser(FundError):
    """A landlord is not paid to the account of a user of the service; the user is never named."""

    title = N_("The IBAN of landlord %(landlord)s belongs to a user of this service")
    advice = N_(
        "Users cannot be paid by the fund. Ask the landlord for another account, and have the admin look at it."
    )

    landlord: str


class IbanOfFund(FundError):
    """A landlord is not paid to the account that the fund pays from."""

    kind = Kind.CONFLICT
    title = N_("The IBAN of landlord %(landlord)s is the account that the fund pays from")
    advice = N_("Check the IBAN with the landlord, by the contact on file; or correct the account that is paid from.")

    landlord: str


class AccountNotUsable(FundError):
    """A landlord's account may not be paid to today; ``reason`` says why (rule 5)."""

    title = N_("Nothing may be paid to landlord %(landlord)s today: %(reason)s")
    advice = N_("Withdraw the batch, have another person confirm the account or wait, and prepare it again.")

    landlord: str
    reason: str


class CallBackMissing(FundError):
    """A changed IBAN needs a recorded call-back to the contact already on file (rule 5)."""

    title = N_("Landlord %(landlord)s needs a call-back first")
    advice = N_("Call the contact already on file, and give the day of the call.")

    landlord: str


class ContactTooNew(FundError):
    """The contact on file is too new for a call-back about an account that was proposed before ``day``."""

    title = N_("The contact of landlord %(landlord)s is new: no account proposed before %(day)s is confirmed by it")
    advice = N_("Reject the account, and have it proposed again from that day on.")

    landlord: str
    day: date


class ErasureBlocked(FundError):
    """The data of a landlord or a household is still needed: money is owed, a contract runs, or a position is open."""

    title = N_("The personal data of %(subject)s cannot be erased: %(reason)s")
    advice = N_("Pay or settle what is owed, end the landlord’s contracts or close the household’s position first.")

    subject: str
    reason: str


# Payouts and their controls


class NothingToPay(FundError):
    """No approved month is waiting for a payment that may be made; ``waiting`` says why each other one waits."""

    title = N_("No approved month is waiting for a payment that may be made")
    advice = N_(
        "For each month that waits, do what its reason asks for: confirm the account, wait, or record the check."
    )

    waiting: list[str]


class AlertsNotAcknowledged(FundError):
    """A list has alerts that no person other than its approver has acknowledged."""

    title = N_("%(key)s has alerts that no other person has acknowledged: %(alerts)s")
    advice = N_(
        "Its preparer looks at each and acknowledges it with a reason; then look at the list again and approve it."
    )

    key: str
    alerts: list[str]


class PayeeCheckMissing(FundError):
    """The fund asks for the bank's word on each payee, and there is none for this account."""

    title = N_("The bank has not been asked who holds the account of landlord %(landlord)s")
    advice = N_("The fund's controls ask for it. Record the result with 'fund check payee' and try again.")

    landlord: str


class TaxCheckMissing(FundError):
    """A payee has more coming than the threshold of art. 48-bis DPR 602/1973, and no tax-debt check is in force."""

    title = N_("Landlord %(landlord)s has %(total)s coming, above %(threshold)s, and no tax-debt check is in force")
    advice = N_("Art. 48-bis DPR 602/1973: check, and record it with 'fund check tax'; it is good for %(days)s days.")

    landlord: str
    total: str
    threshold: str
    days: int


class TaxDebtFound(FundError):
    """A tax debt was found for a payee, so what is above the threshold is suspended (art. 48-bis DPR 602/1973)."""

    title = N_("A tax debt of landlord %(landlord)s was found (%(reference)s): %(total)s, above %(threshold)s")
    advice = N_(
        "Art. 48-bis DPR 602/1973: the payment is suspended until a later check finds nothing due; record it then."
    )

    landlord: str
    total: str
    threshold: str
    reference: str


# Banking


class TreasuryMissing(FundError):
    """The account from which the city pays is not known, so no bank's format can be written."""

    title = N_("The city's account at the treasurer is not known")
    advice = N_("Say it under [treasury] in the agreement file, with the codes that your bank asks for.")


class OrderNotWritable(FundError):
    """A batch cannot become a file: ``key`` is the payment, or the batch; ``field`` is missing, malformed or twice."""

    title = N_("The bank file cannot be written: %(key)s, %(field)s: %(reason)s")
    advice = N_("Correct the field in the fund's settings or at the landlord, and try again; nothing was written.")

    key: str
    field: str
    reason: str


class TextNotWritable(FundError):
    """A text has characters, named by their Unicode numbers, that no SEPA payment carries and that have no mapping."""

    title = N_("A text of %(key)s (%(field)s) has characters that no bank takes: %(characters)s")
    advice = N_("Enter it in Latin letters, as the bank knows the account holder.")

    key: str
    field: str
    characters: list[str]


class TextTooLong(FundError):
    """A text is longer than the payment can carry; nothing is cut."""

    title = N_("A text of %(key)s (%(field)s) has %(length)s characters, and the bank takes %(limit)s")
    advice = N_("Shorten it where it was entered; nothing is ever cut.")

    key: str
    field: str
    length: int
    limit: int


class BankFileInvalid(FundError):
    """A file that was written does not satisfy its schema, so it was thrown away."""

    kind = Kind.INTEGRITY
    title = N_("The file that was written as %(format)s does not satisfy its schema")
    advice = N_("It was thrown away. Have each finding looked at; another format may serve meanwhile.")

    format: str
    findings: list[str]


class UnreadableBankFile(FundError):
    """A bank file that cannot be read as a whole; nothing of it was booked."""

    kind = Kind.INVALID
    title = N_("The bank file cannot be read: line %(line)s, %(field)s: %(reason)s")
    advice = N_("Ask the bank for the file again; nothing of it was booked.")

    line: int
    field: str
    reason: str


class NotABankFile(UnreadableBankFile):
    """A file that no bank sends, or more than a bank sends."""

    title = N_("This is no bank file that can be read: %(reason)s")
    advice = N_("Take the file that the bank or the treasurer sent, as it came. Nothing of this one was booked.")


class UnreadableField(UnreadableBankFile):
    """A bank file that lacks something or has too much of it, at no line."""

    title = N_("The bank file cannot be read: %(field)s: %(reason)s")


class UnreadableStatus(UnreadableBankFile):
    """A status of a payment or mandate that cannot be read, by the reference that the bank names.

    Banks write a whole file into one line, so that what is named is the thing and not its line.
    """

    title = N_("The bank file cannot be read: outcome %(number)s, reference %(reference)s, %(field)s: %(reason)s")

    number: int
    reference: str


class UnreadableStatement(UnreadableBankFile):
    """A statement in a bank file that cannot be read as a whole, by its account and its id."""

    title = N_("The bank file cannot be read: account %(account)s, statement %(statement)s, %(field)s: %(reason)s")

    account: str
    statement: str


class UnreadableEntry(UnreadableStatement):
    """An entry of a statement that cannot be read, by its place in the statement and the bank's reference."""

    title = N_(
        "The bank file cannot be read: account %(account)s, entry %(entry)s, reference %(reference)s, "
        "%(field)s: %(reason)s"
    )

    entry: int
    reference: str


class PayeeUnconfirmed(FundError):
    """The bank does not confirm payees of a batch, and nobody has said yet what is done about it."""

    title = N_("The batch %(batch)s waits: the bank does not confirm the payee of %(payments)s.")
    advice = N_(
        "Ask the landlord by the contact on file; then confirm the order at the bank or withdraw it, and set the open "
        "item aside with one of two reasons: that the payee is right and the order confirmed, or that the order is "
        "withdrawn."
    )

    batch: str
    payments: Sequence[str]


class LineDoesNotAgree(FundError):
    """A line of the bank cannot be matched as requested; ``reason`` is what does not agree."""

    title = N_("Line %(line)s of the bank does not agree with %(match)s: %(reason)s")
    advice = N_(
        "Nothing was booked. Match it with what it is, if need be of another amount, or with the entry that it tells "
        "again. What is not the fund’s business and names no payment of it is set aside; what the bank says of a payee "
        "is set aside as what was done about it."
    )

    line: str
    match: str
    reason: str


class LineAhead(FundError):
    """A line of the bank would be matched before its day."""

    title = N_("Line %(line)s of the bank is of %(day)s, which has not come yet")
    advice = N_("It is judged by itself on that day, and what is still open of it can be matched then.")

    line: str
    day: date


class LineNamesPayment(FundError):
    """A line of the bank that names a payment of the fund would be set aside."""

    title = N_("Line %(line)s of the bank names payment %(payment)s, so it is the fund’s business and is not set aside")
    advice = N_(
        "Match it with the payment, if need be of another amount, with several payments or their batch, with the entry "
        "that it tells again, or with a month that was paid without an order; where IBAN or day is another, another "
        "person confirms that. A charge of the bank is a debit of 50.00 at the most, and less than the payment. What "
        "cannot be matched stays open until the bank’s next files explain it."
    )

    line: str
    payment: str


class RuleTakesLine(FundError):
    """A line of the bank would be opened again that a rule in force sets aside."""

    title = N_("Line %(line)s of the bank is one that rule %(rule)s sets aside")
    advice = N_("End that rule first: it would take the line again. What it has set aside besides stays so.")

    line: str
    rule: int


class CollectionMatched(FundError):
    """A collection would be taken back by itself to which a line of the bank was matched."""

    title = N_("Line %(line)s of the bank shows collection %(entry)s")
    advice = N_("Take back the match of that line: the collection is taken back with it.")

    entry: int
    line: str


class MatchStands(FundError):
    """A match of a line of the bank would be taken back on which more rests; ``reason`` is what, ``about`` of what."""

    title = N_("The match of line %(line)s of the bank is not taken back: %(reason)s (%(about)s)")
    advice = N_(
        "First take back the match of that line, cancel that order while the bank does not have it, or undo what else "
        "is named; what the bank has paid is given back by the bank or claimed from the landlord."
    )

    line: str
    reason: str
    about: str


# Questions to the books


class QueryRefused(FundError):
    """A query of the books is not run: ``reason`` is a code, ``line`` and ``column`` (from 1) say where it lies."""

    kind = Kind.UNANSWERABLE
    title = N_("This query is not run: %(reason)s")
    advice = N_(
        "Only SELECT, BALANCES and JOURNAL can be asked, one at a time; look at line %(line)s, column %(column)s."
    )

    reason: str
    line: int
    column: int


class QueryTimeout(FundError):
    """A query or a check of the books exceeded its time limit and was ended."""

    kind = Kind.UNANSWERABLE
    title = N_("It took longer than %(seconds)s seconds and was ended")
    advice = N_("Ask for less at once, or check the audit pack on a machine of your own.")

    seconds: int


class ResultTooLarge(FundError):
    """The result of a query of the books exceeds the limits of rows or bytes."""

    kind = Kind.UNANSWERABLE
    title = N_("The result is larger than %(max_rows)s rows or %(max_bytes)s bytes")
    advice = N_("Ask for less at once, for instance with WHERE or LIMIT.")

    max_rows: int
    max_bytes: int


class FavaNotStarted(FundError):
    """Fava could not be started over the copy of the books within ``seconds``."""

    kind = Kind.BUSY
    title = N_("Fava did not start within %(seconds)s seconds")
    advice = N_("Try again in a minute; the books and the queries of the reading room do not need it.")

    seconds: int


# Integrity


class IntegrityBroken(FundError):
    """Books and database do not agree, or the chain is broken: nothing is written any more, reading goes on."""

    kind = Kind.INTEGRITY
    title = N_("Books and database do not agree; nothing is written any more")
    advice = N_("Run 'fund verify' and have each finding looked at; reading goes on.")

    findings: list[str]


class PayeeDiffers(FundError):
    """A landlord's account is not the one that was confirmed: nothing is sealed or written, reading goes on."""

    kind = Kind.INTEGRITY
    title = N_("An account on file is not the one that two people confirmed; nothing is written any more")
    advice = N_(
        "Find out who changed it: the database was written into from outside. 'fund verify' names each difference, and "
        "'fund restore-value' puts the confirmed IBAN back, by two people."
    )

    accounts: list[str]


class RunDiffers(FundError):
    """The list of a run is not what was proposed, or changed since by an act: nothing of it is decided."""

    kind = Kind.INTEGRITY
    title = N_("The list of %(run)s is not the one that was proposed; nothing of it is decided")
    advice = N_(
        "Find out who changed it: the database was written into from outside. A preparer then prepares the run once "
        "more, and its months are worked out again from leases and decisions."
    )

    run: str


class NotTheConfirmedValue(FundError):
    """What is to be restored is not what two people confirmed: its fingerprint is another."""

    title = N_("This is not the account that was confirmed for %(landlord)s")
    advice = N_("Take the IBAN from the landlord's own papers, and check which version of the account is meant.")

    landlord: str
    version: int


class ProposedByApprover(FundError):
    """The approver proposed the account, the lease or the commitment that a month is paid by (rule 5)."""

    kind = Kind.FORBIDDEN
    title = N_("The approver proposed the account, the lease or the commitment of %(months)s")
    advice = N_("Another approver approves these months, or another preparer proposes what they use again.")

    months: list[str]


class ProposedByNoPerson(FundError):
    """A month is paid under a lease of the agreement file that two people have not confirmed yet."""

    title = N_("Two people have not confirmed the lease of %(months)s yet")
    advice = N_("Confirm what the agreement file brought under “To confirm”, or hold these months.")

    months: list[str]


class TermsNotAgreed(FundError):
    """Nothing is approved before two people have agreed to the terms that the agreement file brought."""

    title = N_("Two people have not confirmed the agreement and its terms yet")
    advice = N_("Confirm them under “To confirm”: a preparer first, then an approver.")


class BooksNotEmpty(FundError):
    """The home's books are a fund's already, so no other fund is begun on top of them."""

    title = N_("There are already books of a fund in %(books)s")
    advice = N_("Choose another home, or make the database from these books: fund rebuild --from BOOKS --into HOME.")

    books: str


class RebuildUnfinished(FundError):
    """A rebuild of this home did not come to its end, so nothing may be done in it before it has."""

    kind = Kind.INTEGRITY
    title = N_("The rebuild of %(home)s was not finished")
    advice = N_("Run the same 'fund rebuild' again, into the same home; until then nothing else is done in it.")

    home: str


_RESTORE_KEY = N_(
    "Restore secret.key in the home, or the same FUND_SECRET_KEY, from the backup. Recovery codes work without it. "
    "Where the key is lost, the second factors are: an admin resets each one and its user sets it up again; a new key "
    "is made when the damaged file was moved away and no second factor is left."
)


class SecretKeyMissing(FundError):
    """The key that seals second factors is gone, and some are sealed with it."""

    kind = Kind.INTEGRITY
    title = N_("The key of the second factors is missing")
    advice = _RESTORE_KEY


class SecretKeyDamaged(FundError):
    """The file of the key that seals second factors holds no whole key."""

    kind = Kind.INTEGRITY
    title = N_("The file of the key of the second factors is damaged")
    advice = _RESTORE_KEY


class SecretKeyWrong(FundError):
    """The key that seals second factors is not the one with which this one was sealed."""

    kind = Kind.INTEGRITY
    title = N_("The key of the second factors is not the one they were sealed with")
    advice = _RESTORE_KEY


class ExportUnreadable(FundError):
    """A file of exported personal values was not written under this fund's key, or was changed."""

    kind = Kind.INVALID
    title = N_("The file is no export of this fund’s personal values, or is damaged")
    advice = N_("Take the file that 'fund export-persons' wrote, and the fingerprint key that the fund had then.")


class PersonsNotAsBooked(FundError):
    """Exported personal values are not those that the books have the fingerprints of; none of them is taken."""

    title = N_("Nothing was imported: not as booked are %(findings)s")
    advice = N_("Take an export that was made from these books, not one that is newer than they are.")

    findings: list[str]


class KeyChangeWaits(FundError):
    """The fund's key is not changed while something is open that names fingerprints, or values are lacking."""

    title = N_("The key is not changed yet: %(waits)s")
    advice = N_(
        "Have what is proposed decided first, and bring back what a rebuilt database lacks, by 'fund import-persons'."
    )

    waits: list[str]


class KeyExposed(FundError):
    """The file of a key can be read by more people than its owner, or is not this program's own."""

    kind = Kind.INTEGRITY
    title = N_("The key in %(file)s is not this program’s alone")
    advice = N_(
        "Make the user that runs the program its owner (chown), and let no other user read it (chmod 600). A user who "
        "could read it may have copied it."
    )

    file: str


_RESTORE_FINGERPRINT_KEY = N_(
    "Restore fingerprint.key in the home, or the file that FUND_FINGERPRINT_KEY_FILE names, from the backup of keys. "
    "It is never made anew: with another key nothing that two people confirmed could be recognised again."
)


class FingerprintKeyMissing(FundError):
    """The key of the fund's fingerprints is gone."""

    kind = Kind.INTEGRITY
    title = N_("The key of the fingerprints is missing")
    advice = _RESTORE_FINGERPRINT_KEY


class FingerprintKeyDamaged(FundError):
    """The file of the key of the fund's fingerprints holds no whole key."""

    kind = Kind.INTEGRITY
    title = N_("The file of the key of the fingerprints is damaged")
    advice = _RESTORE_FINGERPRINT_KEY


class FingerprintKeyWrong(FundError):
    """The key of the fingerprints is not the one whose check value the books have."""

    kind = Kind.INTEGRITY
    title = N_("The key of the fingerprints is not this fund’s")
    advice = _RESTORE_FINGERPRINT_KEY


# Storage: the class says what became of the change, so that every door reports it alike

REMEDIES = {
    "disk-full": Message("Make room on that disk."),
    "file-too-large": Message("Raise the limit on the size of files for this user."),
    "read-only": Message("Mount that disk for writing, or choose another home."),
    "no-permission": Message("Give the user that runs the program access to that place."),
    "path-missing": Message("Check the path, or restore what stood there from the backup."),
    "not-a-folder": Message("Move the file that stands where a folder belongs, or choose another path."),
    "is-a-folder": Message("Move the folder that stands where a file belongs, or choose another path."),
    "file-failed": Message("Check the disk and the limits of this machine."),
    "database-unreachable": Message("Start the database, or correct FUND_DATABASE_URL: host, name, user and password."),
    "database-locked": Message("Wait until the other program has finished, or stop it."),
    "database-damaged": Message(
        "Keep that file aside and restore the database from the backup, or use 'fund rebuild'."
    ),
    "database-lost": Message("Check that the database server is running."),
    "database-refused": Message("The same thing may have been changed meanwhile: look at it again."),
    "database-failed": Message("Look at the log of the database."),
    "books-differ": Message("Run 'fund verify' and have each finding looked at."),
    "interrupted": Message("It was interrupted before its end."),
    "program-failed": Message("This is a fault of the program: report this line to its developers."),
}
"""By reason: what is to be done before trying again."""

_BY_ERRNO = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EFBIG: "file-too-large",
    errno.EROFS: "read-only",
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.ENOENT: "path-missing",
    errno.ENOTDIR: "not-a-folder",
    errno.EEXIST: "not-a-folder",
    errno.EISDIR: "is-a-folder",
}


class StorageFailed(FundError):
    """A file or the database failed. Nothing of the change was committed."""

    kind = Kind.UNAVAILABLE
    title = N_("%(place)s: %(reason)s")
    advice = N_("Nothing was changed. %(remedy)s")

    reason: str
    place: str
    remedy: Message = field(init=False)

    def __post_init__(self) -> None:
        self.remedy = REMEDIES[self.reason]

    @classmethod
    def of(cls, failure: OSError, place: str) -> Self:
        """From an error of the operating system; ``place`` is used where the error names no file."""
        return cls(_BY_ERRNO.get(failure.errno or 0, "file-failed"), str(failure.filename or place))

    def after_commit(self) -> "StorageFailed":
        """The same where something was committed before."""
        return StoppedAfterCommit(self.reason, self.place)

    def abroad(self) -> Self:
        """The same without the path's folders, for readers at another machine."""
        self.place = PurePath(self.place).name
        return self


class StoppedAfterCommit(StorageFailed):
    """What was changed before the failure is committed and stays; the rest was not done."""

    advice = N_("What was done before is committed and stays: do not repeat it. Only the rest is missing. %(remedy)s")


class NotYetPublished(StorageFailed):
    """A warning: the change is committed, and books or bank files lag behind until the next start or command."""

    kind = Kind.WARNING
    advice = N_("The change is committed; books or bank files follow with the next command or start. %(remedy)s")


class OutboxMended(FundError):
    """A warning: files in the outbox were not what had been sealed, and were written again from the sealed bytes."""

    kind = Kind.WARNING
    title = N_("Changed files in the outbox were replaced by what was sealed: %(batches)s")
    advice = N_(
        "Find out who can write there. If such a file was already given to the bank, have the bank stop it, and "
        "compare it with the sealed one."
    )

    batches: str


class ProgramFailed(StorageFailed):
    """A fault of the program, at ``place``. Nothing of the change was committed."""

    kind = Kind.FAULT
    title = N_("The program failed: %(place)s")
    advice = N_("Nothing was changed. %(remedy)s")


class CommitUnknown(StorageFailed):
    """The commit was cut off, and the database cannot be asked. ``check`` is the command that finds it out later."""

    kind = Kind.OUTCOME_UNKNOWN
    advice = N_("Whether the change was committed is not known. %(remedy)s Before repeating it, ask with: %(check)s")

    check: str

    def after_commit(self) -> StorageFailed:
        return self


class SchemaOfAnotherVersion(FundError):
    """The database was made by another version of the program. Nothing was changed in it."""

    kind = Kind.UNAVAILABLE
    title = N_("The database was made by another version of the program (%(found)s; this one makes %(expected)s)")
    advice = N_("Nothing was changed. Use the version that made it, or make a new home with 'fund rebuild'.")

    found: str
    expected: str


class SchemaDiffers(FundError):
    """The database is not as this program makes it: each difference by the name of what differs."""

    kind = Kind.INTEGRITY
    title = N_("The database is not as this program makes it")
    advice = N_("Nothing was changed. Restore the database from the backup, or make a new home with 'fund rebuild'.")

    findings: Sequence[Message]
