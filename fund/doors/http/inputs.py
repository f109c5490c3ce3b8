"""What may be asked for: one model for each act, closed to unknown members, silent about values.

Programs send it as JSON, which is read strictly. Pages ask for the fields that have a ``FormField`` and send them by
their names, as texts; ``fund.doors.web.forms`` reads those.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fund.domain import lists
from fund.domain.access import ROLES
from fund.domain.agreement import model as shapes
from fund.domain.identifiers import HouseholdTaxCode, Iban, RfReference, TaxCode
from fund.domain.proposals import NamedProposal
from fund.domain.texts import N_, Message, Unfit
from fund.doors.http.fields import (
    MAX_ID,
    AcknowledgementReason,
    AdmissionReason,
    AlertId,
    AllocationCode,
    CancellationReason,
    CityAct,
    CorrectionReason,
    FileAsideReason,
    Fingerprint,
    FormField,
    HoldReason,
    HouseholdCode,
    IsoDay,
    LandlordCode,
    LineName,
    Money,
    MoneyOrNone,
    MonthCount,
    MonthText,
    PayeeResult,
    Reference,
    RejectionReason,
    ReleaseReason,
    ResendReason,
    SearchText,
    SetAsideReason,
    Sha256,
    TaxOutcome,
)
from ledger.codes import PayeeCheckTerm

MAX_MONTHS_AT_ONCE = 60
MAX_TOKEN_DAYS = 365
MAX_DAYS = 365
MAX_ALERTS = 1000
MAX_OWN_IBANS = 20
MAX_PROPOSALS = 100
MAX_LINES_AT_ONCE = 200


_DAY_OF_TREASURER = N_("The day of the treasurer.")
EUROS_A_MONTH = N_("In euros, such as 450,00")
_TAX_CODE_HELP = N_("Of 16 characters, or the provisional one of 11 digits.")
_IBAN_HELP = N_("With its country, such as IT60 X054 2811 1010 0000 0123 456; spaces do not matter.")
MONTH_HELP = N_("Year and month, such as 2022-05")
_STAYS = N_("Empty: it stays as it is.")


class Input(BaseModel):
    """The base of all of them: ``amount_cents`` is the member ``amount``."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
        alias_generator=lambda name: name.removesuffix("_cents"),
    )

    def facts(self) -> dict[str, Any]:
        """The values as use cases take them, by the names of the fields."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class TermsInput(Input):
    """Other terms under which the fund pays; null for what stays. A threshold holds from its day on."""

    pay_day: Annotated[int | None, Field(ge=1, le=31), FormField(N_("Pay day"), "number", N_("Of each month."))] = None
    cooling_off_days: Annotated[
        int | None, Field(ge=0, le=MAX_DAYS), FormField(N_("Cooling-off of a changed IBAN, in days"), "number")
    ] = None
    payee_check: Annotated[PayeeCheckTerm | None, FormField(N_("Check of the payee by the bank"), "choice")] = None
    tax_check_days: Annotated[
        int | None, Field(ge=0, le=MAX_DAYS), FormField(N_("Days for which a tax check is good"), "number")
    ] = None
    threshold_since: Annotated[
        IsoDay | None, FormField(N_("Another threshold of the tax check, from the day"), "date", _STAYS)
    ] = None
    threshold_cents: Annotated[Money | None, FormField(N_("That threshold"), "euros")] = None
    auditors: Annotated[
        shapes.Line | None, FormField(N_("Auditors’ addresses"), "text", N_("With commas between."))
    ] = None

    @model_validator(mode="after")
    def _threshold_whole(self) -> Self:
        if (self.threshold_since is None) != (self.threshold_cents is None):
            raise Unfit(Message("a threshold has a day and an amount"))
        return self

    def facts(self) -> dict[str, Any]:
        """The values as the use case takes them."""
        facts = super().facts()
        since, cents = facts.pop("threshold_since"), facts.pop("threshold_cents")
        return facts | {"threshold": None if since is None else (since, cents)}


class AmendmentInput(Input):
    """What an act of the city changes in the agreement; null for what stays."""

    act: Annotated[CityAct, FormField(N_("Act"), "code", N_("Number and year, such as 112/2023"))]
    act_date: Annotated[IsoDay, FormField(N_("Day of the act"), "date")]
    activities_end: Annotated[IsoDay | None, FormField(N_("End of the activities"), "date", _STAYS)] = None
    target_months: Annotated[MonthCount | None, FormField(N_("Target of months"), "number", _STAYS)] = None
    cap_months: Annotated[MonthCount | None, FormField(N_("Cap of months"), "number", _STAYS)] = None


class ForeignBalanceInput(Input):
    """What of the balance with which the statements begin is not the fund's; 0.00 if all of it is."""

    amount_cents: Annotated[MoneyOrNone, FormField(N_("Amount"), "euros")]


