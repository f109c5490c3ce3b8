"""The rules of the fund, judged over records alone, in one pass: the chain, then each rule; every finding at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Protocol

from ledger import codes, ordinary
from ledger.chain import GENESIS
from ledger.findings import Finding
from ledger.months import month_of
from ledger.ordinary import Passed
from ledger.position import Position
from ledger.reader import Placed


class Follower(Protocol):
    """Who is told of each record that breaks no rule, in their order; of ordinary ones several at a time."""

    def follow(self, placed: Placed) -> None:
        """The next record."""

    def follow_ordinary(self, passed: Sequence[Passed]) -> None:
        """The next records, which were judged at a glance."""


@dataclass(slots=True)
class Audit:
    """One pass over the books. Nothing of a record is kept that no rule needs.

    ``head_seq`` becomes the entry after which the chain had the head ``looked_for``. The ``follower`` is told of the
    records before the first that breaks a rule.
    """

    looked_for: str | None = None
    position: Position = field(default_factory=Position)
    head: str = GENESIS
    count: int = 0
    head_seq: int | None = None
    follower: Follower | None = None

    def judge(self, placed: Placed) -> list[Finding]:
        """The findings of the next record."""
        record, before = placed.record, self.position.seq
        found: list[Finding] = []
        if record.seq != before + 1:
            found.append(Finding("chain", f"follows entry {before}", record.seq))
        if record.prev != self.head:
            found.append(Finding("chain", "its previous hash is not that of the record before it", record.seq))
        if not placed.hash_holds:
            found.append(Finding("chain", "its hash is not that of its bytes", record.seq))
        found += self.position.judge(record)
        self.head = record.hash
        if record.hash == self.looked_for:
            self.head_seq = record.seq
        self.count += 1
        if found:
            self.follower = None
        elif self.follower is not None:
            self.follower.follow(placed)
        return [replace(finding, place=placed.place) for finding in found] if found else found

    def pass_ordinary(self, month: str, text: str, data: bytes, start: int) -> int:
        """Judge the ordinary records of a month's file, from a place in its text on; ``data`` is the text's bytes.

        Returns the place of the first record that is not ordinary, or begins a month, or does not continue the chain,
        or the end.
        """
        # This loop is nearly all of the time that large books take: what it reads again and again is in local names.
        state, forms, head = self.position, ordinary.forms(), self.head
        word, word_end = ordinary.WORD.start, ordinary.WORD.stop
        if text[start + word : start + word_end] not in forms or not state.day.startswith(month):
            return start
        households, landlords, looked_for = state.households, state.landlords, self.looked_for
        people = ordinary.people_of(state)
        seq, day_before, recorded_before = state.seq, state.day, state.recorded_at
        before_hash, hash_line = ordinary.BEFORE_HASH, ordinary.HASH_LINE
        follower = self.follower
        told: list[Passed] = []
        while (form := forms.get(text[start + word : start + word_end])) is not None:
            found = form.pattern.match(text, start)
            if found is None:
                break
            (
                day, code, of, payment, number, recorded_at, preparer, by,
                lease, landlord, version, batch, bank_date, cited, prev, own_hash, amount,
            ) = found.groups()  # fmt: skip
            household = households.get(code)
            if (
                prev != head
                or int(number) != seq + 1
                or (day != day_before and not (day[:7] == month and _follows(codes.DAY, day, day_before)))
                or (recorded_at != recorded_before and not _follows(codes.INSTANT, recorded_at, recorded_before))
                or household is None
                or not household.is_open
                or landlord not in landlords
                or preparer not in (by_kind := people[form.kind]).preparing
                or by not in by_kind.approving
            ):
                break
            line, end = found.start("hash") - before_hash, found.end()
            covered = head.encode() + data[start:line] + data[line + hash_line : end - 1]
            if sha256(covered).hexdigest() != own_hash:
                break
            cents = int(amount.replace(".", ""))
            move = (
                seq + 1, day, code, lease, landlord, month_of(of), cents, payment, version, batch, bank_date, cited,
                preparer, by,
            )  # fmt: skip
            if not form.apply(state, household, move):
                break
            if follower is not None:
                told.append((form.kind, recorded_at, of, own_hash, data[start : end - 1], move))
            seq, day_before, recorded_before, head, start = seq + 1, day, recorded_at, own_hash, end
            if own_hash == looked_for:
                self.head_seq = seq
        if follower is not None:
            follower.follow_ordinary(told)
        self.count += seq - state.seq
        state.seq, state.day, state.recorded_at, self.head = seq, day_before, recorded_before, head
        return start


def _follows(pattern: str, text: str, before: str) -> bool:
    return text > before and codes.matches(pattern, text)


def audit_records(records: Iterable[Placed]) -> tuple[Position, list[Finding]]:
    """Judge records in order. Returns the position that they add up to, and all findings."""
    audit = Audit()
    findings = [finding for placed in records for finding in audit.judge(placed)]
    return audit.position, findings
