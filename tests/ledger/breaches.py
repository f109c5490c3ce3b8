"""Books that break one rule each, made by a forger who recomputes the chain, the frame and the manifest.

``DRAFTS`` has the breaches that a forger writes as entries, ``FILES`` those that somebody makes by hand in good books.
Each is (rule, name, how).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from ledger import accounts as a
from ledger import events
from ledger.chain import extend
from ledger.codes import SYSTEM
from ledger.entries import Draft, Facts, Posting
from ledger.events import BankFact
from ledger.months import Month
from tests.ledger.kit import alone, on, reframe
from tests.ledger.story import (
    APRIL,
    BOOKED,
    JULY,
    JUNE,
    MAY,
    approve,
    beginning,
    closing_of,
    order,
    overpaid,
    paid,
    payment,
)

MARCH = Month(2022, 3)
LOTS = {APRIL: 45000, MAY: 45000, JUNE: 45000}


def begun(*more: Draft) -> list[Draft]:
    return [*beginning(), *more]


def moved(draft: Draft, *postings: tuple[str, int] | tuple[str, int, Month]) -> Draft:
    """A draft with other postings."""
    return replace(draft, postings=tuple(Posting(*posting) for posting in postings))


def stated(draft: Draft, **facts: object) -> Draft:
    """A draft with other facts."""
    return replace(draft, facts=replace(draft.facts, **facts))  # type: ignore[arg-type]


def commit(
    day: str = "2022-04-10", household: str = "N02", cents: int = 45000, months: tuple[Month, ...] = (APRIL,)
) -> Draft:
    return events.commitment(on(day), household=household, months=dict.fromkeys(months, cents))


def corrected(drafts: list[Draft], seq: int, day: str = "2022-04-20") -> list[Draft]:
    """The drafts, and the correction of one of them."""
    return [*drafts, events.correction(on(day), list(extend(drafts))[seq - 1], reason="data-entry")]


def left() -> list[Draft]:
    """N01 gave its months back and left."""
    given = events.release(on("2022-04-10"), household="N01", months=LOTS, reason="departure")
    return begun(given, events.exit_(alone("2022-04-11"), household="N01"))


def rescheduled(taken: dict[Month, int], put: dict[Month, int], day: str = "2022-04-10") -> Draft:
    return events.rescheduling(on(day), household="N01", taken=taken, put=put, reason="rent-increase")


def recovered(cents: int, *, offset: bool = False, day: str = "2022-04-21") -> Draft:
    return events.recovery(on(day), landlord="L0001", amount_cents=cents, offset=offset)


def settled(day: str, number: int = 1, cents: int = 45000) -> Draft:
    return events.settlement(alone(day), payment(number, cents=cents), BOOKED)


def returned(day: str, number: int = 1) -> Draft:
    return events.returned(alone(day), payment(number), BOOKED)


def cancelled(day: str, number: int = 1) -> Draft:
    return events.cancellation(on(day), payment(number), batch="BAT-2022-0001")


def closed(*, tweak: Callable[[Draft], Draft] = lambda draft: draft) -> list[Draft]:
    return begun(tweak(closing_of(beginning(), MARCH, "2022-04-01")))


def skipped_month() -> list[Draft]:
    drafts = closed()
    return [*drafts, closing_of(drafts, MAY, "2022-06-01")]


def refund(cents: int) -> Draft:
    return events.refund(on("2022-04-20"), amount_cents=cents)


REGISTRATION = events.registration(alone("2022-04-10"), landlord="L0003")
OWES_MORE = moved(
    approve("2022-04-10", cents=30000),
    (a.rent("N01"), 30000),
    (a.landlord("L0001"), -45000),
    (a.committed("N01"), 45000, APRIL),
    (a.USED, -30000),
)
FREES_MORE = moved(
    overpaid(), (a.recovery("L0001"), 8000), (a.rent("N01"), -5000), (a.USED, 5000), (a.AVAILABLE, -8000)
)
USED_ALONE = moved(
    overpaid(), (a.recovery("L0001"), 5000), (a.USED, 4000), (a.rent("N01"), -5000), (a.AVAILABLE, -4000)
)
TWICE_IN_ONE = moved(
    order("2022-04-11", payment(1)),
    (a.landlord("L0001"), 20000),
    (a.IN_TRANSIT, -20000),
    (a.landlord("L0001"), 25000),
    (a.IN_TRANSIT, -25000),
)
BY_NOBODY = replace(order("2022-04-11", payment(1)), approved_by=None)
HALF = "450.00*15/30"


def _approved(*more: Draft) -> list[Draft]:
    return begun(approve("2022-04-10"), *more)


def _paid(*more: Draft) -> list[Draft]:
    return begun(*paid(), *more)


DRAFTS: list[tuple[str, str, list[Draft]]] = [
    ("order-of-days", "dated before the one before", begun(REGISTRATION, commit("2022-04-09"))),
    (
        "order-of-days",
        "recorded before the one before",
        begun(replace(REGISTRATION, recorded_at=datetime(2022, 3, 1, tzinfo=UTC))),
    ),
    ("shape", "no agreement first", [*beginning()[1:], beginning()[0]]),
    ("shape", "a second agreement", begun(replace(beginning()[0], date=date(2022, 4, 1)))),
    ("shape", "a fact too few", begun(stated(rescheduled({MAY: 45000}, {JULY: 45000}), reason=None))),
    ("shape", "a fact too many", begun(stated(commit(), landlord="L0001"))),
    ("shape", "another landlord's account", begun(*paid()[:1], stated(paid()[1], landlord="L0002"))),
    ("shape", "money moved by a registration", begun(moved(REGISTRATION, (a.TREASURY, 1), (a.IN_TRANSIT, -1)))),
    ("shape", "an empty commitment", begun(moved(commit()))),
    ("shape", "an empty closing", closed(tweak=lambda draft: replace(draft, balances=()))),
    ("shape", "an unknown kind", begun(replace(REGISTRATION, kind="gift"))),
    ("shape", "one account posted twice", _approved(TWICE_IN_ONE)),
    (
        "shape",
        "a correction that is no mirror",
        [*begun(), moved(corrected(begun(), 7)[-1], (a.RECEIVABLE, 1), (a.TREASURY, -1))],
    ),
    ("shape", "a correction about another household", [*begun(), stated(corrected(begun(), 8)[-1], household="N02")]),
    ("unbalanced", "one side more", begun(moved(refund(1), (a.AVAILABLE, 200), (a.FUNDER, -100)))),
    ("unknown-code", "a household", begun(commit(household="N99"))),
    ("unknown-code", "a landlord", begun(stated(approve("2022-04-10"), landlord="L0009"))),
    ("unknown-code", "an allocation", begun(events.receipt(alone("2022-04-10"), allocation="A09", amount_cents=1))),
    ("unknown-code", "a payment", _approved(settled("2022-04-11"))),
    ("closed-position", "a month after the exit", [*left(), commit("2022-04-20", "N01")]),
    ("closed-position", "a second exit", [*left(), events.exit_(alone("2022-04-20"), household="N01")]),
    (
        "closed-position",
        "an approval corrected after the exit",
        corrected(
            _approved(
                events.release(on("2022-04-11"), household="N01", months={MAY: 45000, JUNE: 45000}, reason="departure"),
                events.exit_(alone("2022-04-11"), household="N01"),
            ),
            9,
        ),
    ),
    (
        "cap",
        "an admission above the agreement",
        begun(events.admission(alone("2022-04-10"), household="N03", cap_months=21)),
    ),
    ("cap", "a month too many", begun(commit(household="N01", months=(JULY,)))),
    ("cap", "a month too many after one was paid", _paid(commit("2022-04-20", "N01", months=(JULY,)))),
    ("cap", "a rescheduling into more months", begun(rescheduled({MAY: 45000}, {MAY: 22500, JULY: 22500}))),
    ("duplicate", "a month committed twice", begun(commit(), commit())),
    ("duplicate", "a month committed after it was approved", _approved(commit(household="N01"))),
    ("duplicate", "a month approved twice", _approved(approve("2022-04-11"))),
    ("duplicate", "a month rescheduled into an approved one", _approved(rescheduled({MAY: 45000}, {APRIL: 45000}))),
    ("duplicate", "a landlord", begun(replace(REGISTRATION, facts=Facts(landlord="L0001")))),
    ("duplicate", "a household", begun(replace(beginning()[3], date=date(2022, 4, 1)))),
    ("duplicate", "an allocation", begun(replace(beginning()[5], date=date(2022, 4, 1)))),
    (
        "duplicate",
        "a payment code",
        _approved(order("2022-04-11", payment(1)), cancelled("2022-04-12"), order("2022-04-13", payment(1))),
    ),
    ("over-commitment", "more than is available", begun(commit(cents=365_001))),
    ("over-commitment", "a refund of more than is available", begun(refund(365_001))),
    ("over-commitment", "a raise beyond what is available", begun(rescheduled({MAY: 45000}, {MAY: 500_000}))),
    ("over-commitment", "an allocation corrected after it was spent", corrected(begun(), 6)),
    (
        "over-approval",
        "no lot is taken",
        begun(
            moved(
                approve("2022-04-10"),
                *[(p.account, p.amount_cents) for p in approve("2022-04-10").postings if not p.month],
            )
        ),
    ),
    ("over-approval", "another month's lot is taken", begun(stated(approve("2022-04-10"), month=MAY))),
    ("over-approval", "more than the lot", begun(approve("2022-04-10", cents=46000))),
    ("over-approval", "a lot that costs otherwise", begun(approve("2022-04-10", cents=46000, lot=46000))),
    ("over-approval", "a month never committed", begun(approve("2022-04-10", JULY))),
    (
        "over-approval",
        "a commitment corrected after it was rescheduled",
        corrected(begun(rescheduled({MAY: 45000}, {JULY: 45000})), 8),
    ),
    ("over-order", "another amount", _approved(order("2022-04-11", payment(1, cents=45001)))),
    ("over-order", "a smaller amount without an offset", _approved(order("2022-04-11", payment(1, cents=44000)))),
    ("over-order", "another landlord", _approved(order("2022-04-11", payment(1, landlord="L0002")))),
    ("over-order", "a month never approved", begun(order("2022-04-11", payment(1)))),
    (
        "over-order",
        "paid back more than is owed to the funder",
        begun(refund(100), events.refund_payment(on("2022-04-21"), amount_cents=101)),
    ),
    ("over-order", "set off more than is owed to the landlord", _paid(overpaid(), recovered(5000, offset=True))),
    (
        "over-order",
        "an offset used twice",
        _paid(
            overpaid(),
            approve("2022-04-20", MAY),
            approve("2022-04-20", JUNE),
            recovered(5000, offset=True),
            order("2022-04-22", payment(2, MAY, 40000)),
            order("2022-04-23", payment(3, JUNE, 40000)),
        ),
    ),
    (
        "over-receipt",
        "more than was allocated",
        begun(events.receipt(alone("2022-04-10"), allocation="A01", amount_cents=100_001)),
    ),
    (
        "over-receipt",
        "more than one tranche, less than all",
        begun(
            events.allocation(alone("2022-04-10"), allocation="A02", amount_cents=100),
            events.receipt(alone("2022-04-11"), allocation="A02", amount_cents=101),
        ),
    ),
    ("over-receipt", "an allocation corrected after it was received", corrected(begun(), 6)),
    ("over-recovery", "more than was claimed", _paid(overpaid(), recovered(5001))),
    ("over-recovery", "claimed back more than the month used", _paid(overpaid(cents=45001))),
    ("over-recovery", "claimed back in two parts", _paid(overpaid(cents=45000), overpaid("2022-04-21", 1))),
    ("four-eyes", "nobody approved", _approved(BY_NOBODY)),
    ("four-eyes", "the same person", _approved(replace(BY_NOBODY, approved_by="U01"))),
    ("four-eyes", "the service approved", _approved(replace(BY_NOBODY, approved_by=SYSTEM))),
    ("four-eyes", "the service prepared", _approved(replace(BY_NOBODY, prepared_by=SYSTEM, approved_by="U02"))),
    ("order-of-states", "ordered twice", _approved(order("2022-04-11", payment(1)), order("2022-04-12", payment(2)))),
    ("order-of-states", "paid and ordered again", _paid(order("2022-04-12", payment(2)))),
    ("order-of-states", "settled twice", _paid(settled("2022-04-12"))),
    (
        "order-of-states",
        "returned before it was settled",
        _approved(order("2022-04-11", payment(1)), returned("2022-04-12")),
    ),
    ("order-of-states", "returned twice", _paid(returned("2022-04-12"), returned("2022-04-13"))),
    ("order-of-states", "cancelled after it was settled", _paid(cancelled("2022-04-12"))),
    (
        "order-of-states",
        "settled at another amount",
        _approved(order("2022-04-11", payment(1)), settled("2022-04-12", cents=44000)),
    ),
    (
        "order-of-states",
        "refused for another landlord",
        _approved(
            order("2022-04-11", payment(1)),
            events.refusal(alone("2022-04-12"), payment(1, landlord="L0002"), BankFact()),
        ),
    ),
    ("order-of-states", "claimed back before it was paid", _approved(overpaid())),
    ("order-of-states", "claimed back after the bank returned it", _paid(returned("2022-04-12"), overpaid())),
    ("order-of-states", "claimed back from another landlord", _paid(overpaid(landlord="L0002"))),
    (
        "order-of-states",
        "an approval corrected after the order",
        corrected(_approved(order("2022-04-11", payment(1))), 9),
    ),
    (
        "order-of-states",
        "an approval corrected after a part was claimed back",
        corrected(_paid(overpaid("2022-04-12"), returned("2022-04-13")), 9),
    ),
    ("order-of-states", "corrected twice", corrected(corrected(begun(), 7), 7, "2022-04-21")),
    ("order-of-states", "a registration corrected", begun(stated(corrected(begun(), 7)[-1], corrects=2))),
    ("order-of-states", "an exit with months left", begun(events.exit_(alone("2022-04-10"), household="N01"))),
    ("formula", "another amount", begun(approve("2022-04-10", cents=22501, formula=HALF))),
    ("formula", "more days than the month has", begun(approve("2022-04-10", cents=45000, formula="300.00*45/30"))),
    ("formula", "days of another month", begun(approve("2022-04-10", cents=22500, formula="465.00*15/31"))),
    ("mirror", "owed more than used", begun(OWES_MORE)),
    ("mirror", "freed more than was claimed back", _paid(FREES_MORE)),
    ("mirror", "used apart from the expenses", _paid(USED_ALONE)),
    ("closing", "a month skipped", skipped_month()),
    ("closing", "a month twice", [*closed(), closed()[-1]]),
    (
        "closing",
        "before the month is over",
        begun(replace(closing_of(beginning(), MARCH, "2022-04-01"), date=date(2022, 3, 31))),
    ),
    (
        "closing",
        "another balance",
        closed(
            tweak=lambda draft: replace(draft, balances=(replace(draft.balances[0], number=1), *draft.balances[1:]))
        ),
    ),
    ("closing", "a household left out", closed(tweak=lambda draft: replace(draft, balances=draft.balances[:-1]))),
    ("beancount", "a month taken twice", _approved(approve("2022-04-11"))),
]

FILES: list[tuple[str, str, Callable[[Path], object]]] = []


def by_hand(rule: str, name: str) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    def register(how: Callable[[Path], object]) -> Callable[[Path], object]:
        FILES.append((rule, name, how))
        return how

    return register


def edit(books: Path, old: bytes, new: bytes, name: str = "months/2022-04.beancount") -> None:
    """Change a file's first ``old`` and make the manifest fit, as a careful hand would."""
    path = books / name
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    reframe(books)


