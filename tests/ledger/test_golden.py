"""One small complete set of books, byte for byte, and what stock Beancount says of each event."""

from pathlib import Path

from ledger.chain import extend
from ledger.kinds import KINDS
from ledger.verify import verify_books
from tests.conftest import Golden
from tests.ledger.kit import Journal, files_of, verify
from tests.ledger.story import whole_story

GOLDEN = Path(__file__).parent / "golden"


def test_the_story_tells_each_event() -> None:
    assert {draft.kind for draft in whole_story()} == set(KINDS)


def test_the_books_are_the_golden_ones(tmp_path: Path, golden: Golden) -> None:
    Journal(extend(whole_story())).publish(tmp_path / "books")
    files = files_of(tmp_path / "books")
    for name, data in files.items():
        golden(GOLDEN / "books" / name, data)
    assert set(files_of(GOLDEN / "books")) == set(files)
    golden(GOLDEN / "verify.txt", verify(tmp_path / "books").stdout.encode("ascii"))


def test_the_golden_books_are_whole() -> None:
    result = verify_books(GOLDEN / "books")
    assert result.findings == ()
    assert result.count == len(whole_story())
