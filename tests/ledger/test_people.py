"""Who may say what: each kind names the roles that prepare it, and the audit goes by them at that entry."""

from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ledger.__main__ import INTEGRITY
from ledger.chain import extend
from ledger.codes import PREPARER, ROLES, SYSTEM
from ledger.entries import Draft
from ledger.kind import ANY_USER, ANYBODY, Kind
from ledger.kinds import KINDS
from ledger.position import Position
from ledger.reader import record_of
from ledger.state import KnownUser
from tests.examples import first_of
from tests.ledger.kit import verify, write_forged
from tests.ledger.people import person, users
from tests.ledger.story import whole_story

STRANGER, AUDITOR = "U50", "U99"


@cache
def _said() -> dict[tuple[str, str], list[str]]:
    """What is said of the people of the first entry of each kind in the story, were it of somebody else."""
    said: dict[tuple[str, str], list[str]] = {}
    position = Position()
    for entry in extend(whole_story()):
        for by in (STRANGER, AUDITOR, SYSTEM) if (entry.kind, SYSTEM) not in said else ():
            known = deepcopy(position)
            known.users[STRANGER] = KnownUser(person(STRANGER), PREPARER)
            findings = known.judge(record_of(replace(entry, prepared_by=by)))
            said[entry.kind, by] = [finding.detail for finding in findings if finding.rule == "people"]
        position.judge(record_of(entry))
    return said


def _forged(kind: str) -> list[Draft]:
    """The story up to an entry of a kind, which a user has prepared who was added before it and never confirmed."""
    story = whole_story()
    place, draft = next((place, draft) for place, draft in enumerate(story) if draft.kind == kind)
    return [*story[:place], users(str(draft.date), STRANGER)[4], replace(draft, prepared_by=STRANGER)]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_kind_says_who_prepares_it(kind: Kind) -> None:
    assert kind.preparers
    assert {*kind.preparers} <= {*ROLES, SYSTEM, None}
    assert not kind.two_people or not {SYSTEM, None} & {*kind.preparers}, "two people are people of a role"
    if None in kind.preparers:
        assert kind.preparers in (ANY_USER, ANYBODY), "which say why"


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if None not in kind.preparers])
def test_who_was_never_in_force_prepares_nothing(name: str) -> None:
    assert any(f"by {STRANGER}, who" in detail for detail in _said()[name, STRANGER])


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if SYSTEM not in kind.preparers])
def test_the_service_prepares_nothing_that_is_for_people(name: str) -> None:
    assert f"{name} that the service prepared, which is for people" in _said()[name, SYSTEM]


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if "auditor" not in kind.preparers])
def test_an_auditor_prepares_nothing_of_the_offices(name: str) -> None:
    assert any(f"by {AUDITOR}, who" in detail for detail in _said()[name, AUDITOR])


@pytest.mark.parametrize("name", first_of(["lease", "rent", "lease-end", "proposal-made"]))
def test_a_forged_chain_with_a_strangers_word_is_named_by_the_command(name: str, tmp_path: Path) -> None:
    drafts = _forged(name)
    write_forged(tmp_path / "books", drafts)
    told = verify(tmp_path / "books")
    assert told.returncode == INTEGRITY
    assert f"entry {len(drafts)}" in told.stdout
    assert f"prepared by {STRANGER}, who is not in force" in told.stdout
