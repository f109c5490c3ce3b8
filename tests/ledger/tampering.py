"""Changes by hand to good books, as (rule, name, how): ``FILES``."""

import os
from collections.abc import Callable
from pathlib import Path

from tests.ledger.kit import reframe

FILES: list[tuple[str, str, Callable[[Path], object]]] = []


def by_hand(rule: str, name: str) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    def register(how: Callable[[Path], object]) -> Callable[[Path], object]:
        FILES.append((rule, name, how))
        return how

    return register


def edit(books: Path, old: bytes, new: bytes, name: str = "months/2022-04.beancount") -> None:
    """Change a file's first ``old`` and make the manifest fit, as a careful hand would."""
    path = books / name
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    reframe(books)


def _blocks(books: Path) -> tuple[Path, list[bytes]]:
    path = books / "months/2022-04.beancount"
    return path, path.read_bytes().removesuffix(b"\n\n").split(b"\n\n")


def _rewrite(books: Path, order_of: Callable[[list[bytes]], list[bytes]]) -> None:
    path, blocks = _blocks(books)
    path.write_bytes(b"\n\n".join(order_of(blocks)) + b"\n\n")
    reframe(books)


@by_hand("chain", "one digit of an amount")
def _digit(books: Path) -> None:
    edit(books, b"400.00 EUR", b"401.00 EUR")


@by_hand("chain", "a record deleted")
def _deleted(books: Path) -> None:
    _rewrite(books, lambda blocks: [blocks[0], *blocks[2:]])


@by_hand("chain", "two records swapped")
def _swapped(books: Path) -> None:
    _rewrite(books, lambda blocks: [blocks[1], blocks[0], *blocks[2:]])


@by_hand("chain", "a record twice")
def _twice(books: Path) -> None:
    _rewrite(books, lambda blocks: [blocks[0], *blocks])


@by_hand("chain", "a month's file deleted")
def _month_gone(books: Path) -> None:
    (books / "months/2022-04.beancount").unlink()
    reframe(books)


for _name, _text in {
    "a plugin": b'plugin "os"\n\n',
    "an include": b'include "/etc/hostname"\n\n',
    "an option": b'option "title" "another"\n\n',
    "a transaction of nobody": b'2022-04-30 * "gift"\n  Assets:Treasury  1.00 EUR\n  Equity:Fund:Available\n\n',
    "a comment": b"; nothing\n\n",
    "an empty record": b"\n\n",
    "a lone newline": b"\n",
    "a document": b'2022-04-30 document Assets:Treasury "/etc/hostname"\n\n',
    "a byte outside ASCII": "; è\n\n".encode(),
    "a carriage return": b"\r\n\r\n",
}.items():

    @by_hand("gate", _name)
    def _added(books: Path, text: bytes = _text) -> None:
        path = books / "months/2022-04.beancount"
        path.write_bytes(path.read_bytes() + text)
        reframe(books)


@by_hand("gate", "an amount that is a sum to work out")
def _division(books: Path) -> None:
    edit(books, b" 400.00 EUR", b"    1/0 EUR")


@by_hand("gate", "a plugin line inside a record")
def _inside(books: Path) -> None:
    edit(books, b'  household: "N01"\n', b'  household: "N01"\nplugin "os"\n')


@by_hand("gate", "a tab for a space")
def _tab(books: Path) -> None:
    edit(books, b"  household:", b"\thousehold:")


@by_hand("gate", "metadata twice")
def _metadata_twice(books: Path) -> None:
    edit(books, b'  household: "N01"\n', b'  household: "N01"\n  household: "N01"\n')


@by_hand("gate", "metadata gone")
def _metadata_gone(books: Path) -> None:
    edit(books, b'  prepared-by: "U01"\n', b"")


@by_hand("gate", "a link to something else")
def _link(books: Path) -> None:
    edit(books, b"^N01-2022-04", b"^N01-2022-05")


@by_hand("gate", "a day that no calendar has")
def _day(books: Path) -> None:
    edit(books, b"2022-04-05", b"2022-04-31")


@by_hand("gate", "a balance left out of a closing's text")
def _balance(books: Path) -> None:
    edit(books, b"2022-04-01 balance", b"2022-04-02 balance")


