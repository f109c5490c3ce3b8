"""The papers say what the code does: generated parts, commands, links, invariants, pins."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest
import typer
from typer._click.exceptions import MissingParameter

from docs import generate, tour
from fund.doors.cli.commands import application
from tests.conftest import Golden
from tests.fund.doors.web.pages_of_all import PAGES as DESK
from tests.house.source import HOUSE, ROOTS

README = (HOUSE / "README.md").read_text("utf-8")
CONTRIBUTING = (HOUSE / "CONTRIBUTING.md").read_text("utf-8")
GUIDES = [HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md"))]
PAGES = [HOUSE / "README.md", HOUSE / "CONTRIBUTING.md", *sorted((HOUSE / "docs").rglob("*.md"))]
SETUP = "python3 -m venv .venv && .venv/bin/pip install -q -r {} && {} && "
EDITABLE = ".venv/bin/pip install -q --no-deps --no-build-isolation -e ."
DEMO_LINE = SETUP.format("requirements.txt", EDITABLE) + ".venv/bin/fund demo"
TEST_LINE = SETUP.format("requirements-dev.txt", EDITABLE) + ".venv/bin/pytest -n auto"
SCHEMA_HOSTS = {"www.w3.org", "ws.pagamenti.telematici.gov"}
HOSTS = {"beancount.github.io", "example.org", "yml.publiccode.tools", "127.0.0.1:", "127.0.0.1:8000", *SCHEMA_HOSTS}
"""The hosts that may be named: documents, examples, and the reader's own machine. No registry is among them."""
PAGE_ADDRESSES = {page.route.split("/")[1] for page in DESK}
FOLDERS = {"api", "dev", "proc", *PAGE_ADDRESSES}
"""How an absolute path may begin: addresses of the API and the desk, devices, and what Linux says of a process."""
_HOST = re.compile(r"https?://([\w.:-]+)")
_ABSOLUTE = re.compile(r"""(?:^|[\s"'`=(])/([a-z]\w*)/[\w.-]""", re.MULTILINE)


root = typer.main.get_command(application)