def _blocks(books: Path) -> tuple[Path, list[bytes]]:
    path = books / "months/2022-04.beancount"
    return path, path.read_bytes().removesuffix(b"\n\n").split(b"\n\n")


def _rewrite(books: Path, order_of: Callable[[list[bytes]], list[bytes]]) -> None:
    path, blocks = _blocks(books)
    path.write_bytes(b"\n\n".join(order_of(blocks)) + b"\n\n")
    reframe(books)


@by_hand("chain", "one digit of an amount")
def _digit(books: Path) -> None:
    edit(books, b"400.00 EUR", b"401.00 EUR")


@by_hand("chain", "a record deleted")
def _deleted(books: Path) -> None:
    _rewrite(books, lambda blocks: [blocks[0], *blocks[2:]])


@by_hand("chain", "two records swapped")
def _swapped(books: Path) -> None:
    _rewrite(books, lambda blocks: [blocks[1], blocks[0], *blocks[2:]])


@by_hand("chain", "a record twice")
def _twice(books: Path) -> None:
    _rewrite(books, lambda blocks: [blocks[0], *blocks])


@by_hand("chain", "a month's file deleted")
def _month_gone(books: Path) -> None:
    (books / "months/2022-04.beancount").unlink()
    reframe(books)


for _name, _text in {
    "a plugin": b'plugin "os"\n\n',
    "an include": b'include "/etc/hostname"\n\n',
    "an option": b'option "title" "another"\n\n',
    "a transaction of nobody": b'2022-04-30 * "gift"\n  Assets:Treasury  1.00 EUR\n  Equity:Fund:Available\n\n',
    "a comment": b"; nothing\n\n",
    "an empty record": b"\n\n",
    "a lone newline": b"\n",
    "a document": b'2022-04-30 document Assets:Treasury "/etc/hostname"\n\n',
    "a byte outside ASCII": "; è\n\n".encode(),
    "a carriage return": b"\r\n\r\n",
}.items():

    @by_hand("gate", _name)
    def _added(books: Path, text: bytes = _text) -> None:
        path = books / "months/2022-04.beancount"
        path.write_bytes(path.read_bytes() + text)
        reframe(books)


