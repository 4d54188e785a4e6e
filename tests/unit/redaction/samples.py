"""Fills in the made-up parts of the samples that stand beside the rules."""

from __future__ import annotations

import random
import re
import string

_ALPHABETS = {
    "w": string.ascii_letters + string.digits,
    "s": string.ascii_letters + string.digits + "_-",
    "b": string.ascii_letters + string.digits + "+/",
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "u": string.ascii_uppercase + string.digits,
    "l": string.ascii_lowercase + string.digits,
    "d": string.digits,
}
_PART = re.compile(r"\{([wsbhHuld])(\d+)\}")


def filled(sample: str) -> str:
    """A sample with its made-up parts: the same ones each time, so that no file holds what looks like a secret."""
    chance = random.Random(sample)

    def run(match: re.Match[str]) -> str:
        alphabet, size = _ALPHABETS[match[1]], int(match[2])
        letters = [chance.choice(alphabet) for _ in range(size)]
        if size >= 4:
            # Neither end is a sign that a sentence could go on with, and each kind of character occurs.
            letters[0], letters[-1] = alphabet[0], alphabet[1]
            letters[size // 2] = next((c for c in "7" if c in alphabet), alphabet[-1])
            letters[size // 2 + 1] = next((c for c in "cC" if c in alphabet), alphabet[-1])
        return "".join(letters)

    return _PART.sub(run, sample)
