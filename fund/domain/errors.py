"""Everything that the service refuses: a class and its facts, no prose and no HTTP.

``fund/doors/problems.py`` maps each class to its status, its exit code and its text in Italian and English.
"""

from dataclasses import dataclass
from datetime import date

from fund.domain.access_errors import DigestNeeded as DigestNeeded
from fund.domain.access_errors import IdentityRefused as IdentityRefused
from fund.domain.access_errors import InvitationNotUsable as InvitationNotUsable
from fund.domain.access_errors import LastAdmin as LastAdmin
from fund.domain.access_errors import NotADemo as NotADemo
from fund.domain.access_errors import NotAuthenticated as NotAuthenticated
from fund.domain.access_errors import NotForOneself as NotForOneself
from fund.domain.access_errors import NotPermitted as NotPermitted
from fund.domain.access_errors import SecondFactorMissing as SecondFactorMissing
from fund.domain.access_errors import SecondFactorNeeded as SecondFactorNeeded
from fund.domain.access_errors import StillNeeded as StillNeeded
from fund.domain.access_errors import TooManyAttempts as TooManyAttempts
from fund.domain.access_errors import WeakPassword as WeakPassword
from fund.domain.access_errors import WrongCode as WrongCode
from fund.domain.error_base import FundError as FundError
from fund.domain.error_base import Problems as Problems
from fund.domain.payee_errors import AccountNotUsable as AccountNotUsable
from fund.domain.payee_errors import CallBackMissing as CallBackMissing
from fund.domain.payee_errors import ContactTooNew as ContactTooNew
from fund.domain.payee_errors import IbanInUse as IbanInUse
from fund.domain.payee_errors import IbanOfUser as IbanOfUser
from fund.domain.payee_errors import PayeeCheckMissing as PayeeCheckMissing
from fund.domain.payee_errors import PersonIsHousehold as PersonIsHousehold
from fund.domain.payee_errors import PersonIsLandlord as PersonIsLandlord
from fund.domain.payee_errors import PersonTwice as PersonTwice
from fund.domain.payee_errors import TaxCheckMissing as TaxCheckMissing
from fund.domain.payee_errors import TaxDebtFound as TaxDebtFound
from fund.domain.storage_errors import CommitUnknown as CommitUnknown
from fund.domain.storage_errors import NotYetPublished as NotYetPublished
from fund.domain.storage_errors import ProgramFailed as ProgramFailed
from fund.domain.storage_errors import SchemaDiffers as SchemaDiffers
from fund.domain.storage_errors import SchemaOfAnotherVersion as SchemaOfAnotherVersion
from fund.domain.storage_errors import StoppedAfterCommit as StoppedAfterCommit
from fund.domain.storage_errors import StorageFailed as StorageFailed


@dataclass(eq=False)
class InvalidInput(FundError):
    """Something was said in a form that cannot be understood; each problem has a path and a reason."""

    problems: Problems


@dataclass(eq=False)
class InvalidAgreement(FundError):
    """The agreement file has problems, each named by its path and line."""

    problems: Problems


@dataclass(eq=False)
class NotFound(FundError):
    """There is no such thing, or not for this person."""

    thing: str
    key: str


@dataclass(eq=False)
class AlreadyExists(FundError):
    """The code is taken."""

    thing: str
    key: str


@dataclass(eq=False)
class FundMissing(FundError):
    """The home holds no fund yet."""


@dataclass(eq=False)
class LinkNotUsable(FundError):
    """A personal link that is unknown, used, expired or revoked. Which one is never said."""


@dataclass(eq=False)
class SamePerson(FundError):
    """Whoever prepared a thing cannot approve it (rule 5)."""

    thing: str
    key: str


@dataclass(eq=False)
class CapReached(FundError):
    """The household would have more months than the agreement allows (rule 1)."""

    household: str
    cap: int
    months: int


@dataclass(eq=False)
class MonthTaken(FundError):
    """The household has this month already (rule 2)."""

    household: str
    month: str


@dataclass(eq=False)
class MonthNotCommitted(FundError):
    """The month is not committed to the household."""

    household: str
    month: str


@dataclass(eq=False)
class MonthOutsideAgreement(FundError):
    """The month could not be paid before the activities end."""

    month: str
    last_month: str


@dataclass(eq=False)
class NotEnoughAvailable(FundError):
    """More would be committed or returned than is available (rule 3)."""

    available: str
    needed: str


@dataclass(eq=False)
class MoreThanAllocated(FundError):
    """A receipt would bring an allocation above what was granted."""

    allocation: str
    granted: str
    received: str


@dataclass(eq=False)
class MoreThanPaid(FundError):
    """More would be claimed back of a month than was paid for it."""

    paid: str
    claimed: str


@dataclass(eq=False)
class MoreThanOwed(FundError):
    """More would be kept back of a month than is owed for it."""

    owed: str
    kept: str


@dataclass(eq=False)
class MoreThanOverpaid(FundError):
    """More would come back from a landlord than it was overpaid."""

    landlord: str
    overpaid: str
    recovered: str


@dataclass(eq=False)
class LeaseOverlaps(FundError):
    """Two leases of a household would cover the same day."""

    household: str