@by_hand("gate", "an amount that is a sum to work out")
def _division(books: Path) -> None:
    edit(books, b" 400.00 EUR", b"    1/0 EUR")


@by_hand("gate", "a plugin line inside a record")
def _inside(books: Path) -> None:
    edit(books, b'  household: "N01"\n', b'  household: "N01"\nplugin "os"\n')


@by_hand("gate", "a tab for a space")
def _tab(books: Path) -> None:
    edit(books, b"  household:", b"\thousehold:")


@by_hand("gate", "metadata twice")
def _metadata_twice(books: Path) -> None:
    edit(books, b'  household: "N01"\n', b'  household: "N01"\n  household: "N01"\n')


@by_hand("gate", "metadata gone")
def _metadata_gone(books: Path) -> None:
    edit(books, b'  prepared-by: "U01"\n', b"")


@by_hand("gate", "a link to something else")
def _link(books: Path) -> None:
    edit(books, b"^N01-2022-04", b"^N01-2022-05")


@by_hand("gate", "a day that no calendar has")
def _day(books: Path) -> None:
    edit(books, b"2022-04-05", b"2022-04-31")


@by_hand("gate", "a balance left out of a closing's text")
def _balance(books: Path) -> None:
    edit(books, b"2022-04-01 balance", b"2022-04-02 balance")


