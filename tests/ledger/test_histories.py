"""Random valid histories: no rule complains, the text says all, and stock Beancount loads it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.audit import audit_records
from ledger.chain import extend
from ledger.entries import Draft
from ledger.kinds import KINDS
from ledger.money import format_cents
from ledger.position import Position
from ledger.publisher import Recovery
from ledger.reader import record_of
from ledger.verify import verify_books
from tests.ledger.histories import History, histories
from tests.ledger.kit import Journal, files_of, record_text, records, rules, write_forged
from tests.stock import load_stock
from tests.trials import trials

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=trials(100), suppress_health_check=SLOW_IS_FINE)
@given(histories(60))
def test_no_rule_complains_of_a_valid_history(history: History) -> None:
    position = Position()
    assert [finding for entry in history.entries for finding in position.judge(record_of(entry))] == []
    assert {account: cents for account, cents in position.balances.items() if cents} == {
        account: cents for account, cents in history.balances.items() if cents
    }
    for code, home in history.homes.items():
        household = position.households[code]
        assert household.lots == home.lots
        states = {
            month: "paid-twice" if month in household.misexecuted else owed.state
            for month, owed in household.months.items()
        }
        assert states == {month: owed.state for month, owed in home.months.items()}
        for month, owed in home.months.items():
            obligation = household.months[month]
            paid_cents = owed.paid_cents + owed.paid_before_cents
            assert (obligation.owed_cents, obligation.paid_cents) == (owed.owed_cents, paid_cents)


@settings(max_examples=trials(60), suppress_health_check=SLOW_IS_FINE)
@given(histories(3))
def test_the_text_says_all(history: History) -> None:
    check_the_text_says_all(history)


@pytest.mark.long
@settings(max_examples=trials(2000), suppress_health_check=SLOW_IS_FINE)
@given(histories(3))
def test_the_text_says_all_thousands_of_times(history: History) -> None:
    check_the_text_says_all(history)


def check_the_text_says_all(history: History) -> None:
    text = record_text(history.entries)
    read = records(text)
    assert [record.entry for record in read] == history.entries
    assert record_text(record.entry for record in read) == text


@settings(max_examples=trials(40), suppress_health_check=SLOW_IS_FINE)
@given(histories(80))
def test_the_text_of_a_long_history_says_all(history: History) -> None:
    text = record_text(history.entries)
    read = records(text)
    position, findings = audit_records(read)
    assert findings == []
    assert position.seq == len(history.entries)
    assert list(extend(history.drafts)) == history.entries
    assert record_text(record.entry for record in read) == text


@settings(max_examples=trials(25), suppress_health_check=SLOW_IS_FINE)
@given(history=histories(80))
def test_beancount_and_the_audit_accept_the_books(history: History, tmp_path_factory: pytest.TempPathFactory) -> None:
    books = tmp_path_factory.mktemp("history") / "books"
    Journal(history.entries).publish(books)
    assert verify_books(books).findings == ()
    entries, errors, _ = load_stock(books / "audit.beancount")
    assert errors == []
    assert _beancount_balances(entries) == {
        account: format_cents(cents)
        for account, cents in history.balances.items()
        if cents and not account.startswith("Equity:Fund:Committed:")
    }


def _beancount_balances(entries: object) -> dict[str, str]:
    """What stock Beancount adds up for the accounts in euros."""
    from beancount.core import realization

    root = realization.realize(entries)
    found = {}
    for account in realization.iter_children(root):
        amount = account.balance.get_currency_units("EUR").number
        if amount:
            found[account.account] = f"{amount:.2f}"
    return found


FORGERIES: dict[str, Callable[[list[Draft], int], list[Draft]]] = {
    "left out": lambda drafts, place: [*drafts[:place], *drafts[place + 1 :]],
    "another before it": lambda drafts, place: [*drafts[:place], _by_another(drafts[place]), *drafts[place:]],
    "booked a day later": lambda drafts, place: [*drafts[:place], _later(drafts[place]), *drafts[place + 1 :]],
    "by another person": lambda drafts, place: [*drafts[:place], _by_another(drafts[place]), *drafts[place + 1 :]],
    "of another amount": lambda drafts, place: [*drafts[:place], _more(drafts[place]), *drafts[place + 1 :]],
    "about other things": lambda drafts, place: [*drafts[:place], _about_others(drafts[place]), *drafts[place + 1 :]],
}
"""What a forger who holds journal, books and database makes of one entry; the chain is then made again."""


def _later(draft: Draft) -> Draft:
    return replace(draft, date=draft.date + timedelta(days=1))


def _by_another(draft: Draft) -> Draft:
    return replace(draft, prepared_by="U09")


def _more(draft: Draft) -> Draft:
    return replace(
        draft, postings=tuple(posting._replace(amount_cents=posting.amount_cents * 2) for posting in draft.postings)
    )


def _about_others(draft: Draft) -> Draft:
    facts = draft.facts
    return replace(
        draft, facts=facts._replace(landlord=facts.landlord and "L0999", fingerprint=facts.fingerprint and "f" * 32)
    )


@settings(max_examples=trials(30), suppress_health_check=SLOW_IS_FINE)
@given(history=histories(40), data=st.data())
def test_any_head_of_what_came_after_exposes_a_forged_history(
    history: History, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = data.draw(st.integers(0, len(history.drafts) - 1))
    forged = {name: forge(history.drafts, place) for name, forge in FORGERIES.items()}
    altered = {name: drafts for name, drafts in forged.items() if drafts != history.drafts}  # an act has no amount
    for name, drafts in altered.items():
        heads = {entry.hash for entry in extend(drafts)}
        assert heads.isdisjoint(entry.hash for entry in history.entries[place:]), name
    books = tmp_path_factory.mktemp("forged") / "books"
    write_forged(books, data.draw(st.sampled_from(list(altered.values()))))
    shown = data.draw(st.sampled_from(history.entries[place:])).hash
    assert "chain" in rules(verify_books(books, head=shown, beancount_up_to=0).findings)


@settings(max_examples=trials(25), suppress_health_check=SLOW_IS_FINE)
@given(history=histories(50), cuts=st.lists(st.integers(0, 70), max_size=6))
def test_published_in_any_chunks_the_books_are_the_same(
    history: History, cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("chunks")
    Journal(history.entries).publish(folder / "once")
    for cut in [*sorted(cuts), len(history.entries)]:
        if cut:
            published = Journal(history.entries[:cut]).publish(folder / "chunks")
            assert published.found is Recovery.IN_STEP
            assert published.head == history.entries[:cut][-1].hash
    assert files_of(folder / "chunks") == files_of(folder / "once")


def test_histories_reach_every_kind() -> None:
    kinds = {entry.kind for seed in range(60) for entry in History(seed, 60).entries}
    assert kinds == set(KINDS)


def test_a_seed_gives_the_same_history() -> None:
    assert History(3, 50).entries == History(3, 50).entries
