"""What every door shows of the bank's files: immutable values, as in ``fund.domain.views``.

Name, whole IBAN and text of the other side are personal data: only ``BankLineDetails`` carries them, and
``OpenItem`` name and text.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fund.domain.lists import Clue, DifferenceKind, Direction, LineOutcome, Matching, Resolution
from fund.domain.members import Internal, MaskedIban, Member, Whole


def line_name(file: str, ordinal: int) -> str:
    """How people name a line: the beginning of its file's sha256, and its place there."""
    return f"{file[:12]}/{ordinal}"


@dataclass(frozen=True, slots=True)
class BankLineView:
    """One line of a bank file, and what was made of it; ``payment`` and ``reason`` are as the bank wrote them.

    ``moved`` is what it moved on the account, a debit negative. ``action`` is what the reason asks for, and
    ``owed_by_bank`` what the bank paid by mistake with it and still owes.
    """

    file: str
    ordinal: int
    statement: int | None
    payment: str
    outcome: LineOutcome
    amount_cents: int | None
    moved_cents: int | None
    bank_date: date
    value_date: date | None
    iban: MaskedIban | None
    bank_reference: str | None
    mandate: str | None
    receipt_number: str | None
    reason: str | None
    action: str | None
    matching: Matching
    resolved_as: Resolution | None
    resolved_to: str | None
    resolved_by: str | None
    resolved_at: datetime | None
    charges_cents: int | None
    owed_by_bank_cents: int | None

    @property
    def key(self) -> str:
        """How people name a line: the beginning of its file's sha256, and its place there."""
        return line_name(self.file, self.ordinal)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What was noticed in a file and tolerated."""

    code: str
    place: str


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """A statement of an account; ``disputed`` and ``foreign`` are alarms, and nothing of them is booked. On its file's
    page one that counts ``is_rejectable`` where nothing of it is booked and that hides no line.
    """

    file: str
    ordinal: int
    account: Annotated[str, Whole("the fund's own; the use case masks another's")]
    series: str
    id: str
    number: int | None
    opening_cents: int | None
    closing_cents: int | None
    first_day: date | None
    last_day: date | None
    state: str
    warnings: tuple[str, ...]
    decided_by: str | None
    is_rejectable: Annotated[bool, Internal()] = False


@dataclass(frozen=True, slots=True)
class BankFileView:
    """``booked_at`` is ``null`` while nothing of it is booked; ``set_aside`` is a person's word to leave it at that."""

    sha256: str
    name: Annotated[str, Whole("a file's, as the use case lets the reader see it")]
    already_received: bool
    format: str | None
    received_at: datetime
    received_by: str
    booked_at: datetime | None
    set_aside_as: str | None
    set_aside_by: str | None
    set_aside_at: datetime | None
    notices: tuple[NoticeView, ...]
    statements: tuple[AccountStatement, ...]
    lines: tuple[BankLineView, ...]


@dataclass(frozen=True, slots=True)
class BankFileSummary:
    """A file without its lines: how many they are, how many are open, and how many of its statements are alarms."""

    sha256: str
    name: Annotated[str, Whole("a file's, as the use case lets the reader see it")]
    format: str | None
    received_at: datetime
    received_by: str
    booked_at: datetime | None
    set_aside_as: str | None
    lines: int
    open_lines: int
    alarms: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a line may be about, and why, the strongest reason first."""

    kind: str
    key: str
    amount_cents: int
    why: tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A line that waits for a person; the finance office sees by whom and about what it is. ``proposal`` is what one
    person says of it, and another has not confirmed yet.
    """

    line: BankLineView
    suggestions: tuple[Suggestion, ...]
    proposal: int | None
    counterparty_name: Annotated[str | None, Whole("the finance office resolves the line by it")]
    remittance: Annotated[str | None, Whole("the finance office resolves the line by it")]


@dataclass(frozen=True, slots=True)
class OpenItemFilter:
    """Which open items to list; what is ``None`` or empty does not filter. Days are booking days, both included.

    Each word of ``search`` has to stand in a line; ``file`` is the sha256 of its file, or how that begins; ``proposal``
    is about it.
    """

    search: str = ""
    matching: Matching | None = None
    direction: Direction | None = None
    since: date | None = None
    until: date | None = None
    file: str | None = None
    proposal: int | None = None


ALL_OPEN_ITEMS = OpenItemFilter()


@dataclass(frozen=True, slots=True)
class BankRuleView:
    """A rule by which lines are set aside that are not the fund's business, and how many it has set aside.

    Each word of ``counterparty`` has to stand in the name of the other side, each of ``text`` in the text of the line;
    where both are empty, every line fits. ``number`` is that of its entry.
    """

    number: int
    counterparty: Annotated[str, Whole("two people agree to it, and the finance office lives by it")]
    text: Annotated[str, Whole("two people agree to it, and the finance office lives by it")]
    agreed_at: datetime
    ended_at: datetime | None
    lines: int


@dataclass(frozen=True, slots=True)
class BankLineDetails:
    """One line with all that the bank said of it: also the name, the IBAN and the text of the other side.

    ``batch`` is whatever the bank names a batch by, ``bank_code`` its code for the kind of booking, ``bank_word`` the
    treasurer's outcome, ``reason_text`` the reason in the bank's words.
    """

    line: BankLineView
    is_open: Annotated[bool, Internal()]
    suggestions: tuple[Suggestion, ...]
    proposal: int | None
    counterparty_name: Annotated[str | None, Whole("the finance office resolves the line by it")]
    counterparty_iban: Annotated[str | None, Whole("the finance office resolves the line by it")]
    remittance: Annotated[str | None, Whole("the finance office resolves the line by it")]
    batch: str | None
    bank_code: str | None
    bank_word: str | None
    reason_text: str | None


@dataclass(frozen=True, slots=True)
class LineResolution:
    """A line after a person said what it is, or the proposal that another person confirms."""

    line: BankLineView
    proposal: int | None


@dataclass(frozen=True, slots=True)
class LinesAside:
    """How many lines were set aside at once, and the proposal of the others, which another person confirms."""

    count: int
    proposal: int | None


@dataclass(frozen=True, slots=True)
class OutstandingOrder:
    """A payment that was ordered and that the bank has said nothing final about, and for how many days."""

    payment: str
    batch: str
    landlord: str
    amount_cents: int
    state: str
    ordered_on: date | None
    age_days: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of the difference between bank and books; ``left`` where something has to be done about it."""

    kind: DifferenceKind
    key: str
    day: date | None
    amount_cents: int
    is_left: Annotated[bool, Member("left")]


@dataclass(frozen=True, slots=True)
class ReconciliationView:
    """``settled`` when nothing is left to do. The differences add up to ``difference``, which is bank less books."""

    day: date | None
    bank_balance_cents: int | None
    book_balance_cents: int
    balances: tuple[AccountStatement, ...]
    differences: tuple[Difference, ...]
    outstanding_orders: tuple[OutstandingOrder, ...]
    open_lines: tuple[BankLineView, ...]
    alarms: tuple[AccountStatement, ...]
    gaps: tuple[AccountStatement, ...]

    @property
    def difference_cents(self) -> Annotated[int, Member(before="balances")]:
        return (self.bank_balance_cents or 0) - self.book_balance_cents

    @property
    def is_settled(self) -> Annotated[bool, Member("settled", before="day")]:
        """Whether nothing is left to do."""
        left = any(difference.is_left for difference in self.differences)
        return not (left or self.outstanding_orders or self.open_lines or self.alarms or self.gaps)
