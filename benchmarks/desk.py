"""Benchmark of the pages over a large fund, requested over HTTP by a logged-in user."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx

from benchmarks.bulk import FIRST, BigOffice, big_office
from benchmarks.stopwatch import Figures
from fund.bank import simulated
from fund.clock import noon_in_rome
from fund.domain.access import SYSTEM
from fund.doors.server import create_server
from fund.doors.transaction import reading, writing, writing_unchecked
from fund.services.banking import exports, imports
from fund.services.payouts import payments, runs
from fund.services.users import sessions
from tests.fund.doors.listening import listening

WAITING = ("/", "/runs", f"/runs/{FIRST}", f"/runs/{FIRST}/list.xlsx")
PAID = (
    "/", "/households", "/households/months.xlsx", "/households/N00000", "/landlords", "/landlords/L00000",
    "/payments.csv", "/batches", "/batches/BAT-2022-0001", "/bank-files", "/open-items", "/reconciliation", "/money",
    "/search?q=N000", "/room", f"/room/months/{FIRST}", "/room/linked/N00000", "/room/pack?form=zip",
)  # fmt: skip
TIMES = 3


def desk(folder: Path, size: int) -> Figures:
    """Median time of three requests and size of each page, while a run waits for approval and after it was paid."""
    office = big_office(folder, size)
    app = office.app
    office.clock.set(noon_in_rome(FIRST.day(5)))
    with writing(app, SYSTEM) as context:
        runs.open_due_runs(context)
    with writing(app, office.preparer) as context:
        alerts = [alert.id for alert in runs.propose_run(context, FIRST).alerts]
        runs.acknowledge_in_run(context, FIRST, alerts, reason="separate-homes")
    with writing_unchecked(app, office.approver) as context:
        sessions.begin_session(context, secret="secret", csrf_secret="key", second_factor_at=context.at)  # noqa: S106  # of a synthetic fund
    with _client(office) as client:
        figures = _looked_at(client, WAITING, "while a run waits")
        _pay(office)
        return figures | _looked_at(client, PAID, "after it was paid")


@contextmanager
def _client(office: BigOffice) -> Iterator[httpx.Client]:
    """A server on loopback, and a client with a session cookie."""
    server = create_server(office.app)
    with (
        listening(server) as base,
        httpx.Client(base_url=base, cookies={"fund-session": "secret"}, timeout=600, trust_env=False) as client,
    ):
        yield client
    server.close()


def _looked_at(client: httpx.Client, paths: tuple[str, ...], when: str) -> Figures:
    figures = Figures()
    for path in paths:
        seconds = []
        for _ in range(TIMES):
            begin = perf_counter()
            answer = client.get(path)
            seconds.append(perf_counter() - begin)
            assert answer.status_code == 200, path
        figures[f"`{path}`, {when}"] = (f"{median(seconds) * 1000:,.0f} ms", f"{len(answer.content) / 1000:,.0f} kB")
    return figures


def _pay(office: BigOffice) -> None:
    app = office.app
    with reading(app, office.approver) as context:
        digest = runs.view_run(context, FIRST).digest
    with writing(app, office.approver) as context:
        batch = str(runs.approve_run(context, FIRST, digest=digest).batch)
    with writing(app, office.approver) as context:
        data = simulated.answer_batch(exports.read_sealed(context, batch).data, bank_date=context.day)
        payments.mark_sent(context, batch)
    with writing(app, office.preparer) as context:
        imports.book_file(context, imports.receive_file(context, name="answers.csv", data=data))
