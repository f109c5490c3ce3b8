"""The words in which the office reads: the catalogue of its language, and each user by their login."""

from dataclasses import replace

from fund.documents.catalogue import Translator, translator
from fund.services.context import Context
from fund.services.users import users


def office_words(context: Context, language: str) -> Translator:
    """A translator that names users by their logins, for pages and the terminal; books and API keep their codes."""
    return replace(translator(language), users=users.logins(context))
