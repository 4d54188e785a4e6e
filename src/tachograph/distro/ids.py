"""Ids that do not use the program's random numbers."""

from __future__ import annotations

import os
import random

from opentelemetry.sdk.trace.id_generator import IdGenerator


class OwnRandomIds(IdGenerator):
    """Random ids from a generator that nobody else uses.

    The SDK draws from the `random` module's shared generator: a program that seeds it would get other numbers when it
    is recorded, and two runs of it the same trace ids.
    """

    def __init__(self) -> None:
        self.reseed()

    def reseed(self) -> None:
        """Start a new sequence: a forked child must not repeat the ids of its parent."""
        self._bits = random.Random(os.urandom(16)).getrandbits  # noqa: S311 - ids, not secrets

    def generate_span_id(self) -> int:
        """64 random bits, never 0."""
        return self._bits(64) or 1

    def generate_trace_id(self) -> int:
        """128 random bits, never 0."""
        return self._bits(128) or 1

    def is_trace_id_random(self) -> bool:
        """Whether the ids may carry the W3C random flag."""
        return True
