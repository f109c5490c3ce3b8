"""Examples of refusals: the books, closings, rebuilds and questions."""

from dataclasses import replace

from fund.app import open_app
from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.fingerprints import Domain, Fingerprints
from fund.sandbox.fava import Fava
from fund.sandbox.work import QUERY
from fund.services.books import closings, keys, persons, questions, reading_room, rebuilding
from fund.services.books.books import check_empty
from fund.services.money import money
from fund.settings import Settings
from fund.vault import seal_lines
from ledger.months import Month
from tests.fund.kit import KEY, Office, close_months
from tests.fund.services.refusals.examples import Refused, examples

EXAMPLES, example = examples()


@example(errors.AlreadyExists)
def a_rebuild_over_a_fund(office: Office) -> Refused:
    return lambda: office.do(SYSTEM, rebuilding.rebuild, rebuilding.read_source(office.app.settings.books))


@example(errors.MonthNotOver)
def a_closing_of_a_month_that_runs(office: Office) -> Refused:
    close_months(office.on("2022-02-28"))
    return lambda: office.do(SYSTEM, closings.close_month, Month(2022, 2))


@example(errors.MonthNotOver)
def a_closing_out_of_order(office: Office) -> Refused:
    office.on("2022-03-05")
    return lambda: office.do(SYSTEM, closings.close_month, Month(2022, 2))


@example(errors.BooksNotEmpty)
def a_fund_on_top_of_books(office: Office) -> Refused:
    return lambda: check_empty(office.app.settings.books)


@example(errors.InvalidInput)
def a_check_for_what_cannot_be_a_head(office: Office) -> Refused:
    return lambda: office.ask(office.auditor, questions.recheck, office.app.settings.books, "zz")


@example(errors.RebuildUnfinished)
def anything_in_a_home_whose_rebuild_was_cut_off(office: Office) -> Refused:
    office.app.settings.rebuild_mark.touch()
    return lambda: open_app(office.app.settings)


@example(errors.FingerprintKeyMissing)
def a_start_without_the_key_of_the_fingerprints(office: Office) -> Refused:
    office.app.settings.fingerprint_key_file.unlink()
    return lambda: open_app(office.app.settings)


@example(errors.FingerprintKeyDamaged)
def a_start_with_half_a_key(office: Office) -> Refused:
    key_file = office.app.settings.fingerprint_key_file
    key_file.write_bytes(key_file.read_bytes()[:20])
    return lambda: open_app(office.app.settings)


@example(errors.FingerprintKeyWrong)
def a_start_with_the_key_of_another_fund(office: Office) -> Refused:
    office.app.settings.fingerprint_key_file.unlink()
    office.app.fingerprint_key.make()
    return lambda: open_app(office.app.settings)


@example(errors.FingerprintKeyWrong)
def the_change_to_another_key_than_was_proposed(office: Office) -> Refused:
    number = office.do(office.admin, keys.propose_key)
    successor = office.app.fingerprint_key.successor
    successor.path.unlink()
    successor.make()
    return lambda: office.confirm(number, by=office.auditor)


@example(errors.KeyChangeWaits)
def another_key_while_something_waits_for_a_second_person(office: Office) -> Refused:
    office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)
    return lambda: office.do(office.admin, keys.propose_key)


@example(errors.KeyExposed)
def a_start_with_a_key_that_others_can_read(office: Office) -> Refused:
    office.app.settings.fingerprint_key_file.chmod(0o640)
    return lambda: open_app(office.app.settings)


@example(errors.IntegrityBroken)
def anything_once_the_books_were_changed(office: Office) -> Refused:
    path = max((office.app.settings.books / "months").iterdir())
    text = path.read_bytes()
    path.write_bytes(text[:-2].replace(b"450.00", b"451.00") + text[-2:])
    return lambda: office.prepare(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1)


@example(errors.IntegrityBroken)
def a_rebuild_from_books_that_were_changed(office: Office) -> Refused:
    books = office.app.settings.books
    path = min((books / "months").iterdir())
    path.write_bytes(path.read_bytes().replace(b"10000.00", b"10000.01"))
    empty = _empty_office(office)
    return lambda: _closing(empty, lambda: empty.do(SYSTEM, rebuilding.rebuild, rebuilding.read_source(books)))


def _empty_office(office: Office) -> Office:
    home = office.app.settings.home / "empty"
    return Office(open_app(Settings(home, f"sqlite:///{home / 'fund.sqlite'}"), office.clock), office.clock)


def _closing(office: Office, refused: Refused) -> object:
    try:
        return refused()
    finally:
        office.close()


@example(errors.FundMissing)
def a_home_without_a_fund(office: Office) -> Refused:
    empty = _empty_office(office)
    return lambda: _closing(empty, empty.balances)


@example(errors.QueryRefused)
def a_query_that_writes_a_file(office: Office) -> Refused:
    return lambda: office.ask(office.auditor, questions.ask, office.app.settings.books, ".output books.txt")


@example(errors.QueryTimeout)
def a_query_that_never_ends(office: Office) -> Refused:
    impatient = replace(QUERY, wall_seconds=1)
    endless = f"SELECT grep('(a+)+$', '{'a' * 60}b')"
    return lambda: office.ask(office.auditor, questions.ask, office.app.settings.books, endless, impatient)


@example(errors.ResultTooLarge)
def a_query_with_more_rows_than_allowed(office: Office) -> Refused:
    short = replace(QUERY, max_rows=3)
    return lambda: office.ask(office.auditor, questions.ask, office.app.settings.books, "SELECT account", short)


@example(errors.FavaNotStarted)
def fava_without_time_to_start(office: Office) -> Refused:
    fava, books = Fava("/fava", start_seconds=0), office.app.settings.books
    return lambda: fava.address("0" * 64, lambda: office.ask(office.auditor, reading_room.snapshot, books))


@example(errors.ExportUnreadable)
def personal_values_of_another_fund(office: Office) -> Refused:
    return lambda: office.do(SYSTEM, persons.import_persons, seal_lines(bytes(32), ["{}"]))


@example(errors.PersonsNotAsBooked)
def personal_values_that_the_books_do_not_know(office: Office) -> Refused:
    row = '{"table":"household","key":["N77"],"values":{"tax_code":"x"}}'
    sealed = seal_lines(Fingerprints(KEY).subkey(Domain.EXPORT), [row])
    return lambda: office.do(SYSTEM, persons.import_persons, sealed)
