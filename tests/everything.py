"""Whatever a command may import, imported, and what it would work out anew each time, worked out: see ``forking``."""

import gc
import importlib
import pkgutil

from sqlalchemy.orm import configure_mappers

import fund
import tests.compiled_once
import tests.unsynced
import tests.verified_once  # noqa: F401  # for its effect

for module in pkgutil.walk_packages(fund.__path__, "fund."):
    if ".migrations." not in module.name:
        importlib.import_module(module.name)
configure_mappers()
gc.collect()
gc.freeze()  # a fork that collects garbage would copy every page of what is imported here
