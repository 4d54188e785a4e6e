"""What a secret is to the tests of `test_canary`, and how one is made up: the same for the same source of chance."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from typing import NamedTuple

LETTERS = string.ascii_letters + string.digits
BASE32 = string.ascii_uppercase + "234567"
_ALPHABETS = {
    "w": LETTERS,
    "s": LETTERS,
    "b": LETTERS,
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "u": BASE32,
    "l": string.ascii_lowercase + "234567",
    "d": string.digits,
}
_PART = re.compile(r"\{([wsbhHuld])(\d+)\}")
_LEAST = 8
_LEAST_NUMBER = 12
_RUN = re.compile(r"[A-Za-z0-9]{8,}")
_SEALED = r"(?:\[REDACTED:[a-z0-9-]{1,40}(?::[0-9a-f]{6})?\]|REDACTED)"


class Secret(NamedTuple):
    """A secret: how it is written, what of it may be found nowhere, and a pattern of what stands in its place."""

    text: str
    hidden: tuple[str, ...]
    sealed: str = _SEALED


Maker = Callable[[random.Random], Secret]


def letters(source: random.Random, size: int, alphabet: str = LETTERS) -> str:
    """Letters of an alphabet, the same for the same source."""
    return "".join(source.choice(alphabet) for _ in range(size))


def run(source: random.Random, kind: str, size: int) -> str:
    """A made-up part, as in `tests.unit.redaction.samples`; from four letters on it has digits and letters."""
    alphabet = _ALPHABETS[kind]
    made = list(letters(source, size, alphabet))
    if size >= 4 and kind != "d":
        made[0], made[-1] = source.choice(alphabet[:6]), source.choice(alphabet[:6])
        made[size // 2] = "7"
        made[size // 2 + 1] = next(letter for letter in "cC" if letter in alphabet)
    return "".join(made)


def filled(sample: str, source: random.Random) -> tuple[str, tuple[str, ...]]:
    """A sample with its made-up parts, and those of them that are long enough to be known again."""
    found: list[str] = []

    def part(match: re.Match[str]) -> str:
        made = run(source, match[1], int(match[2]))
        # Short ones are found in words, ids and times as well.
        if len(made) >= (_LEAST_NUMBER if match[1] in "hHd" else _LEAST):
            found.append(made)
        return made

    text = _PART.sub(part, sample)
    return text, tuple(found)


def stretches(text: str) -> tuple[str, ...]:
    """The stretches of letters and digits in a text that are long enough to be known again."""
    return tuple(_RUN.findall(text))


def sample(template: str) -> Maker:
    """Secrets that are written as a sample says."""

    def make(source: random.Random) -> Secret:
        return Secret(*filled(template, source))

    return make
