"""What looks a little like a secret and is none stays as it is, and stays on the short way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from tachograph.redaction.scan.engine_loader import engine

if TYPE_CHECKING:
    from tachograph.redaction import Sealer

TEXTS = [
    "4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7 7f3c2b1a-9d4e-4c55-8a21-0b1c2d3e4f50",
    "commit 975a5285cc012d58c91eb17fb8835ce378812b6f",
    "/home/ci/.cache/pip/http-v2/4/f/2/9/a/4f29aab2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6.body",
    "src/token/DefaultTokenServices.java",
    "gpt-4o-2024-08-06 claude-sonnet-4-5-20250929 o3-mini-2025-01-31",
    "The password must contain 12 characters; see tokenizer docs; token_count=1532; max_tokens: 4096",
    'os.environ["OPENAI_API_KEY"]',
    'api_key=os.environ["OPENAI_API_KEY"]',
    "api_key = os.getenv('OPENAI_API_KEY')",
    "export API_KEY=<your-api-key>  PASSWORD=${DB_PASSWORD} token: {{ secrets.TOKEN }} SECRET=xxxxxxxx",
    "api_key: sk-...  password: ***  token=$TOKEN",
    "call_AbCdEfGhIjKlMnOpQrStUvWx toolu_01A09q90qw90lq917835lq9 msg_01XFDUDYJgAACzvnptvVoYEL",
    "chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012 resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b",
    "Please reset your password. The token is invalid. Your password is required.",
    "order 4111 1111 1111 1112 and 1234567890123456",
    "[0.0123456789012345, -0.9876543210987654, 1e-12]",
    "Chrome/120.0.6099.109, libfoo 1.2.3.4",
    "[REDACTED:github-token:0a1b2c] and password=[REDACTED:password:0a1b2c] and postgres://u:REDACTED@h/d",
    "git@github.com:org/repo.git",
    "def login(password: str, token: Optional[str] = None) -> None:",
    "next_page_token=abc123def456 first_token: 0.25",
    "https://example.com/a?b=c&d=e",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays(text: str, sealer: Sealer) -> None:
    tally: dict[str, int] = {}
    assert sealer.text(text, tally) == text
    assert orjson.loads(sealer.json({"a": text}, tally)) == {"a": text}
    assert tally == {}


VALUES: list[object] = [
    {"gen_ai.usage.input_tokens": 812, "gen_ai.usage.output_tokens": 12, "gen_ai.request.max_tokens": 4096},
    {"max_tokens": 5, "token_count": 4, "prompt_tokens": 1, "tokens": [1, 2, 3]},
    {"token": "Hello", "logprob": -0.31, "bytes": [72, 101]},
    {"has_password": True, "password": None, "api_key": ""},
    {"type": "object", "properties": {"password": {"type": "string", "description": "The password to set"}}},
    {"required": ["username", "password"], "sort_key": "name", "primary_key": 4, "key": "value"},
    {"embedding": [0.0123456789012345] * 40, "n": 1234567890123456789},
    ["password", "email"],
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_value_stays(value: object, sealer: Sealer) -> None:
    tally: dict[str, int] = {}
    assert orjson.loads(sealer.json(value, tally)) == value
    assert tally == {}


def test_an_ordinary_span_stays_on_the_short_way() -> None:
    span = {
        "name": "chat gpt-4o-mini",
        "attributes": {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "gpt-4o-mini-2024-07-18",
            "gen_ai.usage.input_tokens": 812,
            "gen_ai.usage.output_tokens": 12,
            "gen_ai.request.max_tokens": 4096,
            "gen_ai.response.id": "chatcmpl-AbCd1234",
            "tachograph.content.input": "ab12cd34ef1",
        },
    }
    assert not engine()[0].hit(orjson.dumps(span))
