"""What a power cut can leave: a model of a file system that keeps only what was synced.

A recorder stands in the place of ``os`` in ``ledger.files`` and lets every call through. From what it recorded each
state is made that a crash can leave after each call: bytes that were not synced are whole, lost, cut in half or zeros;
names that were not synced in their folder are there or not.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

Bytes = Literal["kept", "lost", "torn", "zeros"]
Names = Literal["kept", "lost"]


@dataclass
class File:
    """One file's bytes: as they are, and as they were when they were synced last."""

    now: bytes = b""
    synced: bytes = b""

    def left(self, how: Bytes) -> bytes:
        """What a crash leaves of it."""
        if self.now == self.synced or how == "kept":
            return self.now
        if how == "lost":
            return self.synced
        if len(self.now) <= len(self.synced):  # it was cut, or replaced in place
            return self.synced
        new = len(self.now) - len(self.synced)
        half = self.now[: len(self.synced) + new // 2]
        return half if how == "torn" else half + bytes(new - new // 2)


@dataclass
class Folder:
    """One folder's names: as they are, and as they were when it was synced last."""

    now: dict[str, "File | Folder"] = field(default_factory=dict)
    synced: dict[str, "File | Folder"] = field(default_factory=dict)

    def left(self, bytes_left: Bytes, names_left: Names) -> "Tree":
        """What a crash leaves of it."""
        nodes = self.now if names_left == "kept" else self.synced
        return {
            name: node.left(bytes_left, names_left) if isinstance(node, Folder) else node.left(bytes_left)
            for name, node in nodes.items()
        }


Tree = dict[str, "bytes | Tree"]


def _write(tree: Tree, place: Path) -> None:
    place.mkdir(parents=True)
    for name, left in tree.items():
        if isinstance(left, dict):
            _write(left, place / name)
        else:
            (place / name).touch(0o600)  # as a key is made: one that others may read is refused
            (place / name).write_bytes(left)


def _durable(path: Path) -> Folder:
    nodes: dict[str, File | Folder] = {}
    for entry in path.iterdir():
        nodes[entry.name] = _durable(entry) if entry.is_dir() else File(entry.read_bytes(), entry.read_bytes())
    return Folder(dict(nodes), dict(nodes))


class Recorder:
    """``os`` as ``ledger.files`` uses it, over one folder: every call is done, and is done in the model too.

    The states are laid out one after the other in the folder ``crashes``.
    """

    def __init__(self, root: Path, crashes: Path) -> None:
        self.root, self._crashes = root, crashes
        self._top = _durable(root)
        self._open: dict[int, File | Folder] = {}
        self._trees: list[tuple[str, Tree]] = []
        self.steps: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def states_now(self) -> Iterator[tuple[str, Path]]:
        """Each state that a crash can leave now, as (its name, a folder)."""
        return self._laid_out(self._trees_now())

    def states_ever(self) -> Iterator[tuple[str, Path]]:
        """Each state that a crash could leave at any step."""
        return self._laid_out(self._trees)

    def _trees_now(self) -> list[tuple[str, Tree]]:
        return [
            (
                f"{len(self.steps)}, {self.steps[-1]}: bytes {bytes_left}, names {names_left}",
                self._top.left(bytes_left, names_left),
            )
            for bytes_left in get_args(Bytes)
            for names_left in get_args(Names)
        ]

    def _laid_out(self, trees: list[tuple[str, Tree]]) -> Iterator[tuple[str, Path]]:
        for name, tree in trees:
            _write(tree, self._crashes)
            yield name, self._crashes
            shutil.rmtree(self._crashes)

    def _did(self, step: str) -> None:
        self.steps.append(step)
        known = [tree for _, tree in self._trees]
        for name, tree in self._trees_now():
            if tree not in known:
                known.append(tree)
                self._trees.append((name, tree))

    def _node(self, path: Path) -> "File | Folder":
        node: File | Folder = self._top
        for part in path.relative_to(self.root).parts:
            assert isinstance(node, Folder)
            node = node.now[part]
        return node

    def _folder(self, path: Path) -> Folder:
        node = self._node(path)
        assert isinstance(node, Folder)
        return node

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        handle = os.open(path, flags, mode)
        folder = self._folder(path.parent) if path != self.root else None
        if folder is not None and flags & os.O_CREAT and path.name not in folder.now:
            folder.now[path.name] = File()
            self._did(f"create {path.name}")
        node = self._open[handle] = self._node(path)
        if flags & os.O_TRUNC and isinstance(node, File) and node.now:
            node.now = b""
            self._did(f"empty {path.name}")
        return handle

    def write(self, handle: int, data: bytes) -> int:
        written, file = os.write(handle, data), self._open[handle]
        assert isinstance(file, File)
        file.now += bytes(data[:written])
        self._did("write")
        return written

    def ftruncate(self, handle: int, size: int) -> None:
        os.ftruncate(handle, size)
        file = self._open[handle]
        assert isinstance(file, File)
        file.now = file.now[:size]
        self._did("truncate")

    def fsync(self, handle: int) -> None:
        node = self._open[handle]
        if isinstance(node, File):
            node.synced = node.now
        else:
            node.synced = dict(node.now)
        self._did("fsync")

    def close(self, handle: int) -> None:
        os.close(handle)
        del self._open[handle]

    def replace(self, old: Path, new: Path) -> None:
        os.replace(old, new)
        self._folder(new.parent).now[new.name] = self._folder(old.parent).now.pop(old.name)
        self._did(f"rename to {new.name}")

    def link(self, old: Path, new: Path) -> None:
        os.link(old, new)
        self._folder(new.parent).now[new.name] = self._folder(old.parent).now[old.name]
        self._did(f"link {new.name}")

    def unlink(self, path: Path) -> None:
        os.unlink(path)
        del self._folder(path.parent).now[path.name]
        self._did(f"unlink {path.name}")

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        os.mkdir(path, mode)
        self._folder(path.parent).now[path.name] = Folder()
        self._did(f"mkdir {path.name}")
