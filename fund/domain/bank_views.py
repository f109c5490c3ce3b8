"""What every door shows of the bank's files: immutable values, as in ``fund.domain.views``.

Name, whole IBAN and text of the other side are personal data: only ``BankLineDetails`` carries them.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class BankLineView:
    """One line of a bank file and what was made of it.

    ``moved_cents`` is what it moved on the account, a debit negative; ``reason`` the bank's code word for word, and
    ``action`` what it asks of the finance office. ``resolved`` fields are a person's; ``charges_cents`` is what the
    bank kept of a return, which the city bears.
    """

    file: str
    ordinal: int
    statement: int | None
    payment: str
    outcome: str
    amount_cents: int | None
    moved_cents: int | None
    bank_date: date
    value_date: date | None
    iban: str | None
    bank_reference: str | None
    mandate: str | None
    receipt_number: str | None
    reason: str | None
    action: str | None
    verdict: str
    resolved_as: str | None
    resolved_to: str | None
    resolved_by: str | None
    resolved_at: datetime | None
    charges_cents: int | None

    @property
    def key(self) -> str:
        """How people name a line: the beginning of its file's sha256, and its place there."""
        return f"{self.file[:12]}/{self.ordinal}"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What a reader noticed in a file and tolerated."""

    code: str
    place: str


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """A statement of an account. ``warnings`` name what is missing between it and the one before.

    ``state`` is ``accepted``, ``repeated``, ``replaced`` or ``rejected``; ``disputed`` and ``foreign`` are alarms that
    wait for a person, and nothing of them is booked.
    """

    file: str
    ordinal: int
    account: str
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


@dataclass(frozen=True, slots=True)
class BankFileView:
    """A file, and what was made of it. ``set_aside`` fields are a person's, and stay if it is booked after all."""

    sha256: str
    name: str
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
    """A file in a list: how many lines it has, how many of them are open, and how many of its statements are alarms.

    ``booked_at`` is ``None`` for a file that could not be read, ``set_aside_as`` a person's reason to leave it at that.
    """

    sha256: str
    name: str
    format: str | None
    received_at: datetime
    received_by: str
    booked_at: datetime | None
    set_aside_as: str | None
    lines: int
    open_lines: int
    alarms: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an open line may be about: a ``payment``, ``batch``, ``allocation``, ``recovery`` or ``entry`` of
    the journal, or another ``line`` that tells the same movement. ``why`` are codes, the strongest first.
    """

    kind: str
    key: str
    amount_cents: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A line that waits for a person, and what it is likely to be about; nothing is guessed."""

    line: BankLineView
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class BankLineDetails:
    """One line with all that the bank said of it, for whoever resolves it: also the personal data of the other side.

    ``is_open`` when a person can resolve it. ``batch`` is whatever the bank names a batch by, ``bank_code`` its code
    for the kind of booking, ``bank_word`` the treasurer's own word, ``reason_text`` the reason in the bank's words.
    """

    line: BankLineView
    is_open: bool
    candidates: tuple[Candidate, ...]
    counterparty_name: str | None
    counterparty_iban: str | None
    remittance: str | None
    batch: str | None
    bank_code: str | None
    bank_word: str | None
    reason_text: str | None


@dataclass(frozen=True, slots=True)
class InTransit:
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
    """A part of the difference between bank and books. ``is_left`` says that somebody has to do something about it.

    ``kind`` is ``before-first-statement``, ``set-aside``, ``charges``, ``open-line``, ``booked-twice``, ``books-only``,
    ``gap`` or ``unexplained``; ``key`` is a line, an entry or a reason.
    """

    kind: str
    key: str
    day: date | None
    amount_cents: int
    is_left: bool


@dataclass(frozen=True, slots=True)
class ReconciliationView:
    """The bank's last balances against the treasury in the books on that day, and whatever is not settled.

    ``bank_cents`` is ``None`` while there is no statement. ``differences`` add up to
    ``difference_cents``.
    """

    day: date | None
    bank_cents: int | None
    books_cents: int
    balances: tuple[AccountStatement, ...]
    differences: tuple[Difference, ...]
    in_transit: tuple[InTransit, ...]
    open_lines: tuple[BankLineView, ...]
    alarms: tuple[AccountStatement, ...]
    gaps: tuple[AccountStatement, ...]

    @property
    def difference_cents(self) -> int:
        return (self.bank_cents or 0) - self.books_cents

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do."""
        left = any(difference.is_left for difference in self.differences)
        return not (left or self.in_transit or self.open_lines or self.alarms or self.gaps)