@dataclass(eq=False)
class LeaseStartsInMonth(FundError):
    """A lease that follows another begins on the first day of a month, since a month is paid to one landlord."""

    household: str


@dataclass(eq=False)
class ClockBehindJournal(FundError):
    """Today is before the journal's last entry, so nothing can be booked."""

    today: date
    last: date


@dataclass(eq=False)
class DayNotConfirmed(FundError):
    """Neither the journal nor the bank vouches for the clock's day; a person confirms it before anything is written.

    ``witness`` is the last day that one of them gives.
    """

    today: date
    witness: date


@dataclass(eq=False)
class NotToday(FundError):
    """The day that a person confirms is not the clock's."""

    day: date
    today: date


@dataclass(eq=False)
class StateNotAllowed(FundError):
    """The thing is not in a state that allows this step."""

    thing: str
    key: str
    state: str
    step: str


@dataclass(eq=False)
class ListChanged(FundError):
    """What would be approved is not what was shown; look again (rule 5)."""

    key: str
    digest: str


@dataclass(eq=False)
class NothingToPay(FundError):
    """No approved month is waiting for a payment that may be made; ``waiting`` says why each other one waits."""

    waiting: list[str]


@dataclass(eq=False)
class NotEnoughCash(FundError):
    """More would be ordered than the treasurer holds."""

    cash: str
    needed: str


@dataclass(eq=False)
class AlertsNotAcknowledged(FundError):
    """A list has alerts that its preparer, or anybody else than its approver, has not acknowledged."""

    key: str
    alerts: list[str]


@dataclass(eq=False)
class MonthNotOver(FundError):
    """Only a month that is over can be closed, and only after the one before it."""

    month: str


@dataclass(eq=False)
class PositionNotEmpty(FundError):
    """A position closes for good when nothing is committed, approved or ordered any more."""

    household: str


@dataclass(eq=False)
class PositionClosed(FundError):
    """The household's position was closed for good."""

    household: str


@dataclass(eq=False)
class UnreadableBankFile(FundError):
    """A bank file that cannot be read as a whole; nothing of it was booked."""

    line: int
    field: str
    reason: str


@dataclass(eq=False)
class LineDoesNotAgree(FundError):
    """A line of the bank cannot be what somebody says it is; ``reason`` is what does not agree."""

    line: str
    match: str
    reason: str


@dataclass(eq=False)
class OrderNotWritable(FundError):
    """A batch cannot become a file: ``key`` is the payment, or the batch; ``field`` is missing, malformed or twice."""

    key: str
    field: str
    reason: str


@dataclass(eq=False)
class TextNotWritable(FundError):
    """A text has characters, named by their Unicode numbers, that no SEPA payment carries and that have no mapping."""

    key: str
    field: str
    characters: list[str]


@dataclass(eq=False)
class TextTooLong(FundError):
    """A text is longer than the payment can carry; nothing is cut."""

    key: str
    field: str
    length: int
    limit: int


@dataclass(eq=False)
class PayDayRefused(FundError):
    """Payments are executed on a TARGET day that is not in the past; ``reason`` is ``day-past`` or ``banks-closed``."""

    day: date
    next_day: date
    reason: str


@dataclass(eq=False)
class BankFileInvalid(FundError):
    """A file that was written does not satisfy its schema, so it was thrown away."""

    format: str
    findings: list[str]


@dataclass(eq=False)
class KeyUsedOtherwise(FundError):
    """The idempotency key came before with another request."""


@dataclass(eq=False)
class BooksNotEmpty(FundError):
    """The home's books are a fund's already, so no other fund is begun on top of them."""

    books: str


@dataclass(eq=False)
class RebuildUnfinished(FundError):
    """A rebuild of this home did not come to its end, so nothing may be done in it before it has."""

    home: str


@dataclass(eq=False)
class SecretKeyMissing(FundError):
    """The key that seals second factors is gone, and some are sealed with it."""


@dataclass(eq=False)
class SecretKeyDamaged(FundError):
    """The file of the key that seals second factors holds no whole key."""


@dataclass(eq=False)
class SecretKeyWrong(FundError):
    """The key that seals second factors is not the one with which this one was sealed."""


@dataclass(eq=False)
class IntegrityBroken(FundError):
    """Books and database do not agree, or the chain is broken: nothing is written any more, reading goes on."""

    findings: list[str]


@dataclass(eq=False)
class TreasuryMissing(FundError):
    """Nobody said from which account the city pays, so no bank's format can be written."""


@dataclass(eq=False)
class QueryRefused(FundError):
    """A query of the books is not run: ``reason`` is a code, ``line`` and ``column`` (from 1) say where it lies."""

    reason: str
    line: int
    column: int


@dataclass(eq=False)
class WorkTooLong(FundError):
    """A query or a check of the books took longer than anybody waits, and was ended."""

    seconds: int


@dataclass(eq=False)
class ResultTooLarge(FundError):
    """A query of the books gives more than anybody reads."""

    max_rows: int
    max_bytes: int


@dataclass(eq=False)
class FavaNotStarted(FundError):
    """Fava could not be started over the copy of the books within ``seconds``."""

    seconds: int
