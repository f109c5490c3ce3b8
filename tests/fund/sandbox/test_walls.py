"""A process behind the walls: what it may do, and everything that it may not, with all walls and with each alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fund.sandbox.work import ENVIRONMENT

READS = {
    "read the copy": "(copy / 'a').read_text() == 'a' or fail()",
    "import a library": "__import__('mailbox')",
    "import a package": "__import__('jinja2')",
}
FILES = {
    "read the home": "(home / 'secret').read_text()",
    "list the home": "os.listdir(home)",
    "write the home": "(home / 'secret').write_text('x')",
    "empty a file": "os.truncate(home / 'secret', 0)",
    "make a file": "(home / 'new').write_text('x')",
    "remove a file": "(home / 'secret').unlink()",
    "rename a file": "(home / 'secret').rename(home / 'other')",
    "make a folder": "(home / 'folder').mkdir()",
    "link a file": "os.symlink(home / 'secret', home / 'link')",
    "write the copy": "(copy / 'a').write_text('x')",
    "write beside the copy": "(copy.parent / 'b').write_text('x')",
    "through a link": "(copy / 'way-out').read_text()",
    "start a program": "subprocess.run([sys.executable, '--version'], check=True, capture_output=True)",
    "start a shell": "os.system('exit 0') == 0 or fail()",
    "reach a server": "socket.create_connection(('127.0.0.1', port), 1)",
}
SCRIPT = """
import json, os, socket, subprocess, sys
from pathlib import Path
from fund.sandbox import landlock, walls

home, copy, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
wall, attempts = sys.argv[4], json.loads(sys.argv[5])
if wall == "hook":
    landlock.only_read = lambda folders: False
if wall == "kernel":
    sys.addaudithook = lambda hook: None
only_read, held = landlock.only_read, []
landlock.only_read = lambda folders: held.append(only_read(folders))
limits = walls.Limits(60, 2048 * walls.MEBIBYTE, 0)

def fail():
    raise PermissionError("not as told")

walls.confine(limits, copy)
answers = {}
for name, attempt in attempts.items():
    try:
        eval(attempt)
        answers[name] = "done"
    except Exception as error:
        answers[name] = type(error).__name__
sys.stdout.write(json.dumps([held[0], answers]))
"""


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """A home that everybody on the machine could change, and a copy with a link that leads out of it."""
    home, copy = tmp_path / "home", tmp_path / "copy"
    for folder in (home, copy):
        folder.mkdir()
        folder.chmod(0o777)
    (home / "secret").write_text("secret")
    (home / "secret").chmod(0o666)
    (copy / "a").write_text("a")
    (copy / "way-out").symlink_to(home / "secret")
    return home, copy


def tried(places: tuple[Path, Path], wall: str, attempts: dict[str, str]) -> tuple[bool, dict[str, str]]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        words = [str(places[0]), str(places[1]), str(server.getsockname()[1]), wall, json.dumps(attempts)]
        command = [sys.executable, "-I", "-c", SCRIPT, *words]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    held, answers = json.loads(done.stdout)
    return held, answers


@pytest.mark.parametrize("wall", ["all", "hook", "kernel"])
def test_nothing_is_read_or_changed_beyond_the_copy(places: tuple[Path, Path], wall: str) -> None:
    held, answers = tried(places, wall, FILES)
    if wall != "kernel" or held:
        assert {name for name, answer in answers.items() if answer == "done"} == set()
        assert [path.name for path in places[0].iterdir()] == ["secret"]
        assert (places[0] / "secret").read_text() == "secret"
        assert (places[1] / "a").read_text() == "a"


def test_what_it_needs_it_has(places: tuple[Path, Path]) -> None:
    assert set(tried(places, "all", READS)[1].values()) == {"done"}


@pytest.mark.long
def test_without_walls_each_attempt_succeeds(places: tuple[Path, Path]) -> None:
    """So the walls are what refuses them, and not the attempts that are wrong."""
    open_ground = SCRIPT.replace("walls.confine(limits, copy)", "held.append(False)")
    command = [sys.executable, "-I", "-c", open_ground, str(places[0]), str(places[1]), "0", "none"]
    for name, attempt in FILES.items():
        if name in ("remove a file", "rename a file", "reach a server"):
            continue
        done = subprocess.run(
            [*command, json.dumps({name: attempt})], env=ENVIRONMENT, capture_output=True, text=True, check=True
        )
        assert json.loads(done.stdout)[1] == {name: "done"}
