"""The log of disclosures: which user was shown which whole IBANs, when, and where. Codes only.

A use case that gives a whole IBAN notes it by ``Context.disclose``; the door writes the log.
"""

from fund.domain import access
from fund.services.context import Context
from fund.store import service
from fund.store.tables import Disclosure as Disclosure


def list_disclosures(
    context: Context, *, user: str | None = None, landlord: str | None = None, after: int = 0, limit: int | None = None
) -> list[Disclosure]:
    """The disclosures, newest first, by who was shown them and whose they were; ``after`` is the number of the last
    one shown.
    """
    context.actor.must_be(*access.READERS)
    return service.list_disclosures(context.session, user=user, landlord=landlord, after=after, limit=limit)
