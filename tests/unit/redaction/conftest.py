"""Keeps the key and the compiled triggers of the tests away from the home folder."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from tachograph.redaction import Sealer
from tachograph.redaction.scan import engine_loader

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = b"k" * 32


@pytest.fixture(scope="session", autouse=True)
def _cache() -> Iterator[None]:
    held = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        engine_loader.wait()
        engine_loader.engine()
        if held is None:
            del os.environ["XDG_CACHE_HOME"]
        else:
            os.environ["XDG_CACHE_HOME"] = held
        yield


@pytest.fixture
def sealer() -> Sealer:
    """A sealer with a fixed key and no environment."""
    return Sealer(KEY, None)
