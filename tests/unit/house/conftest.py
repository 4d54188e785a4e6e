"""The tree these tests look at."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the work tree."""
    return Path(__file__).parents[3]
