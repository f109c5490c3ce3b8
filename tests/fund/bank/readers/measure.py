"""Seconds and peak memory of reading 10,000 payments in each format: ``python -m tests.fund.bank.readers.measure``.

Each format is read in a process of its own, so that its peak is its own; the file's bytes are part of it.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from fund.bank.port import BankMessage
from fund.bank.readers import read
from tests.fund.bank.readers.kit import Dialect, Movement, camt, entry, message, other, part, statement, status_report
from tests.fund.bank.readers.kit import transaction as rejected
from tests.fund.bank.readers.opi_kit import Line, account, journal, outcome, outcomes

COUNT = 10_000
PAYMENTS = [
    Movement(-45_000 - n, f"PAY-2026-{n // 9000 + 1:02d}-{n % 9000:04d}", other(n), f"Locatore {n}")
    for n in range(COUNT)
]


def _single() -> bytes:
    return camt(PAYMENTS)


def _batch() -> bytes:
    dialect = Dialect()
    total = sum(movement.cents for movement in PAYMENTS)
    return message(dialect, [statement(dialect, [entry(dialect, PAYMENTS)], 0, total)])


def _status() -> bytes:
    return status_report(part("".join(rejected(p.payment or "", "RJCT", "AC01", -p.cents) for p in PAYMENTS)))


def _journal() -> bytes:
    return journal(account([Line(p.cents, n, payment=p.payment) for n, p in enumerate(PAYMENTS, start=1)]))


def _outcomes() -> bytes:
    return outcomes(*(outcome("PAGATO", n) for n in range(1, COUNT + 1)))


def _mt940() -> bytes:
    lines = "".join(
        f":61:2603100310D{-p.cents // 100},{-p.cents % 100:02d}NTRFNONREF//B{n}\n"
        f":86:116?00BONIFICO?20EREF+{p.payment}?21SVWZ+REG-1?31{p.iban}?32{p.name}\n"
        for n, p in enumerate(PAYMENTS)
    )
    total = -sum(p.cents for p in PAYMENTS)
    head = ":20:R\n:25:IT40X0999101800000000000001\n:28C:7/1\n:60F:C260309EUR0,00\n"
    return f"{head}{lines}:62F:D260310EUR{total // 100},{total % 100:02d}\n-\n".encode()


FORMATS: dict[str, Callable[[], bytes]] = {
    "camt.053, an entry each": _single,
    "camt.053, one batch": _batch,
    "pain.002": _status,
    "OPI giornale di cassa": _journal,
    "OPI esito applicativo": _outcomes,
    "MT940": _mt940,
}


def measure(name: str, path: Path) -> str:
    """Read the file here and say what it took."""
    data = path.read_bytes()
    start = time.perf_counter()
    told: BankMessage = read(data)
    seconds = time.perf_counter() - start
    count = len(told.statuses) + sum(len(found.entries) for found in told.statements)
    peak = next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM"))
    peak_mb = int(peak.split()[1]) // 1024
    return f"{name:<26} {len(data) / 1e6:6.1f} MB {count:>7} told {seconds:6.2f} s {peak_mb:>5} MB peak"


def main() -> None:
    """Write each file, read each in a process of its own, print a line for each."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for number, (name, write) in enumerate(FORMATS.items()):
            path = Path(folder) / str(number)
            path.write_bytes(write())
            command = [sys.executable, "-m", "tests.fund.bank.readers.measure", name, str(path)]
            print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")  # noqa: T201  # the answer of a tool


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(measure(sys.argv[1], Path(sys.argv[2])))  # noqa: T201  # the answer of a tool
    else:
        main()
