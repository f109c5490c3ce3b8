"""Benchmarks: ``python -m benchmarks.run [NAME …]`` prints a table; each runs in its own process."""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.stopwatch import Figures, Stopwatch


@contextmanager
def _measured(figures: Figures, name: str, per: int = 0, unit: str = "entries") -> Iterator[None]:
    stopwatch = Stopwatch()
    yield
    figures[name] = stopwatch.figures(per, unit)


def _command(*words: str) -> tuple[str, str]:
    stopwatch = Stopwatch()
    subprocess.run([str(Path(sys.executable).with_name(words[0])), *words[1:]], capture_output=True, check=True)  # noqa: S603  # our own command
    return stopwatch.figures()


def help_(_folder: Path, _size: int) -> Figures:
    """``fund --help`` in a new process, median of five."""
    return {"`fund --help`, median of five": sorted(_command("fund", "--help") for _ in range(5))[2]}


def demo(folder: Path, _size: int) -> Figures:
    """The whole demo and its verification."""
    home = str(folder / "home")
    return {
        "`fund demo`": _command("fund", "--home", home, "demo"),
        "`fund verify` after it": _command("fund", "--home", home, "verify"),
    }


def ledger(folder: Path, size: int) -> Figures:
    """Each step of the ledger over one history."""
    from benchmarks.bulk import FUND, ledger_entries
    from ledger.chain import extend
    from ledger.entries import Draft
    from ledger.publisher import publish
    from ledger.verify import load_with_beancount, verify_books

    entries, figures = list(ledger_entries(size)), Figures()
    count, books, records = len(entries), folder / "books", [entry.record for entry in entries]
    drafts = [Draft(**{name: getattr(entry, name) for name in Draft.__dataclass_fields__}) for entry in entries]

    def publish_all() -> None:
        publish(books, fund=FUND, hash_of=lambda seq: entries[seq - 1].hash, records_after=lambda seq: records[seq:])

    with _measured(figures, f"seal {count:,} entries, rendering each", count):
        list(extend(drafts))
    with _measured(figures, "publish", count):
        publish_all()
    with _measured(figures, "publish again, nothing to do"):
        publish_all()
    with _measured(figures, "own proof: gate, chain, rules, balances", count):
        result = verify_books(books, beancount_up_to=0)
    with _measured(figures, "load with stock Beancount", count):
        errors = load_with_beancount(books)
    assert not errors and not result.findings, (errors or result.findings)[:3]
    written = sum(map(len, records)) + count
    figures["size of the books"] = (f"{written / 1e6:.1f} MB", "")
    return figures


def proof(folder: Path, size: int) -> Figures:
    """The own proof alone, in a process that holds nothing else."""
    books = folder / "books"
    with multiprocessing.get_context("spawn").Pool(1) as writer:
        writer.apply(_write_books, (books, size))
    return {"own proof alone, with its peak of memory": _prove(books)}


def verify(folder: Path, size: int) -> Figures:
    """``fund verify`` in a process that holds nothing else; above 100,000 entries it leaves stock Beancount out."""
    from fund.domain.access import SYSTEM
    from fund.services.books.verification import verify as compare
    from fund.services.context import Context
    from fund.store.engine import Database
    from fund.vault import fingerprint_key
    from ledger.verify import verify_books

    with multiprocessing.get_context("spawn").Pool(1) as writer:
        writer.apply(_rebuilt_home, (folder, size))
    stopwatch = Stopwatch()
    with Database(f"sqlite:///{folder / 'fund.sqlite'}").read() as session:
        context = Context(
            session, SYSTEM, datetime(2024, 1, 1, tzinfo=UTC), fingerprint_key(folder / "fingerprint.key")
        )
        result = compare(context, folder / "books", folder / "outbox")
    measured, rate = stopwatch.figures(result.entries)
    assert not result.findings, result.findings[:3]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"`fund verify` alone": (f"{result.entries:,} entries: {measured}, {peak_mb:,.0f} MB", rate)}
    with _measured(figures, "own proof of the same books", result.entries):
        verify_books(folder / "books", beancount_up_to=0)
    return figures


def _rebuilt_home(home: Path, size: int) -> None:
    from benchmarks.bulk import rebuilt_home

    rebuilt_home(home, size)


def _write_books(books: Path, size: int) -> None:
    from benchmarks.bulk import write_books

    write_books(books, size)


def _prove(books: Path) -> tuple[str, str]:
    from ledger.verify import verify_books

    stopwatch = Stopwatch()
    result = verify_books(books, beancount_up_to=0)
    measured, rate = stopwatch.figures(result.count)
    assert not result.findings, result.findings[:3]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{result.count:,} entries: {measured}, {peak_mb:,.0f} MB", rate


def sql(folder: Path, size: int) -> Figures:
    """Appending to the journal and reading it back."""
    from benchmarks.bulk import FUND, ledger_entries
    from fund.domain.fingerprints import Fingerprints
    from fund.store import journal
    from fund.store.engine import Database
    from fund.store.tables import Fund, table
    from ledger.chain import GENESIS

    entries, figures = list(ledger_entries(size)), Figures()
    rows = sum(1 + len(entry.postings) + len(entry.balances) for entry in entries)
    database = Database(f"sqlite:///{folder / 'fund.sqlite'}")
    database.migrate()
    words = dict.fromkeys(("code", "name", "project", "city", "funder"), FUND)
    days = {"agreement_date": entries[0].date, "activities_end": date(2024, 12, 2)}
    counts = {"target_months": 20, "cap_months": 20, "pay_day": 5, "iban_cooling_off_days": 10, "journal_seq": 0}
    zero = dict.fromkeys(("available_cents", "committed_cents", "used_cents"), 0)
    row = {"id": 1, "currency": "EUR", "language": "it", "journal_hash": GENESIS} | words | days | counts | zero
    with database.write() as session:
        session.connection().execute(table(Fund).insert().values(**row))
        with _measured(figures, f"SQL: seal and insert {len(entries):,} entries, {rows:,} rows", rows, "rows"):
            journal.append(session, entries, Fingerprints(bytes(32)).entry_tags())
            session.commit()
    with database.read() as session, _measured(figures, "SQL: read them back", rows, "rows"):
        assert sum(1 for _ in journal.entries_after(session, 0)) == len(entries)
    return figures


