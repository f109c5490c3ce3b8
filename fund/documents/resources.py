"""Locations of the files shipped with the service: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
"""Folder of the ``fund`` package."""


def shipped(name: str) -> Path:
    """The folder ``templates``, ``examples`` or ``docs``, installed or in a checkout.

    Raises ``FileNotFoundError`` if the service was installed without it.
    """
    for root in (PACKAGE / "shipped", PACKAGE.parent):
        folder = root / name
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"this installation lacks its {name} folder")
