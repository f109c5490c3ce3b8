"""The people behind households and landlords: one person is one household or one landlord, and stands once."""

from dataclasses import dataclass

from fund.domain import errors
from fund.domain.controls import Party, standing_alike, standing_twice
from fund.domain.fingerprints import Domain
from fund.domain.identifiers import fit_for, parse_tax_code, without_omocodia
from fund.services.context import Context
from fund.store import landlords as store
from fund.store.landlords import Person
from fund.store.users import user_of_person


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A valid tax code, normalised, and its fingerprint, by which the books and the tables know its person."""

    tax_code: str
    fingerprint: str


def read_person(context: Context, tax_code: str) -> KnownPerson:
    """The person of a household or a landlord. Raises ``InvalidInput`` for no tax code, or a wrong one, and
    ``PersonIsUserAndPaid`` for a user's, under a former key as well.
    """
    with fit_for("tax_code"):
        valid = parse_tax_code(tax_code)
    if user_of_person(context.session, *context.known_as(Domain.TAX_CODE, valid)) is not None:
        raise errors.PersonIsUserAndPaid()
    return KnownPerson(valid, context.fingerprints.of(Domain.TAX_CODE, valid))


def check_free(context: Context, person: str, *, but: str | None = None, may_stand: bool = False) -> None:
    """No other household or landlord is of this person, and no user; where they ``may_stand``, no landlord or user is.

    Raises ``PersonIsHousehold``, ``PersonIsLandlord`` and ``PersonIsUserAndPaid``. Writers are alone, so what is
    checked here still holds when the row is written; two UNIQUE indexes hold it too.
    """
    if user_of_person(context.session, person) is not None:
        raise errors.PersonIsUserAndPaid()
    others = [row.code for row in store.households_of(context.session, person) if row.code != but]
    if others and not may_stand:
        raise errors.PersonIsHousehold(others[0])
    if (landlord := store.landlord_of(context.session, person)) is not None:
        raise errors.PersonIsLandlord(landlord)


def people_twice(context: Context) -> dict[str, tuple[str, ...]]:
    """Households and landlords whose person stands twice, each with the codes of the others."""
    return standing_twice(_parties(context), context.fund().cap_months)


def people_alike(context: Context) -> dict[str, tuple[str, ...]]:
    """Households and landlords whose tax codes differ by omocodia alone, each with the codes of the others."""
    return standing_alike(_parties(context))


def _parties(context: Context) -> list[Party]:
    return [_party(person) for person in store.list_people(context.session)]


def _party(person: Person) -> Party:
    root = None if person.tax_code is None else without_omocodia(person.tax_code)
    return Party(person.code, person.person, root, person.months, person.is_open)
