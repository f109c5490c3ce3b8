"""Stock Beancount, as an auditor runs it: its commands and its loader, without the cache beside the books.

Where loading takes a second, which it does on a busy machine, Beancount leaves a pickle there.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

NO_CACHE = {"BEANCOUNT_DISABLE_LOAD_CACHE": "1"}


def run_stock(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command that Beancount or Beanquery brings."""
    command = [str(Path(sys.executable).with_name(name)), *map(str, arguments)]
    return subprocess.run(command, env=os.environ | NO_CACHE, capture_output=True, text=True, check=False)


def load_stock(file: Path) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """Load books in this process; returns entries, errors and options."""
    from beancount import loader

    loader.initialize(use_cache=False)
    entries, errors, options = loader.load_file(str(file))
    return entries, errors, options
