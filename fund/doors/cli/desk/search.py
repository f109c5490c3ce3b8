"""Finding anything by its code, or by what is known of it, at the command line."""

from fund.documents.month_names import read_month
from fund.doors.cli.output import print_json, print_table
from fund.doors.cli.session import Session, actor
from fund.doors.http.schema import view_json
from fund.doors.tables.search import HITS
from fund.doors.transaction import reading
from fund.doors.words import office_words
from fund.services.desk import search


def find(session: Session, text: str, login: str | None, *, as_json: bool) -> None:
    """Print what a text finds."""
    with session.app() as app, reading(app, actor(app, login)) as context:
        hits = search.search(context, read_month(text) or text)
        speak = office_words(context, session.language)
    if as_json:
        print_json(view_json(hits))
    else:
        print_table(HITS, hits, speak)
