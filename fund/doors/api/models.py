"""What may be asked for: one model for each body, strict, closed to unknown members, silent about values."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fund.domain.access import ROLES
from fund.domain.agreement import model as shapes
from fund.domain.identifiers import HouseholdTaxCode, Iban, RfReference, TaxCode
from fund.domain.lists import EXPORT_FORMATS, MATCHES
from fund.domain.texts import Message, Unfit
from fund.doors.http.fields import (
    MAX_ID,
    AcknowledgementReason,
    AlertId,
    AllocationCode,
    CancellationReason,
    CorrectionReason,
    FileAsideReason,
    HoldReason,
    HouseholdCode,
    IsoDay,
    LandlordCode,
    Money,
    MonthCount,
    MonthText,
    PayeeResult,
    Reference,
    ReleaseReason,
    ResendReason,
    SetAsideReason,
    Sha256,
    TaxOutcome,
)

MAX_MONTHS_AT_ONCE = 60
MAX_TOKEN_DAYS = 365
MAX_ALERTS = 1000
MAX_OWN_IBANS = 20


class Input(BaseModel):
    """The base of all bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    def facts(self) -> dict[str, Any]:
        """The values as use cases take them, by the names of the fields."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class AllocationInput(Input):
    """The funder grants a tranche."""

    code: AllocationCode
    granted_on: IsoDay
    amount_cents: Money = Field(alias="amount")


class CollectionInput(Input):
    """Money of a tranche arrives at the treasurer."""

    allocation: AllocationCode
    amount_cents: Money = Field(alias="amount")
    bank_date: IsoDay | None = None


class CorrectionInput(Input):
    """Why an entry is taken back."""

    reason: CorrectionReason


class LandlordInput(Input):
    """A landlord and its first account; ``contact`` is where a changed IBAN is called back."""

    code: LandlordCode
    name: shapes.Line
    tax_code: TaxCode
    iban: Iban
    email: shapes.Email
    contact: shapes.Contact
    language: shapes.Language = "it"
    rf_reference: RfReference | None = None


class RfReferenceInput(Input):
    """The reference (ISO 11649) under which a landlord is paid from the next batch on; null for none."""

    rf_reference: RfReference | None


class AccountInput(Input):
    """Another account for a landlord."""

    iban: Iban


class ConfirmationInput(Input):
    """The day on which the landlord was called back, by the contact on file; a changed account needs it."""

    called_back_on: IsoDay | None = None


class CorrespondenceInput(Input):
    """Where and in which language a landlord is written to from now on."""

    email: shapes.Email
    language: shapes.Language


class ContactChangeInput(Input):
    """Another name, another contact for call-backs, or both; null for what stays."""

    name: shapes.Line | None = None
    contact: shapes.Contact | None = None


class HouseholdInput(Input):
    """A household is admitted; without a cap of its own it has the fund's. One person is one household."""

    code: HouseholdCode
    tax_code: HouseholdTaxCode
    cap_months: MonthCount | None = None


class SuspensionInput(Input):
    """A month that is not paid and moves behind the household's last one."""

    month: MonthText


class ReleaseInput(Input):
    """Months that will not be paid."""

    months: Annotated[list[MonthText], Field(min_length=1, max_length=MAX_MONTHS_AT_ONCE)]
    reason: ReleaseReason


class ClosingInput(Input):
    """The end of a household's position."""

    reason: ReleaseReason | None = None


class LeaseInput(Input):
    """A rental contract; its days are inclusive, its rent is a month's."""

    household: HouseholdCode
    landlord: LandlordCode
    registration: shapes.Registration
    starts_on: IsoDay
    ends_on: IsoDay | None = None
    rent_cents: Money = Field(alias="rent")

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise Unfit(Message("ends before it begins"))
        return self


class LeaseEndInput(Input):
    """The last day of a contract."""

    ends_on: IsoDay


class RentInput(Input):
    """A month's rent from a day on."""

    since: IsoDay
    rent_cents: Money = Field(alias="rent")


class GrantInput(Input):
    """A contribution for a number of months, which are committed at once."""

    household: HouseholdCode
    first_month: MonthText
    months: MonthCount
    amount_cents: Money = Field(alias="amount")


class AmountInput(Input):
    """Another contribution from a month on."""

    since: MonthText
    amount_cents: Money = Field(alias="amount")


class RunsInput(Input):
    """By which day the months to be prepared are due; today if it is not said."""

    as_of: IsoDay | None = None


class ApprovalInput(Input):
    """The digest of the list that was shown."""

    digest: Sha256


class ExportInput(Input):
    """The format to write."""

    format: Literal[tuple(form.value for form in EXPORT_FORMATS)]  # type: ignore[valid-type]  # the list's own names