@by_hand("gate", "a truncated tail")
def _truncated(books: Path) -> None:
    path = books / "months/2022-08.beancount"
    path.write_bytes(path.read_bytes()[:-40])
    reframe(books)


@by_hand("gate", "a record in another month's file")
def _other_month(books: Path) -> None:
    path, blocks = _blocks(books)
    later = books / "months/2022-05.beancount"
    later.write_bytes(blocks[-1] + b"\n\n" + later.read_bytes())
    path.write_bytes(b"\n\n".join(blocks[:-1]) + b"\n\n")
    reframe(books)


@by_hand("gate", "a plugin in the frame")
def _frame_plugin(books: Path) -> None:
    path = books / "main.beancount"
    path.write_bytes(path.read_bytes() + b'plugin "os"\n')


@by_hand("gate", "an empty month")
def _empty(books: Path) -> None:
    (books / "months/2022-09.beancount").write_bytes(b"")
    reframe(books)


@by_hand("gate", "no books at all")
def _nothing(books: Path) -> None:
    for path in books.glob("months/*"):
        path.unlink()
    reframe(books)


@by_hand("manifest", "an extra file")
def _extra(books: Path) -> None:
    (books / "months/notes.txt").write_bytes(b"")


@by_hand("manifest", "a planted cache")
def _cache(books: Path) -> None:
    (books / ".main.beancount.picklecache").write_bytes(b"cos\nsystem\n")