def _page_id(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


@pytest.mark.parametrize("page", generate.PAGES, ids=_page_id)
def test_generated_parts_are_fresh(page: Path, golden: Golden) -> None:
    golden(page, generate.renewed(page.read_text("utf-8")).encode())


def test_each_generated_part_stands_on_one_page() -> None:
    begun = [
        name for page in GUIDES for name in re.findall(r"^<!-- begin ([a-z-]+) -->$", page.read_text("utf-8"), re.M)
    ]
    assert sorted(name for name in begun if name != "tour") == sorted(generate.PARTS)


@pytest.mark.long
def test_the_tour_tells_what_the_commands_print(tmp_path: Path, golden: Golden) -> None:
    assert {page for page in GUIDES if "<!-- begin tour -->" in page.read_text("utf-8")} == set(tour.PAGES)
    for page in tour.PAGES:
        golden(page, tour.renewed(page.read_text("utf-8"), tmp_path).encode())


def test_readme_is_a_front_door() -> None:
    assert len(README.splitlines()) <= 150


def test_readme_holds_the_two_commands() -> None:
    fenced = re.findall(r"```sh\n(python3 -m venv .*)\n```", README)
    assert fenced == [DEMO_LINE, TEST_LINE]


def test_ci_takes_the_test_command_from_readme() -> None:
    ci = (HOUSE / ".ci" / "run").read_text("utf-8")
    assert "README.md" in ci
    assert "pip install -q -r" not in ci
    assert '"$bin/pytest" -n auto -m long' in ci and "`pytest -n auto -m long`" in CONTRIBUTING
    assert '"$bin/pytest" -n auto tests/official' in ci and "`tests/official`" in CONTRIBUTING
    assert ci.count("pytest") == 3, "the tests are run by README's lines and no other"
    assert ci.index("unset") < ci.index("git clone") < ci.index("README.md"), "on a stranger's machine"


def _typed(page: Path) -> Iterator[list[str]]:
    """The commands that a page shows as they are typed, in its fences."""
    for fence in re.findall(r"```(?:sh|console)\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in fence.splitlines():
            typed = line.removeprefix("$ ").rpartition(" | ")[2]
            if typed.startswith("fund "):
                yield shlex.split(typed)[1:]


def _mentioned(page: Path) -> Iterator[list[str]]:
    """The commands that the text of a page names, with or without their arguments."""
    for inline in re.findall(r"`(fund [^`\n]*)`", _without_generated(page.read_text("utf-8"))):
        yield shlex.split(inline)[1:]


def _without_generated(text: str) -> str:
    return re.sub(r"<!-- begin commands -->.*?<!-- end commands -->", "", text, flags=re.DOTALL)


TYPED = [words for page in GUIDES for words in _typed(page)]
MENTIONED = [words for page in GUIDES for words in _mentioned(page) if words != ["--help"]]


def _path(words: list[str]) -> tuple[str, ...]:
    """Parse words as the real command line does, and return the subcommand that they name."""
    context, rest, names = root.make_context("fund", list(words), resilient_parsing=False), list(words), []
    command = root
    while hasattr(command, "resolve_command"):
        rest = [*context._protected_args, *context.args]
        name, found, rest = command.resolve_command(context, rest)
        assert name is not None
        assert found is not None
        names.append(name)
        context = found.make_context(name, rest, parent=context)
        command = found
    return tuple(names)


@pytest.mark.parametrize("words", TYPED, ids=" ".join)
def test_each_command_typed_is_one_of_the_real_ones(words: list[str]) -> None:
    assert _path(words)


@pytest.mark.parametrize("words", MENTIONED, ids=" ".join)
def test_each_command_mentioned_has_its_name_and_options(words: list[str]) -> None:
    try:
        assert _path(words)
    except MissingParameter:
        assert not {word for word in words if word.isupper()}, "one argument is named and another is not"


def _real_commands() -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        found |= {(name, inner) for inner in command.commands} if hasattr(command, "commands") else {(name,)}
    return found


def test_each_command_is_shown_as_it_is_typed() -> None:
    assert _real_commands() - {_path(words) for words in TYPED} == set()


@pytest.mark.parametrize("page", PAGES, ids=_page_id)
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", prose)]
    assert not [t for t in targets if t and "://" not in t and not (page.parent / t).exists()]


def test_names_of_the_glossary_lead_to_code() -> None:
    names = re.findall(r"`((?:fund|ledger)\.[\w.]+)`", (HOUSE / "docs" / "glossary.md").read_text("utf-8"))
    assert len(names) > 10
    for name in names:
        assert resolve_name(name) is not None


def test_each_package_has_its_invariant() -> None:
    text = (HOUSE / "docs" / "architecture.md").read_text("utf-8")
    told = re.findall(r"^\*\*(.+?)\*\* —(?:(?!\n\n).)*?\nInvariant: \S", text, re.MULTILINE | re.DOTALL)
    named = {name for heading in told for name in re.findall(r"`([^`]+)`", heading)}
    packages = {
        path.parent.relative_to(HOUSE).as_posix()
        for pattern in ("*/__init__.py", "fund/*/__init__.py")
        for path in HOUSE.glob(pattern)
        if path.relative_to(HOUSE).parts[0] in ROOTS
    }
    assert packages - {"fund"} - named == set()


def test_paths_named_in_architecture_exist() -> None:
    text = (HOUSE / "docs" / "architecture.md").read_text("utf-8")
    paths = re.findall(r"(?<![\w/])((?:fund|ledger|tests|docs|templates|examples)/[\w/.]*)", text)
    assert not [path for path in paths if not (HOUSE / path.rstrip(".")).exists()]


def test_decisions_are_numbered_and_say_why() -> None:
    files = sorted((HOUSE / "docs" / "decisions").glob("*.md"))
    numbers = [file.name[:4] for file in files]
    assert numbers == sorted(set(numbers)), "each number once; branches that are not landed may hold those between"
    for file in files:
        text = file.read_text("utf-8")
        assert text.startswith(f"# {int(file.name[:4])}. "), file.name
        parts = re.findall(r"^\*\*(Context|Decision|Consequences)\.\*\*", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], file.name
        assert len(text.splitlines()) <= 40, f"{file.name} is longer than a page"


def test_decisions_named_in_code_exist() -> None:
    numbers = {file.name[:4] for file in (HOUSE / "docs" / "decisions").glob("*.md")}
    sources = [path for root in ("ledger", "fund", "benchmarks") for path in (HOUSE / root).rglob("*.py")]
    texts = " ".join(path.read_text("utf-8") for path in sources)
    named = {
        number for match in re.findall(r"decisions? (\d{4}(?: and \d{4})*)", texts) for number in match.split(" and ")
    }
    assert named
    assert named <= numbers


def _published() -> list[Path]:
    names = (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "Makefile",
        "publiccode.yml",
        "pyproject.toml",
        "requirements.txt",
        "requirements-dev.txt",
        ".ci/run",
    )
    folders = ("docs", "benchmarks", "examples", "templates", "fund", "ledger")
    kinds = {".md", ".py", ".toml", ".po", ".html", ".typ", ".mako", ".css", ".js"}
    inside = [path for folder in folders for path in (HOUSE / folder).rglob("*") if path.suffix in kinds]
    return [HOUSE / name for name in names] + inside


def test_no_machine_and_no_registry_is_named() -> None:
    for path in _published():
        text = path.read_text("utf-8").replace("#!/usr/bin/env bash", "")
        assert set(_HOST.findall(text)) <= HOSTS, path
        if not {"api", "web"} & set(path.parts):  # their routes begin like paths
            assert set(_ABSOLUTE.findall(text)) <= FOLDERS, path


def _pins(name: str) -> dict[str, str]:
    text = (HOUSE / name).read_text("utf-8")
    assert set(re.findall(r"--[a-z-]+", text)) == {"--hash"}
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", text, re.MULTILINE))


def test_everything_is_pinned() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    pins, dev_pins = _pins("requirements.txt"), _pins("requirements-dev.txt")
    names = {re.split(r"[\[<>=]", line)[0] for line in project["dependencies"]}
    dev_names = {re.split(r"[\[<>=]", line)[0] for line in project["optional-dependencies"]["dev"]} - {project["name"]}
    assert names | {"hatchling"} <= set(pins)
    assert dev_names <= set(dev_pins)
    assert pins.items() <= dev_pins.items(), "both files pin the same versions"


PUBLICCODE = {
    "publiccodeYmlVersion": r"0\.4",
    "name": r".+",
    "url": r"https://\S+",
    "releaseDate": r"\d{4}-\d{2}-\d{2}",
    "softwareVersion": r"\d+\.\d+\.\d+(\.dev\d+)?",
    "platforms": "",
    "developmentStatus": r"concept|development|beta|stable|obsolete",
    "softwareType": r"standalone/\w+",
    "description": "",
    "legal": "",
    "maintenance": "",
    "localisation": "",
    "it": "",
}
"""The keys that the standard requires of everybody, and what their value looks like where it is one line."""


def test_publiccode_has_what_the_standard_asks() -> None:
    text = (HOUSE / "publiccode.yml").read_text("utf-8")
    top = dict(re.findall(r"^([A-Za-z]+):[ ]?(.*)$", text, re.MULTILINE))
    for key, pattern in PUBLICCODE.items():
        assert re.fullmatch(pattern, top[key].strip('"')), key
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    assert top["softwareVersion"].strip('"') == project["version"]
    assert f"license: {project['license']}\n" in text
    for language in ("it", "en"):
        section = re.search(rf"^  {language}:\n((?:    .*\n|\n)+)", text, re.MULTILINE)
        assert section is not None, language
        for key in ("shortDescription", "longDescription", "features"):
            assert re.search(rf"^    {key}:", section[1], re.MULTILINE), f"{language}.{key}"
        long = re.search(r"longDescription: >-?\n((?:      .*\n|\n)+)", section[1])
        assert long is not None
        assert 150 <= len(" ".join(long[1].split())) <= 10_000
        short = re.search(r'shortDescription: "?([^"\n]+)', section[1])
        assert short is not None
        assert len(short[1]) <= 150
    for line in ("  type: internal", "  contacts:", "  localisationReady: true", "  availableLanguages:"):
        assert f"\n{line}" in text, line
    assert '\n  countryExtensionVersion: "1.0"' in text
