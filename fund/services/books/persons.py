"""``fund export-persons`` and ``fund import-persons``: what a database has and its books do not, out and back in.

Personal values, and the rows that an act binds as a whole, leave in a file that is encrypted under a subkey of the
fund's own key: a fund rebuilt from its books needs that key anyway, since it proves each value by its fingerprint.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict

from fund.domain import access, errors
from fund.domain.fingerprints import Domain
from fund.services.context import Context
from fund.store import journal
from fund.store import persons as store
from fund.store.persons import KeptRow
from fund.vault import open_lines, seal_lines
from ledger.acts.users import persons_exported


def export_persons(context: Context) -> bytes:
    """Everything, encrypted; that it was taken out is an act of the admin's."""
    context.actor.must_be(*access.preparers("persons-exported"))
    lines = (json.dumps(asdict(row), separators=(",", ":")) for row in store.kept_rows(context.session))
    sealed = seal_lines(_key(context), lines)
    context.book_act(persons_exported(context.stamp()))
    return sealed


def import_persons(context: Context, sealed: bytes) -> int:
    """Put back what was exported, each value once its fingerprint is that of the books. Returns how many rows.

    What was erased meanwhile does not come back. Raises ``ExportUnreadable``, and ``PersonsNotAsBooked`` where one
    value is another than the books say: then none is written.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    kept: Iterable[KeptRow] = (KeptRow(**json.loads(line)) for line in open_lines(_key(context), sealed))
    entries = journal.entries_after(context.session, 0)
    put = store.put_back(context.session, entries, kept, context.fingerprints)
    if put.findings:
        raise errors.PersonsNotAsBooked(put.findings)
    return put.rows


def _key(context: Context) -> bytes:
    return context.fingerprints.subkey(Domain.EXPORT)