class BankRuleInput(Input):
    """Words by which lines of the bank are not the fund's business; both empty for all that names nothing of it."""

    counterparty: SearchText = ""
    text: SearchText = ""


class AllocationInput(Input):
    """The funder grants a tranche."""

    code: Annotated[AllocationCode, FormField(N_("Code"), "code", N_("Such as A01"))]
    granted_on: Annotated[IsoDay, FormField(N_("Granted on"), "date")]
    amount_cents: Annotated[Money, FormField(N_("Amount"), "euros")]


class CollectionInput(Input):
    """Money of a tranche arrives at the treasurer."""

    allocation: Annotated[AllocationCode, FormField(N_("Allocation"), "choice")]
    amount_cents: Annotated[Money, FormField(N_("Amount"), "euros")]
    bank_date: Annotated[IsoDay | None, FormField(N_("Booked on"), "date", _DAY_OF_TREASURER)] = None


class CorrectionInput(Input):
    """Why an entry is taken back."""

    reason: Annotated[CorrectionReason, FormField(N_("Reason"), "choice", "", lists.CORRECTION_REASONS)]


class LandlordInput(Input):
    """A landlord and its first account; ``contact`` is where a changed IBAN is called back."""

    code: Annotated[LandlordCode, FormField(N_("Code"), "code", N_("Such as L0001"))]
    name: Annotated[shapes.Line, FormField(N_("Name"), "text", N_("As the bank knows the holder of the account."))]
    tax_code: Annotated[TaxCode, FormField(N_("Tax code or VAT number"), "code")]
    email: Annotated[shapes.Email, FormField(N_("E-mail"), "email")]
    contact: Annotated[
        shapes.Contact,
        FormField(N_("Contact for the call-back"), "text", N_("E-mail or telephone, such as +39 0461 000000.")),
    ]
    language: Annotated[shapes.Language, FormField(N_("Language"), "choice")] = "it"
    iban: Annotated[Iban, FormField("IBAN", "code", _IBAN_HELP)]
    rf_reference: Annotated[
        RfReference | None, FormField(N_("RF reference"), "code", N_("ISO 11649, where the landlord wants one."))
    ] = None


class RfReferenceInput(Input):
    """The reference (ISO 11649) under which a landlord is paid from the next batch on; null for none."""

    rf_reference: Annotated[
        RfReference | None, FormField(N_("RF reference"), "code", N_("Empty: none from the next batch on."))
    ]


class AccountInput(Input):
    """Another account for a landlord."""

    iban: Annotated[Iban, FormField("IBAN", "code", _IBAN_HELP)]


class CorrespondenceInput(Input):
    """Where and in which language a landlord is written to from now on."""

    email: Annotated[shapes.Email, FormField(N_("E-mail"), "email")]
    language: Annotated[shapes.Language, FormField(N_("Language"), "choice")]


class ContactChangeInput(Input):
    """Another name, another contact for call-backs, or both; null for what stays."""

    name: Annotated[shapes.Line | None, FormField(N_("Name"))] = None
    contact: Annotated[shapes.Contact | None, FormField(N_("Contact for the call-back"))] = None


class TaxCodeInput(Input):
    """The right tax code of a household."""

    tax_code: Annotated[HouseholdTaxCode, FormField(N_("Tax code"), "code", _TAX_CODE_HELP)]


