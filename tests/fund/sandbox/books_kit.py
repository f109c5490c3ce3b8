"""Books of somebody who means harm."""

from ledger.books import MAIN, MANIFEST, render_manifest

PLUGIN = b'plugin "planted"\n'


def resealed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files with a manifest that lists each as it is: what is wrong with them is not told by it."""
    import hashlib

    sums = [(name, hashlib.sha256(data).hexdigest()) for name, data in files.items() if name != MANIFEST]
    return files | {MANIFEST: render_manifest(sums)}


def with_plugin(files: dict[str, bytes], marker: str) -> dict[str, bytes]:
    """Books that load a plugin of their own, which leaves a mark where it is run."""
    planted = f"from pathlib import Path\nPath({marker!r}).write_text('run')\n__plugins__ = ()\n".encode()
    main = b'option "insert_pythonpath" "True"\n' + PLUGIN + files[MAIN]
    return resealed(files | {MAIN: main, "planted.py": planted})


def with_cache(files: dict[str, bytes], marker: str) -> dict[str, bytes]:
    """Books with a cache beside them that runs code where it is read."""
    import pickle
    from pathlib import Path

    class Runs:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (Path(marker),)

    return resealed(files | {f".{MAIN}.picklecache": pickle.dumps(Runs())})
