"""What only some machines have: official schemas of OPI and CBI, real banks' files. Tests of them skip elsewhere.

Nothing is proved here alone: the same ground is tested everywhere by our own grammars and our own samples.
"""

import os
from pathlib import Path

import pytest


def _folder(variable: str, what: str) -> Path:
    """The folder that a variable names; without the variable the test is skipped, without the folder it fails."""
    named = os.environ.get(variable)
    if not named:
        pytest.skip(f"{variable} does not name the folder of {what}")
    folder = Path(named)
    assert folder.is_dir(), f"{variable} names no folder: {named}"
    return folder


@pytest.fixture(scope="session")
def official_schemas() -> Path:
    """The folder with ``cbi/`` and ``opi/``."""
    return _folder("FUND_SCHEMAS", "the official OPI and CBI schemas (cbi/, opi/)")


@pytest.fixture(scope="session")
def bank_samples() -> Path:
    """The folder with ``camt/`` and ``mt940/``."""
    return _folder("FUND_BANK_SAMPLES", "the banks' samples (camt/, mt940/)")
