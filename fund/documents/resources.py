"""Where the files that travel with the service lie: in a checkout beside the package, in a wheel inside it."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
"""The ``fund`` package's own folder."""


def shipped(name: str) -> Path:
    """The folder ``templates`` or ``examples``, installed or in a checkout.

    Raises ``FileNotFoundError`` when the service was installed without it.
    """
    for root in (PACKAGE / "shipped", PACKAGE.parent):
        folder = root / name
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"this installation lacks its {name} folder")