class HouseholdInput(Input):
    """A household to be admitted; without a cap of its own it has the fund's. One person is one household."""

    code: Annotated[HouseholdCode, FormField(N_("Code"), "code", N_("Such as N01"))]
    tax_code: Annotated[HouseholdTaxCode, FormField(N_("Tax code"), "code", _TAX_CODE_HELP)]
    cap_months: Annotated[
        MonthCount | None, FormField(N_("Cap of months"), "number", N_("Empty: the cap of the agreement."))
    ] = None
    reason: Annotated[
        AdmissionReason | None,
        FormField(N_("Why a person who is a household already"), "choice", "", tuple(lists.AdmissionReason)),
    ] = None


class PostponementInput(Input):
    """A month that is not paid and moves behind the household's last one."""

    month: Annotated[MonthText, FormField(N_("Month"), "choice")]


class ReleaseInput(Input):
    """Months that will not be paid."""

    months: Annotated[
        list[MonthText], Field(min_length=1, max_length=MAX_MONTHS_AT_ONCE), FormField(N_("Months"), "ticks")
    ]
    reason: Annotated[ReleaseReason, FormField(N_("Reason"), "choice", "", lists.RELEASE_REASONS)]


class ClosingInput(Input):
    """The end of a household's position."""

    reason: Annotated[ReleaseReason | None, FormField(N_("Reason"), "choice", "", lists.RELEASE_REASONS)] = None


class LeaseInput(Input):
    """A rental contract; its days are inclusive, its rent is a month's."""

    household: HouseholdCode
    landlord: Annotated[LandlordCode, FormField(N_("Landlord"), "choice")]
    registration: Annotated[
        shapes.Registration, FormField(N_("Registration"), "code", N_("Such as TNX-2021-3T-000101"))
    ]
    starts_on: Annotated[IsoDay, FormField(N_("First day"), "date")]
    ends_on: Annotated[IsoDay | None, FormField(N_("Last day"), "date")] = None
    rent_cents: Annotated[Money, FormField(N_("Rent a month"), "euros")]

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise Unfit(Message("ends before it begins"))
        return self


class LeaseEndInput(Input):
    """The last day of a contract."""

    ends_on: Annotated[IsoDay, FormField(N_("Last day"), "date", N_("The lease holds on it still."))]


class RentInput(Input):
    """A month's rent from a day on."""

    since: Annotated[IsoDay, FormField(N_("From the day"), "date")]
    rent_cents: Annotated[Money, FormField(N_("Rent a month"), "euros")]


class GrantInput(Input):
    """A contribution for a number of months, which are committed at it."""

    household: HouseholdCode
    first_month: Annotated[MonthText, FormField(N_("First month granted"), "month", MONTH_HELP)]
    months: Annotated[MonthCount, FormField(N_("How many months"), "number")]
    amount_cents: Annotated[Money, FormField(N_("Monthly amount"), "euros", EUROS_A_MONTH)]


class AmountInput(Input):
    """Another contribution from a month on."""

    since: Annotated[MonthText, FormField(N_("From the month"), "month", MONTH_HELP)]
    amount_cents: Annotated[Money, FormField(N_("Monthly amount"), "euros", EUROS_A_MONTH)]


class RunsInput(Input):
    """By which day the months to be prepared are due; today if it is not said."""

    as_of: IsoDay | None = None


class ApprovalInput(Input):
    """The digest of the list that was shown."""

    digest: Sha256


class ExportInput(Input):
    """The format to write."""

    format: Literal[tuple(form.value for form in lists.EXPORT_FORMATS)]  # type: ignore[valid-type]  # the list's own names


class HoldInput(Input):
    """Why a month is set aside."""

    reason: Annotated[HoldReason, FormField(N_("Reason"), "choice", "", lists.HOLD_REASONS)]


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

    run: Annotated[MonthText, FormField(N_("Run to resume in"), "choice")]


class RepaymentInput(Input):
    """Unspent money that goes back to the funder."""

    amount_cents: Annotated[Money, FormField(N_("Amount"), "euros")]


class RepaymentPaidInput(Input):
    """The day on which the treasurer's bank booked a repayment."""

    bank_date: Annotated[IsoDay, FormField(N_("Booked on"), "date", _DAY_OF_TREASURER)]


_KEYS = r"^[A-Z0-9-]+([ ,]+[A-Z0-9-]+)*$"