@by_hand("manifest", "an extra folder")
def _folder(books: Path) -> None:
    (books / "months/2022-09.beancount").mkdir()


@by_hand("manifest", "a name to fool a terminal")
def _terminal(books: Path) -> None:
    (books / "a\x1b[2J\n\udcff").write_bytes(b"")


@by_hand("manifest", "a symbolic link to the same bytes")
def _symlink(books: Path) -> None:
    path = books / "months/2022-04.beancount"
    path.rename(books.parent / "moved")
    path.symlink_to(books.parent / "moved")


@by_hand("manifest", "a linked folder")
def _linked_folder(books: Path) -> None:
    (books / "months").rename(books.parent / "moved")
    (books / "months").symlink_to(books.parent / "moved")


@by_hand("manifest", "a missing file")
def _missing(books: Path) -> None:
    (books / "audit.beancount").unlink()


@by_hand("manifest", "no manifest")
def _no_manifest(books: Path) -> None:
    (books / "MANIFEST.sha256").unlink()


@by_hand("manifest", "a planted manifest")
def _planted(books: Path) -> None:
    path = books / "MANIFEST.sha256"
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))


@by_hand("manifest", "a file of elsewhere in the manifest")
def _elsewhere(books: Path) -> None:
    path = books / "MANIFEST.sha256"
    path.write_bytes(path.read_bytes() + b"0" * 64 + b"  ../elsewhere\n")


@by_hand("manifest", "a line twice")
def _line_twice(books: Path) -> None:
    path = books / "MANIFEST.sha256"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0] + path.read_bytes())
