"""The rows that acts about payouts make."""

from collections.abc import Mapping

from sqlmodel import Session

from fund.store.projections.rows import Keys, Projection, insert
from fund.store.rows import Values
from fund.store.tables import Acknowledgement, BatchExport
from ledger.entries import Entry

KEYS: Keys = {Acknowledgement: ("id",), BatchExport: ("sha256",)}


def _acknowledged(session: Session, act: Entry, given: Values) -> None:
    acknowledged = {
        Acknowledgement.id: act.seq,
        Acknowledgement.acknowledged_by: act.prepared_by,
        Acknowledgement.acknowledged_at: act.recorded_at,
        Acknowledgement.row_fingerprint: act.facts.fingerprint,
    }
    insert(session, Acknowledgement, {**given, **acknowledged})


def _exported(session: Session, act: Entry, given: Values) -> None:
    exported = {
        BatchExport.batch: act.facts.batch,
        BatchExport.sha256: act.facts.evidence,
        BatchExport.row_fingerprint: act.facts.fingerprint,
    }
    insert(session, BatchExport, {**given, **exported})


PROJECTIONS: Mapping[str, Projection] = {"acknowledgement": _acknowledged, "export": _exported}
