"""Whatever a command may import, imported, and what it would work out anew each time, worked out: see ``forking``.

A month is paid and verified for it: patterns of the books are compiled then, and the statements of the database.
"""

import functools
import gc
import importlib
import pkgutil
from pathlib import Path
from tempfile import TemporaryDirectory

import typer.main
import typer.rich_utils
from sqlalchemy.orm import configure_mappers

import fund
import tests.compiled_once
import tests.unsynced
import tests.verified_once  # noqa: F401  # for its effect
from fund.documents.catalogue import LANGUAGES, translator
from fund.doors.cli.commands import application
from tests.fund.engines import SqliteHost, migrated
from tests.fund.kit import MARCH, found_office, open_office

for module in pkgutil.walk_packages(fund.__path__, "fund."):
    if ".migrations." not in module.name:
        importlib.import_module(module.name)
configure_mappers()
get_command = typer.main.get_command
commands_of = functools.cache(lambda known, _number_of_commands: get_command(known))
typer.main.get_command = lambda known: commands_of(known, len(known.registered_commands))  # a test may add one
typer.main.get_command(application)
for language in LANGUAGES:
    translator(language)
with TemporaryDirectory() as folder:
    url = migrated(SqliteHost(Path(folder)))
    office = open_office(Path(folder, "home"), url)
    found_office(office)
    office.on("2022-03-05").pay_month(MARCH)
    office.findings()
    office.close()
gc.collect()
gc.freeze()  # a fork that collects garbage would copy every page of what is imported here
