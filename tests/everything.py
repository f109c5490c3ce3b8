"""Whatever a command may import, imported: see ``forking``."""

import importlib
import pkgutil

import fund

for module in pkgutil.walk_packages(fund.__path__, "fund."):
    if ".migrations." not in module.name:
        importlib.import_module(module.name)