def run(folder: Path, size: int) -> Figures:
    """One monthly run from opening to the closing of its month, with the transactions of a door."""
    from benchmarks.bulk import FIRST, big_office
    from fund.bank import simulated
    from fund.clock import noon_in_rome
    from fund.domain.access import SYSTEM
    from fund.doors.transaction import reading, writing
    from fund.services.banking import exports, imports
    from fund.services.books import closings
    from fund.services.books.verification import verify as compare
    from fund.services.payouts import payments, runs

    figures = Figures()
    with _measured(figures, f"admit {size:,} households of 20 months", size, "households"):
        office = big_office(folder, size)
    app = office.app
    office.clock.set(noon_in_rome(FIRST.day(5)))
    whole = Stopwatch()
    with _measured(figures, "run: open"), writing(app, SYSTEM) as context:
        runs.open_due_runs(context)
    with _measured(figures, "run: propose"), writing(app, office.preparer) as context:
        runs.propose_run(context, FIRST)
    with _measured(figures, "run: acknowledge its alerts"), writing(app, office.preparer) as context:
        alerts = [alert.id for alert in runs.view_run(context, FIRST).alerts]
        runs.acknowledge_in_run(context, FIRST, alerts, reason="separate-homes")
    with _measured(figures, "run: show it to the approver"), reading(app, office.approver) as context:
        shown = runs.view_run(context, FIRST)
    with _measured(figures, "run: approve, order, seal, publish"), writing(app, office.approver) as context:
        batch = runs.approve_run(context, FIRST, digest=shown.digest).batch
    assert batch is not None
    with writing(app, office.approver) as context:
        data = simulated.answer_batch(exports.read_sealed(context, batch).data, bank_date=context.day)
        payments.mark_sent(context, batch)
    with writing(app, office.preparer) as context:
        checksum = imports.receive_file(context, name="answers.csv", data=data)
    with _measured(figures, "run: the bank's answers, publish"), writing(app, office.preparer) as context:
        imports.book_file(context, checksum)
    office.clock.set(noon_in_rome(FIRST.next_first_day()))
    with _measured(figures, "run: close the month"), writing(app, SYSTEM) as context:
        closings.close_due_months(context)
    figures["run: in all"] = whole.figures(size, "households")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["peak memory of admission and run"] = (f"{peak_mb:,.0f} MB", "")
    with _measured(figures, "fund verify, after the run"), reading(app, SYSTEM) as context:
        assert not compare(context, app.settings.books, app.settings.outbox).findings
    return figures


def bank(folder: Path, size: int) -> Figures:
    """One month each out as pain.001, CBI and OPI, and the answers back."""
    from benchmarks import bank as exchange
    from fund.settings import read_settings

    schemas = read_settings(os.environ).schemas
    assert schemas is not None, "set FUND_SCHEMAS to the folder of the OPI and CBI schemas"
    return exchange.bank(folder, size, schemas)


def statement(folder: Path, size: int) -> Figures:
    """One statement of the account, by the reader alone and imported, in a process that has imported another one."""
    from benchmarks import statement as of_account

    with multiprocessing.get_context("spawn").Pool(1) as writer:
        day = writer.apply(of_account.write_home, (folder, size))
    return of_account.statement(folder, day, size)


def desk(folder: Path, size: int) -> Figures:
    """The pages."""
    from benchmarks import desk as pages

    return pages.desk(folder, size)


BENCHMARKS: dict[str, tuple[Callable[[Path, int], Figures], int]] = {
    "help": (help_, 0),
    "demo": (demo, 0),
    "ledger": (ledger, 30_000),
    "proof": (proof, 1_000_000),
    "verify": (verify, 120_000),
    "sql": (sql, 30_000),
    "run": (run, 10_000),
    "bank": (bank, 10_000),
    "statement": (statement, 10_000),
    "desk": (desk, 2_000),
}


def _in_own_process(name: str, size: int) -> Figures:
    command = [sys.executable, "-m", "benchmarks.run", name, "--size", str(size), "--json"]
    found: Figures = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)  # noqa: S603  # this module
    return found


def main() -> None:
    """Run the named benchmarks, or all, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--size", type=int, help="entries, or households for the run")
    parser.add_argument("--json", action="store_true", help="one benchmark, here, as JSON")
    arguments = parser.parse_args()
    if arguments.json:
        measure, size = BENCHMARKS[arguments.names[0]]
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measure(Path(folder), arguments.size or size)))
        return
    print("| what | measured | rate |\n| --- | --- | --- |")
    for name in arguments.names or BENCHMARKS:
        for what, (measured, rate) in _in_own_process(name, arguments.size or BENCHMARKS[name][1]).items():
            print(f"| {what} | {measured} | {rate} |", flush=True)


if __name__ == "__main__":
    main()