class MatchInput(Input):
    """What a line of the bank is: the code of a payment, of several one after the other, of a batch, an allocation, a
    landlord (for money back), a month (N01-2022-05), an entry or a repayment; CITY for charges of the bank.
    """

    to: Literal[lists.MATCHES]  # type: ignore[valid-type]  # the list's own codes
    key: Annotated[str, Field(min_length=1, max_length=2000, pattern=_KEYS, examples=["PAY-2022-05-0001"])]


class SetAsideInput(Input):
    """Why a line is not the fund's business."""

    reason: SetAsideReason


class LinesAsideInput(SetAsideInput):
    """Lines that are set aside for one reason, all of them or none, each by its file and its place there."""

    lines: list[LineName] = Field(min_length=1, max_length=MAX_LINES_AT_ONCE)

    def places(self) -> list[tuple[str, int]]:
        """File and ordinal of each."""
        parts = (line.partition("/") for line in self.lines)
        return [(file, int(ordinal)) for file, _, ordinal in parts]


class FileAsideInput(Input):
    """Why nothing of a file has to be booked."""

    reason: Annotated[
        FileAsideReason, FormField(N_("Why nothing of it has to be booked"), "choice", "", tuple(lists.FileAsideReason))
    ]


class DecisionInput(Input):
    """Whether a statement that clashes with another, or is of another account, counts."""

    accept: bool


class OverpaymentInput(Input):
    """How much of a settled month was not due, and why."""

    contribution: Annotated[int, Field(ge=1, le=MAX_ID)]
    amount_cents: Annotated[Money, FormField(N_("Amount that was not due"), "euros")]
    reason: Annotated[HoldReason, FormField(N_("Reason"), "choice", "", lists.HOLD_REASONS)]


class SetOffInput(Input):
    """How much of a month is set off for what its landlord was overpaid."""

    contribution: Annotated[int, Field(ge=1, le=MAX_ID), FormField(N_("Month that is owed"), "choice")]
    amount_cents: Annotated[Money, FormField(N_("Amount to set off"), "euros")]


class NamedProposalInput(Input):
    """A proposal as it was shown."""

    number: Annotated[int, Field(ge=1, le=MAX_ID)]
    digest: Fingerprint

    def named(self) -> NamedProposal:
        """As use cases take it."""
        return NamedProposal(self.number, self.digest)


class ProposalsInput(Input):
    """The proposals that are confirmed, and the day of the call-back where one of them needs it."""

    proposals: Annotated[list[NamedProposalInput], Field(min_length=1, max_length=MAX_PROPOSALS)]
    called_back_on: IsoDay | None = None


class RejectionInput(Input):
    """Why a proposal is not confirmed."""

    reason: Annotated[RejectionReason, FormField(N_("Reason"), "choice", "", tuple(lists.RejectionReason))]


class RecoveryInput(Input):
    """Money that a landlord gave back, and the day on which the treasurer booked it."""

    landlord: Annotated[LandlordCode, FormField(N_("Landlord"), "choice")]
    amount_cents: Annotated[Money, FormField(N_("Amount"), "euros")]
    bank_date: Annotated[IsoDay, FormField(N_("Booked on"), "date", _DAY_OF_TREASURER)]


class StatementInput(Input):
    """A landlord's months, first and last included; the language is the landlord's if it is not said."""

    landlord: LandlordCode
    first: Annotated[MonthText, FormField(N_("From month"), "month", N_("Such as 2022-05"))] = Field(alias="from")
    last: Annotated[MonthText, FormField(N_("To month"), "month", N_("Included"))] = Field(alias="to")
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
    """A user to be added: how the person signs in and is written to, and the tax code, kept as a fingerprint alone."""

    login: Login
    email: shapes.Email
    tax_code: HouseholdTaxCode
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

    day: Annotated[IsoDay, FormField(N_("Today is"), "date", N_("From a calendar, not from this machine."))]


class TokenInput(Input):
    """Who wants a token: always login and password, so that a stolen token makes no other.

    Who has a second factor gives a code of it with the password.
    """

    login: Login
    password: Password
    code: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    days: Annotated[int, Field(ge=1, le=MAX_TOKEN_DAYS)] = 90
