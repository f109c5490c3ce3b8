"""Many at once: whatever they all try, it happens once, on both engines."""

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.doors.jobs.scheduler import run_job
from fund.services.households import households
from fund.services.landlords.accounts import suspend_accounts
from fund.services.money import money
from fund.services.payouts import payments, runs
from tests.fund.fixtures import Prepared
from tests.fund.kit import MARCH, OTHER_IBAN, Office, close_months, open_office, propose_landlord, tax_code_of

THREADS, TRIALS = 50, 20
IN_SHORT = 3
"""How many trials the default suite makes; ``-m long`` makes all of them."""


def all_at_once(count: int, act: Callable[[int], object]) -> Counter[str]:
    """What came of ``count`` threads that begin together: ``ok``, or a refusal's code; anything else is raised."""
    gate, outcomes, broken = threading.Barrier(count), Counter[str](), []

    def begin(number: int) -> None:
        gate.wait()
        try:
            act(number)
            outcomes["ok"] += 1
        except errors.FundError as error:
            outcomes[error.code] += 1
        except Exception as error:
            broken.append(error)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]
    return outcomes


@contextmanager
def another_office(prepared: Prepared, url: str, home: Path) -> Iterator[Office]:
    """A copy of a fund that stands still."""
    copied = prepared.host.copy(url)
    office = open_office(home, copied)
    yield office
    office.close()
    prepared.host.drop(copied)


@pytest.fixture
def proposed(prepared: Prepared, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A fund whose first run waits for its approval; its database, with nobody connected, and its home."""
    url, home = prepared.host.copy(prepared.founded), Path(shutil.copytree(prepared.home, tmp_path / "proposed"))
    office = open_office(home, url).on("2022-03-05")
    office.open_runs()
    office.prepare(runs.propose_run, MARCH)
    office.close()
    yield url, home
    prepared.host.drop(url)


def test_fifty_approvals_at_once_have_one_effect(
    prepared: Prepared, proposed: tuple[str, Path], tmp_path: Path
) -> None:
    approve_at_once(prepared, proposed, tmp_path, IN_SHORT)


@pytest.mark.long
def test_fifty_approvals_at_once_have_one_effect_in_every_trial(
    prepared: Prepared, proposed: tuple[str, Path], tmp_path: Path
) -> None:
    approve_at_once(prepared, proposed, tmp_path, TRIALS)


def approve_at_once(prepared: Prepared, proposed: tuple[str, Path], tmp_path: Path, trials: int) -> None:
    url, template = proposed
    for trial in range(trials):
        home = Path(shutil.copytree(template, tmp_path / f"home-{trial}"))
        with another_office(prepared, url, home) as office:
            office.on("2022-03-05")
            digest = office.ask(office.approver, runs.view_run, MARCH).digest
            outcomes = all_at_once(THREADS, lambda _, o=office, d=digest: o.approve(runs.approve_run, MARCH, digest=d))
            assert outcomes == {"ok": 1, "state-not-allowed": THREADS - 1}
            kinds = Counter(office.kinds())
            assert (kinds["approval"], kinds["order"]) == (2, 2)
            assert office.balances().fund.used_cents == 85_000
            if trial == 0:
                assert office.findings() == ()


def test_schedulers_at_once_open_a_month_once(any_office: Office) -> None:
    office = any_office.on("2022-05-05")
    outcomes: list[str] = []
    all_at_once(8, lambda _: outcomes.append(run_job(office.app, "monthly-run")))
    assert set(outcomes) == {"ok"}
    opened = [str(run.month) for run in office.ask(office.auditor, runs.list_runs)]
    assert opened == ["2022-05", "2022-04", "2022-03"]
    assert Counter(row.month for row in office.contributions()) == {"2022-03": 2, "2022-04": 2, "2022-05": 2}


def test_two_services_on_one_home_close_a_month_once(any_office: Office) -> None:
    office = any_office.on("2022-05-05")
    other = open_office(office.app.settings.home, office.app.settings.database_url).on("2022-05-05")
    all_at_once(8, lambda number: close_months(office if number % 2 else other))
    other.close()
    assert Counter(office.kinds())["closing"] == 4
    assert office.findings() == ()


@pytest.mark.long
def test_batches_prepared_at_once_pay_each_month_once(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.do(SYSTEM, suspend_accounts, {1, 2})
    office.run_month(MARCH)
    for landlord in ("L0001", "L0002"):
        office.confirm_account(landlord)
    outcomes = all_at_once(10, lambda _: office.prepare(payments.prepare_batch))
    assert outcomes == {"ok": 1, "nothing-to-pay": 9}
    assert len(office.ask(office.auditor, payments.list_payments)) == 2


@pytest.mark.long
def test_one_person_admitted_from_many_sides_at_once_is_one_household(any_office: Office) -> None:
    office, person = any_office, tax_code_of("N10")

    def begin(number: int) -> None:
        spelling = (person, person.lower(), f"{person[:6]} {person[6:]}")[number % 3]
        if number % 4:
            office.prepare(households.propose_admission, code=f"N{number + 10}", tax_code=spelling)
        else:
            propose_landlord(office, f"L{number + 10:04d}", OTHER_IBAN, tax_code=spelling)

    outcomes = all_at_once(12, begin)
    known = outcomes["person-is-household"] + outcomes["person-is-landlord"]
    assert (outcomes["ok"], known) == (1, 11)
    kinds = Counter(office.kinds())
    assert kinds["admission-proposed"] + kinds["registration"] == 2 + 3 + 1
    assert office.findings() == ()


def test_what_is_available_is_given_away_once(any_office: Office) -> None:
    office = any_office
    repayments = [office.prepare(money.propose_repayment, amount_cents=300_000 + n) for n in range(6)]
    outcomes = all_at_once(6, lambda number: office.confirm(repayments[number]))
    assert outcomes == {"ok": 1, "not-enough-available": 5}
    assert 160_000 - 5 <= office.balances().fund.available_cents <= 160_000
    assert office.findings() == ()


def test_publishers_at_once_append_each_entry_once(any_office: Office) -> None:
    office = any_office
    shutil.rmtree(office.app.settings.books)
    other = open_office(office.app.settings.home, office.app.settings.database_url)
    appended: list[int] = []

    def publish(number: int) -> None:
        published = (office if number % 2 else other).app.books.publish()
        assert published is not None
        appended.append(published.appended)

    all_at_once(10, publish)
    other.close()
    assert sorted(appended) == [0] * 9 + [len(office.kinds())]
    assert office.findings() == ()


@pytest.mark.long
def test_writers_and_publishers_at_once_leave_books_in_step(any_office: Office) -> None:
    office = any_office
    before = Counter(office.kinds())["proposal-made"]
    outcomes = all_at_once(
        30,
        lambda number: (
            office.prepare(money.propose_repayment, amount_cents=number + 1)
            if number % 3
            else office.app.books.publish()
        ),
    )
    assert outcomes == {"ok": 30}
    assert Counter(office.kinds())["proposal-made"] == before + 20
    assert office.findings() == ()