@by_hand("gate", "a truncated tail")
def _truncated(books: Path) -> None:
    path = books / "months/2022-08.beancount"
    path.write_bytes(path.read_bytes()[:-40])
    reframe(books)


@by_hand("gate", "a record in another month's file")
def _other_month(books: Path) -> None:
    path, blocks = _blocks(books)
    later = books / "months/2022-05.beancount"
    later.write_bytes(blocks[-1] + b"\n\n" + later.read_bytes())
    path.write_bytes(b"\n\n".join(blocks[:-1]) + b"\n\n")
    reframe(books)


@by_hand("gate", "a plugin in the frame")
def _frame_plugin(books: Path) -> None:
    path = books / "main.beancount"
    path.write_bytes(path.read_bytes() + b'plugin "os"\n')


@by_hand("gate", "an empty month")
def _empty(books: Path) -> None:
    (books / "months/2022-09.beancount").write_bytes(b"")
    reframe(books)


@by_hand("gate", "no books at all")
def _nothing(books: Path) -> None:
    for path in books.glob("months/*"):
        path.unlink()
    reframe(books)


@by_hand("stray", "an extra file")
def _extra(books: Path) -> None:
    (books / "months/notes.txt").write_bytes(b"")


@by_hand("stray", "a planted cache")
def _cache(books: Path) -> None:
    (books / ".main.beancount.picklecache").write_bytes(b"cos\nsystem\n")


@by_hand("stray", "an extra folder")
def _folder(books: Path) -> None:
    (books / "months/2022-09.beancount").mkdir()


@by_hand("stray", "a name to fool a terminal")
def _terminal(books: Path) -> None:
    (books / "a\x1b[2J\n\udcff").write_bytes(b"")


@by_hand("stray", "an editor's backup")
def _backup(books: Path) -> None:
    (books / "months/2022-04.beancount~").write_bytes((books / "months/2022-04.beancount").read_bytes())


@by_hand("stray", "a month that was never published")
def _month(books: Path) -> None:
    (books / "months/2031-01.beancount").write_bytes((books / "months/2022-04.beancount").read_bytes())


@by_hand("stray", "a pipe")
def _pipe(books: Path) -> None:
    os.mkfifo(books / "months/pipe")


@by_hand("stray", "a pipe named as a month")
def _pipe_of_a_month(books: Path) -> None:
    os.mkfifo(books / "months/2031-01.beancount")


@by_hand("stray", "a link to elsewhere")
def _foreign_link(books: Path) -> None:
    (books / "link").symlink_to("/")


@by_hand("stray", "a link to nothing")
def _broken_link(books: Path) -> None:
    (books / "months/link").symlink_to("nothing")


STRAYS = [(name, how) for rule, name, how in FILES if rule == "stray"]
"""What may be added without harm, since none of it is ever read."""


@by_hand("manifest", "a pipe in the place of a month")
def _pipe_instead(books: Path) -> None:
    (books / "months/2022-04.beancount").unlink()
    os.mkfifo(books / "months/2022-04.beancount")


@by_hand("manifest", "a symbolic link to the same bytes")
def _symlink(books: Path) -> None:
    path = books / "months/2022-04.beancount"
    path.rename(books.parent / "moved")
    path.symlink_to(books.parent / "moved")


@by_hand("manifest", "a linked folder")
def _linked_folder(books: Path) -> None:
    (books / "months").rename(books.parent / "moved")
    (books / "months").symlink_to(books.parent / "moved")


@by_hand("manifest", "a missing file")
def _missing(books: Path) -> None:
    (books / "audit.beancount").unlink()


@by_hand("manifest", "no manifest")
def _no_manifest(books: Path) -> None:
    (books / "MANIFEST.sha256").unlink()


@by_hand("manifest", "a planted manifest")
def _planted(books: Path) -> None:
    path = books / "MANIFEST.sha256"
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))


@by_hand("manifest", "a file of elsewhere in the manifest")
def _elsewhere(books: Path) -> None:
    path = books / "MANIFEST.sha256"
    path.write_bytes(path.read_bytes() + b"0" * 64 + b"  ../elsewhere\n")


@by_hand("manifest", "a line twice")
def _line_twice(books: Path) -> None:
    path = books / "MANIFEST.sha256"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0] + path.read_bytes())
