"""The texts that redaction is measured with: prose, code and logs with something to redact."""

from __future__ import annotations

import inspect
import pydoc_data.topics
import re
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

_PIECE = 3072
WHOLE = 1 << 20
"""The size of a large text, in bytes."""
_APART = 2048
SPARSE = 16384
"""How far apart secrets stand in a text with few, in bytes."""
# Modules of many kinds, none of them about secrets.
_MODULES = (
    "argparse", "ast", "asyncio.base_events", "calendar", "concurrent.futures.process", "configparser", "csv",
    "dataclasses", "datetime", "difflib", "doctest", "enum", "fractions", "heapq", "inspect", "json.decoder", "logging",
    "pathlib", "random", "selectors", "sqlite3.dump", "statistics", "subprocess", "tarfile", "textwrap", "threading",
    "tokenize", "typing", "unittest.mock", "zipfile",
)  # fmt: skip


def pieces(text: str) -> list[str]:
    """Stretches of whole lines, of 3 KB each."""
    pieces: list[str] = []
    held, size = list[str](), 0
    for line in text.splitlines(keepends=True):
        if size + len(line) > _PIECE and held:
            pieces.append("".join(held))
            held, size = [], 0
        held.append(line)
        size += len(line)
    return pieces


def prose() -> str:
    """The reference of the language, marked up as models write."""
    text = "\n\n".join(pydoc_data.topics.topics.values())
    return re.sub(r"::(?=\n)", ":", text).replace("``", "`")


def code() -> str:
    """Sources of the standard library, without the addresses of their authors."""
    sources = (inspect.getsource(__import__(name, fromlist=["_"])) for name in _MODULES)
    return "".join(
        line for source in sources for line in source.splitlines(keepends=True) if not re.search(r"\w@\w", line)
    )


_WORDS = (
    "harbour", "tide", "table", "printed", "vessel", "berth", "manifest", "cargo", "worker", "queue", "retry", "cache",
    "index", "shard", "merge", "branch",
)  # fmt: skip
_WORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_HEX = "0123456789abcdef"


def dense(chance: random.Random, apart: int = _APART) -> tuple[str, list[str]]:
    """Logs and the output of tools with something to redact here and there, and what that is.

    Parameters
    ----------
    chance
        Where the texts come from.
    apart
        Bytes from one to the next.
    """
    planted: list[str] = []
    lines: list[str] = []
    size = since = 0
    kinds = _secrets(chance)
    while size < WHOLE:
        line = _noise(chance)
        if since >= apart:
            line, value = next(kinds)
            planted.append(value)
            since = 0
        lines.append(line + "\n")
        size += len(line) + 1
        since += len(line) + 1
    return "".join(lines), planted


def _drawn(chance: random.Random, size: int, letters: str = _WORD) -> str:
    return "".join(chance.choice(letters) for _ in range(size))


def _noise(chance: random.Random) -> str:
    def number(most: int = 10_000) -> int:
        return chance.randrange(most)

    def hexadecimal(size: int) -> str:
        return _drawn(chance, size, _HEX)

    word = chance.choice(_WORDS)
    other = chance.choice(_WORDS)
    at = f"2026-11-{1 + number(28):02}T{number(24):02}:{number(60):02}:{number(60):02}.{number(1000):03}Z"
    span = f"{hexadecimal(8)}-{hexadecimal(4)}-4{hexadecimal(3)}-a{hexadecimal(3)}-{hexadecimal(12)}"
    return chance.choice(
        (
            f"{at} INFO  {word}.{other}: took {number()} ms, request_id={span} status={200 + number(4)}",
            f"{at} DEBUG pool-{number(16)} {word} {other} attempt {number(5)} of 5, next in {number(900) / 100:.2f} s",
            f'10.0.{number(256)}.{number(256)} - - "GET /api/v1/{word}/{number()} HTTP/1.1" 200 {number(90_000)}',
            f"commit {hexadecimal(40)} {word} the {other} before the {chance.choice(_WORDS)}",
            f"-rw-r--r-- 1 root root {number(1 << 24):>9} Nov {1 + number(28):>2} 10:{number(60):02} {word}_{other}.py",
            f'{{"id": {number(1 << 30)}, "name": "{word}-{other}", "trace": "{hexadecimal(32)}"}}',
            f'  File "/srv/app/{word}/{other}.py", line {number(900)}, in {word}_{other}',
            f"    return self._{word}({other}, timeout_s={number(60)}, max_tokens={number()})",
            f"E   AssertionError: assert {number()} == {number()}",
            f"Downloading {word}_{other}-{number(9)}.{number(20)}.{number(9)}-py3-none-any.whl ({number(900)} kB)",
            f"tests/{word}/test_{other}.py::test_{chance.choice(_WORDS)} PASSED [{number(100):>3}%]",
            f"The {word} of the {other} was compared with the {chance.choice(_WORDS)}, and {number(90)} differ.",
            f"| {word} | {number()} | {number() / 7:.3f} | sha256:{hexadecimal(64)} |",
            f"npm warn deprecated {word}@{number(9)}.{number(9)}.{number(9)}: use {other} instead",
        )
    )


def _secrets(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Lines with something to redact, and that, kind after kind without end."""

    def word(size: int) -> str:
        return _drawn(chance, size - 2) + "a7"

    def jwt() -> str:
        head = b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"%d"}' % chance.randrange(1 << 40)
        return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in head) + "." + word(43)

    def card() -> str:
        digits = "4" + _drawn(chance, 14, "0123456789")
        total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
        return digits + str(-total % 10)

    def caps(size: int) -> str:
        return _drawn(chance, size, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    makers: tuple[tuple[str, Callable[[], str]], ...] = (
        ("remote: using {} for https", lambda: f"ghp_{word(36)}"),
        ("OPENAI_API_KEY={}", lambda: f"sk-proj-{word(48)}"),
        ("export AWS_ACCESS_KEY_ID={}", lambda: f"AKIA{caps(16)}"),
        ("  aws_secret_access_key = {}", lambda: word(40)),
        ('{{"user": "ops", "password": "{}"}}', lambda: word(14)),
        ("DATABASE_URL=postgresql://app:{}@db.internal:5432/app", lambda: word(18)),
        ("> Authorization: Bearer {}", lambda: word(40)),
        ("set-cookie: session={}; Path=/; HttpOnly", lambda: word(32)),
        ("user {} asked for the table again", lambda: f"{_drawn(chance, 7, 'abcdefgh')}.m@harbour-office.org"),
        ("charged {} for the berth", card),
        ("access granted with {}", jwt),
        ("curl -u admin:{} https://registry.internal/v2/", lambda: word(16)),
        ("posting to slack with {}", lambda: f"xoxb-{_drawn(chance, 12, '123456789')}-{word(24)}"),
        ("call {} about the manifest", lambda: f"+1 212-555-{_drawn(chance, 4, '0123456789')}"),
        ("client {} connected", lambda: f"8.8.{20 + chance.randrange(200)}.{1 + chance.randrange(200)}"),
        ("STRIPE_KEY: {}", lambda: f"sk_live_{word(24)}"),
        ("db_password: '{}'", lambda: word(20)),
        ("GET /v1/rates?api_key={}&day=3 200", lambda: word(32)),
    )
    while True:
        for line, make in makers:
            value = make()
            yield line.format(value), value
