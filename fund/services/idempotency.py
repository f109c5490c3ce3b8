"""Answers already given: a request that comes again with its key changes nothing and gets the same answer."""

from dataclasses import dataclass

from fund.domain import errors
from fund.services.context import Context
from fund.store import service
from fund.store.tables import IdempotencyKey


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """What was answered: the status and the bytes."""

    status: int
    body: bytes


def recall(context: Context, key: str, request_sha256: str) -> StoredResponse | None:
    """The answer that the actor was given under a key. Raises ``IdempotencyKeyReused`` when the request was another."""
    row = service.find_answer(context.session, context.actor.code, key)
    if row is None:
        return None
    if row.request_sha256 != request_sha256:
        raise errors.IdempotencyKeyReused()
    return StoredResponse(row.status, row.body)


def remember(context: Context, key: str, request_sha256: str, answer: StoredResponse) -> None:
    """Keep an answer in the transaction of the change that it tells of."""
    context.insert(
        IdempotencyKey(
            user=context.actor.code,
            key=key,
            request_sha256=request_sha256,
            status=answer.status,
            body=answer.body,
            created_at=context.at,
        )
    )
