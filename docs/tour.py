"""The commands whose output the documents show, run for real: README's ten minutes and what other pages add to them.

``python -m docs.tour`` runs ``fund demo`` and what follows in a temporary folder and rewrites the pages; a test
compares them. Under each ``$ command`` stands its output; ``…`` marks omitted lines.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).parents[1]
PAGES = (HOUSE / "README.md", HOUSE / "docs" / "operating.md", HOUSE / "docs" / "ledger.md")
"""In the order in which they are run: README plays the demo whose home the other pages read."""
_BLOCK = re.compile(r"(<!-- begin tour -->\n```console\n)(.*?)(```\n<!-- end tour -->)", re.DOTALL)
_SHOWN = {"fund demo": (10, 10), "fund balances": (8, 0), "python -m ledger": (5, 3), "fund rebuild": (0, 2)}
"""The number of first and last lines shown of a long output, by the beginning of its command."""
_PASSWORDS = "Users of this demo"
"""Heading of the demo's passwords, which are random and therefore cut off."""


def commands(block: str) -> list[str]:
    """The commands of a block."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def renewed(page: str, folder: Path) -> str:
    """The page with fresh outputs; its commands run in ``folder``, one after the other."""
    return _BLOCK.sub(lambda match: match[1] + _console(match[2], folder) + match[3], page)


def _console(block: str, folder: Path) -> str:
    exported: dict[str, str] = {}
    return "".join(f"$ {command}\n{_shown(command, _output(command, folder, exported))}" for command in commands(block))


def _output(command: str, folder: Path, exported: dict[str, str]) -> str:
    """Standard output of a command. ``export NAME=VALUE`` prints nothing and holds for the rest of its block."""
    if command.startswith("export "):
        name, _, value = command.removeprefix("export ").partition("=")
        exported[name] = value
        return ""
    bin_ = Path(sys.executable).parent
    path = f"{bin_}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FUND_")}
    environment |= {"PATH": path, "FUND_LANG": "en", "PYTHONPATH": str(HOUSE), "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
    environment |= exported
    # a path of this repository means that file, although the command runs elsewhere
    words = [str(HOUSE / word) if word.startswith(("docs/", "examples/")) else word for word in shlex.split(command)]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # what our own page shows
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout.replace(f"{folder}/", "")


def _shown(command: str, output: str) -> str:
    lines = [line.rstrip() for line in output.partition(_PASSWORDS)[0].splitlines() if line.strip()]
    for beginning, (first, last) in _SHOWN.items():
        if command.startswith(beginning) and len(lines) > first + last:
            lines = [*lines[:first], "…", *lines[len(lines) - last :]]
    return "".join(line + "\n" for line in lines)


def main() -> None:
    """Rewrite the pages."""
    with tempfile.TemporaryDirectory() as folder:
        for page in PAGES:
            page.write_text(renewed(page.read_text("utf-8"), Path(folder)), "utf-8")


if __name__ == "__main__":
    main()
