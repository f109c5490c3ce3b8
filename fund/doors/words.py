"""The words in which the office reads: the catalogue of its language, and each user by their login."""

from dataclasses import replace

from fund.documents.catalogue import Translator, translator
from fund.services.context import Context
from fund.services.desk.lists import landlord_names
from fund.services.users import users


def office_words(context: Context, language: str) -> Translator:
    """A translator that names users by their logins, and landlords where the reader may, for pages and the terminal;
    books and API keep their codes.
    """
    return replace(translator(language), users=users.logins(context), landlords=landlord_names(context).get)
