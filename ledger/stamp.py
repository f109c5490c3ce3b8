"""When an entry is booked, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from ledger.entries import Draft, Facts, Posting


@dataclass(frozen=True, slots=True)
class Stamp:
    """Booking day and UTC instant of an entry, who prepared it and, for payouts, who approved it."""

    day: date
    at: datetime
    prepared_by: str
    approved_by: str | None = None

    def draft(self, kind: str, facts: Facts, *postings: Posting) -> Draft:
        """The entry of a kind with this stamp."""
        return Draft(
            date=self.day,
            kind=kind,
            recorded_at=self.at,
            prepared_by=self.prepared_by,
            approved_by=self.approved_by,
            facts=facts,
            postings=postings,
        )
