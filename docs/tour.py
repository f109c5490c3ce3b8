"""The ten minutes of README.md, lived: its commands are run for real and its outputs are theirs.

``python -m docs.tour`` runs ``fund demo`` and what follows in a folder of its own, and writes README.md anew; a test
compares. Under each ``$ command`` stands what it printed; ``…`` stands for lines that are left out.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).parents[1]
README = HOUSE / "README.md"
_BLOCK = re.compile(r"(<!-- begin tour -->\n```console\n)(.*?)(```\n<!-- end tour -->)", re.DOTALL)
_SHOWN = {"fund balances": (8, 0), "python -m ledger": (5, 3), "sha256sum": (0, 1), "fund rebuild": (0, 2)}
"""How many first and last lines are shown of a long output, by the beginning of its command."""
_PASSWORDS = "Users of this demo"
"""Where the demo begins to tell passwords, which are others each time."""


def blocks(page: str) -> list[str]:
    """The blocks of the page that are run, without their outputs: each a list of commands."""
    return [match[2] for match in _BLOCK.finditer(page)]


def commands(block: str) -> list[str]:
    """The commands of a block."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def renewed(page: str, folder: Path) -> str:
    """The page with each output as it is now; the commands are run in ``folder``, one after the other."""
    return _BLOCK.sub(lambda match: match[1] + _told(match[2], folder) + match[3], page)


def _told(block: str, folder: Path) -> str:
    exported: dict[str, str] = {}
    return "".join(f"$ {command}\n{_shown(command, _output(command, folder, exported))}" for command in commands(block))


def _output(command: str, folder: Path, exported: dict[str, str]) -> str:
    """What a command prints. ``export NAME=VALUE`` prints nothing and holds for the rest of its block."""
    if command.startswith("export "):
        name, _, value = command.removeprefix("export ").partition("=")
        exported[name] = value
        return ""
    bin_ = Path(sys.executable).parent
    path = f"{bin_}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FUND_")}
    environment |= {"PATH": path, "FUND_LANG": "en", "PYTHONPATH": str(HOUSE), "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
    environment |= exported
    # a word that names a file of this house means that file, wherever the command is run
    words = [str(HOUSE / word) if word.startswith(("docs/", "examples/")) else word for word in shlex.split(command)]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
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
    """Write README.md anew."""
    with tempfile.TemporaryDirectory() as folder:
        README.write_text(renewed(README.read_text("utf-8"), Path(folder)), "utf-8")


if __name__ == "__main__":
    main()
