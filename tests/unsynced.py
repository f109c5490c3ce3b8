"""No test cuts the power, so none waits for the disk: four milliseconds each time, many thousands of times.

What is synced, and before what, is told by recording the calls (``ledger/crashes.py``), which does not sync either. A
process that is killed loses nothing that it wrote.
"""

import os
from typing import Any

from fund.store import engine

prepare_sqlite = engine._prepare_sqlite
"""What the service prepares a connection with."""


def _prepare_unsynced(connection: Any, record: Any) -> None:
    prepare_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


os.fsync = lambda _: None
engine._prepare_sqlite = _prepare_unsynced
