"""The demo's story file: each kind of event once, and nothing that is none."""

from pathlib import Path

import pytest

from fund.doors.demo.events import RentIncrease, read_events
from tests.house.source import HOUSE

STORY = HOUSE / "examples" / "trento-story.toml"


def test_the_story_has_each_kind_of_event_in_the_order_of_their_days() -> None:
    events = read_events(STORY)
    assert isinstance(events[0], RentIncrease)
    told = "amendment bank-return iban-change landlord-change outage paid-twice postponement rent-increase"
    assert sorted(event.what for event in events) == [*told.split(), "treasury-change"]
    assert [event.on for event in events] == sorted(event.on for event in events)


@pytest.mark.parametrize(("old", "new"), [('"outage"', '"earthquake"'), ('"520.00"', "520.0"), ("until", "to")])
def test_what_is_no_event_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "story.toml"
    path.write_text(STORY.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ValueError, match="validation error"):
        read_events(path)