class HoldInput(Input):
    """Why a month is set aside."""

    reason: HoldReason


class CancellationInput(Input):
    """Why a batch is withdrawn."""

    reason: CancellationReason


class PayeeCheckInput(Input):
    """What the bank said of an account's holder (Verification of Payee), when, and under which number."""

    result: PayeeResult
    checked_on: IsoDay
    reference: Reference


class TaxCheckInput(Input):
    """A tax-debt check (art. 48-bis DPR 602/1973): its outcome, its day and its number."""

    outcome: TaxOutcome
    checked_on: IsoDay
    reference: Reference


class AcknowledgementInput(Input):
    """Which alerts are no mistake, and why."""

    alerts: Annotated[list[AlertId], Field(min_length=1, max_length=MAX_ALERTS)]
    reason: AcknowledgementReason


class UserIbansInput(Input):
    """The IBANs of a user's own; none clears them."""

    ibans: Annotated[list[Iban], Field(max_length=MAX_OWN_IBANS)]


class ResumptionInput(Input):
    """The run that a held month goes back to."""

    run: MonthText


class RepaymentInput(Input):
    """Unspent money that goes back to the funder."""

    amount_cents: Money = Field(alias="amount")


class RepaymentPaidInput(Input):
    """The day on which the treasurer's bank booked a repayment."""

    bank_date: IsoDay


class MatchInput(Input):
    """What a line of the bank is: the code of a payment, batch, allocation, landlord (for money back) or entry."""

    to: Literal[MATCHES]  # type: ignore[valid-type]  # the list's own codes
    key: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Z0-9-]+$", examples=["PAY-2022-05-0001"])]


class SetAsideInput(Input):
    """Why a line is not the fund's business."""

    reason: SetAsideReason


class FileAsideInput(Input):
    """Why nothing of a file has to be booked."""

    reason: FileAsideReason


class DecisionInput(Input):
    """Whether a statement that clashes with another, or is of another account, counts."""

    accept: bool


class OverpaymentInput(Input):
    """How much of a settled month was not due, and why."""

    contribution: Annotated[int, Field(ge=1, le=MAX_ID)]
    amount_cents: Money = Field(alias="amount")
    reason: HoldReason


class SetOffInput(Input):
    """How much of a month is set off for what its landlord was overpaid."""

    contribution: Annotated[int, Field(ge=1, le=MAX_ID)]
    amount_cents: Money = Field(alias="amount")


class RecoveryInput(Input):
    """Money that a landlord gave back, and the day on which the treasurer booked it."""

    landlord: LandlordCode
    amount_cents: Money = Field(alias="amount")
    bank_date: IsoDay


class StatementInput(Input):
    """A landlord's months, first and last included; the language is the landlord's if it is not said."""

    landlord: LandlordCode
    first: MonthText = Field(alias="from")
    last: MonthText = Field(alias="to")
    language: shapes.Language | None = None


class MailingInput(Input):
    """The period of the statements that are sent, first and last month included."""

    first: MonthText = Field(alias="from")
    last: MonthText = Field(alias="to")


class SendingInput(Input):
    """A statement is sent; a further copy has its reason."""

    reason: ResendReason | None = None


Login = Annotated[str, Field(min_length=1, max_length=100)]
Password = Annotated[str, Field(min_length=1, max_length=1000)]


class UserInput(Input):
    """Somebody who is to use the service."""

    login: Login
    role: Literal[ROLES]  # type: ignore[valid-type]  # the roles' own names


class RoleInput(Input):
    """Another role for a user."""

    role: Literal[ROLES]  # type: ignore[valid-type]  # the roles' own names


class IdentityInput(Input):
    """The subject (``sub``) by which the identity provider knows a user; null ends it."""

    identity: Annotated[str, Field(min_length=1, max_length=255, pattern="^[!-~]+$")] | None


class InvitationInput(Input):
    """Login and secret of an invitation, and the password that its user chooses."""

    login: Login
    secret: Annotated[str, Field(min_length=1, max_length=100)]
    new_password: Password


class PasswordInput(Input):
    """One's own present password, and another."""

    password: Password
    new_password: Password


class DayConfirmationInput(Input):
    """Which day it is, from a calendar."""

    day: IsoDay


class TokenInput(Input):
    """Who wants a token: login and password, or neither where the request bears a token already.

    Who has a second factor gives a code of it with the password.
    """

    login: Login | None = None
    password: Password | None = None
    code: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    days: Annotated[int, Field(ge=1, le=MAX_TOKEN_DAYS)] = 90

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.login is None) != (self.password is None):
            raise Unfit(Message("login and password go together"))
        return self
