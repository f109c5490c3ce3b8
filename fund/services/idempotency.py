"""Answers already given: a request that comes again with its key changes nothing and is told the same."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from fund.domain import errors
from fund.services.context import Context
from fund.store.tables import IdempotencyKey, table

_key = table(IdempotencyKey)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the status and the bytes."""

    status: int
    body: bytes


def recall(context: Context, key: str, request_sha256: str) -> Answer | None:
    """The answer that the actor was given under a key. Raises ``KeyUsedOtherwise`` when the request was another."""
    row = context.run(select(_key).where(_key.c.user == context.actor.code, _key.c.key == key)).one_or_none()
    if row is None:
        return None
    if row.request_sha256 != request_sha256:
        raise errors.KeyUsedOtherwise()
    return Answer(row.status, bytes(row.body))


def remember(context: Context, key: str, request_sha256: str, answer: Answer) -> None:
    """Keep an answer in the transaction of the change that it tells of."""
    context.run(
        insert(_key).values(
            user=context.actor.code,
            key=key,
            request_sha256=request_sha256,
            status=answer.status,
            body=answer.body,
            created_at=context.at,
        )
    )
