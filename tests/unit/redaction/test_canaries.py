"""Each planted secret must be gone, wherever it stands; what stands around it must not."""

from __future__ import annotations

import json
import random
import re
import string

import pytest

from tachograph.redaction import Sealer

_R = random.Random(20)


def _run(alphabet: str, size: int) -> str:
    return "".join(_R.choice(alphabet) for _ in range(size))


_W = string.ascii_letters + string.digits
_H = "0123456789abcdef"
_U = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

# Built when the tests run, so that no file holds what looks like a secret.
TOKENS: dict[str, str] = {
    "anthropic-key": "sk-" + "ant-api03-" + _run(_W, 80),
    "openai-key": "sk-" + "proj-" + _run(_W, 60),
    "openrouter-key": "sk-" + "or-v1-" + _run(_H, 64),
    "sk-key": "sk-" + _run(_W, 48),
    "github-token": "gh" + "p_" + _run(_W, 36),
    "gitlab-token": "gl" + "pat-" + _run(_W, 20),
    "aws-access-key": "AK" + "IA" + _run(_U, 16),
    "google-key": "AI" + "za" + _run(_W, 35),
    "google-oauth": "ya" + "29." + _run(_W, 60),
    "slack-token": "xo" + "xb-123456789012-" + _run(_W, 24),
    "stripe-key": "sk" + "_live_" + _run(_W, 24),
    "stripe-webhook": "wh" + "sec_" + _run(_W, 32),
    "twilio-key": "S" + "K" + _run(_H, 32),
    "sendgrid-key": "S" + "G." + _run(_W, 22) + "." + _run(_W, 43),
    "npm-token": "np" + "m_" + _run(_W, 36),
    "pypi-token": "py" + "pi-" + _run(_W, 90),
    "huggingface-token": "h" + "f_" + _run(_W, 34),
    "groq-key": "gs" + "k_" + _run(_W, 52),
    "xai-key": "xa" + "i-" + _run(_W, 80),
    "perplexity-key": "pp" + "lx-" + _run(_W, 48),
    "replicate-token": "r" + "8_" + _run(_W, 37),
    "digitalocean-token": "do" + "p_v1_" + _run(_H, 64),
    "databricks-token": "da" + "pi" + _run(_H, 32),
    "shopify-token": "sh" + "pat_" + _run(_H, 32),
    "linear-key": "li" + "n_api_" + _run(_W, 40),
    "notion-token": "nt" + "n_" + _run(_W, 46),
    "vault-token": "hv" + "s." + _run(_W, 90),
    "doppler-token": "dp" + ".pt." + _run(_W, 43),
    "telegram-token": _run("123456789", 10) + ":AA" + _run(_W, 33),
    "discord-token": "MT" + "A" + _run(_W, 21) + "." + _run(_W, 6) + "." + _run(_W, 38),
    "jwt": "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "J" + _run(_W, 40) + "." + _run(_W, 43),
}

PLACES: dict[str, str] = {
    "alone": "%s",
    "prose": "here it is: %s, keep it safe",
    "full stop": "The answer was %s.",
    "parentheses": "failed (%s) twice",
    "brackets": "credentials [%s] at position 3",
    "angles": "<v>%s</v>",
    "ampersand": "a=1&t=%s&page=2",
    "assignment": "export X=%s;",
    "newline": "one\n%s\ntwo",
    "escaped newline": '{"stdout":"one\\n%s\\ntwo"}',
    "twice escaped": '{"a":"{\\"b\\":\\"one\\\\n%s\\\\n\\"}"}',
    "bytes repr": "b'%s\\r\\n'",
    "non-ASCII": "ключ%sключ",
    "quotes": "'%s'",
    "csv": "2026-11-20,login,%s,ok",
    "backticks": "Use `%s` here",
    "markdown": "**%s**",
    "diff": '-old\n+new = "%s"\n',
}


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_is_gone_wherever_it_stands(kind: str, sealer: Sealer) -> None:
    secret = TOKENS[kind]
    for place, template in PLACES.items():
        text = template % secret
        tally: dict[str, int] = {}
        out = sealer.text(text, tally)
        assert secret not in out, place
        assert secret[len(secret) // 2 :] not in out, place
        assert tally, place
        before, _, after = template.partition("%s")
        assert out.startswith(before), place
        assert out.endswith(after), place
        again: dict[str, int] = {}
        assert sealer.text(out, again) == out, place
        assert again == {}, place


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_is_gone_from_every_shape_of_value(kind: str, sealer: Sealer) -> None:
    secret = TOKENS[kind]
    for value in (
        {"a": secret},
        {secret: 1},
        [[[{"a": [secret]}]]],
        ("x", (secret,)),
        {"a": {"b": {"c": f"before {secret} after"}}},
        {"a": json.dumps({"b": json.dumps({"c": f"\n{secret}\n"})})},
        secret.encode(),
        {"a": {1, 2, secret}},
        {"e": object(), "f": secret},
    ):
        tally: dict[str, int] = {}
        sealed = sealer.json(value, tally)
        assert secret.encode() not in sealed
        assert set(tally) == {kind}
        assert sealer.json(json.loads(sealed), tally_again := {}) == sealed
        assert tally_again == {}


def test_equal_secrets_get_equal_tags_and_another_key_gives_others(sealer: Sealer) -> None:
    secret = TOKENS["github-token"]
    first = sealer.text(f"{secret} and {secret}", {})
    left, right = first.split(" and ")
    assert left == right
    assert Sealer(b"x" * 32, None).text(secret, {}) != left


PW = "tr0ub4dor" + "&3"
KEYED: dict[str, tuple[object, object]] = {
    "integer": ({"password": 12345678, "count": 12345678}, {"count": 12345678}),
    "nested": ({"credentials": {"user": "a1b2c3d4e5", "n": [1]}}, {}),
    "camel case": ({"clientSecret": PW}, {}),
    "header pairs": ({"headers": [["Authorization", "Bearer " + PW], ["Accept", "*/*"]]}, {}),
    "named pairs": ({"headers": [{"name": "x-api-key", "value": PW}]}, {}),
    "byte pairs": ({"headers": [(b"cookie", PW.encode())]}, {}),
    "flag and value": ({"command": ["tool", "--password", PW, "--verbose"]}, {}),
    "flag=value": ({"command": ["tool", "--password=" + PW]}, {}),
    "json in json": ({"arguments": json.dumps({"password": PW, "city": "Berlin"})}, {}),
    "json twice": ({"arguments": json.dumps({"a": json.dumps({"password": PW})})}, {}),
    "yaml": ("user: bob\npassword: " + PW + "\nport: 1", {}),
    "environment dump": ("{'PATH': '/usr/bin', 'DB_PASSWORD': '" + PW + "'}", {}),
    "shell": ("export DB_PASSWORD=" + PW + "\nls", {}),
    "prose": ("the password is " + PW, {}),
    "mysql": ("mysql -u root -p" + PW + " db", {}),
    "curl": ("curl -s -u admin:" + PW + " https://x.test", {}),
    "xml": ("<password>" + PW + "</password>", {}),
    "userinfo": ("postgresql://app:" + PW + "@db.internal:5432/prod", {}),
    "userinfo with @": ("postgresql://app:a@" + PW + "@db.internal:5432/prod", {}),
    "signed": ("https://b.test/k?x=1&X-Amz-Signature=" + PW.replace("&", "") + "&y=2", {}),
    "unicode escapes": ('{"pw":"passw\\u006frd=\\u0022' + PW + '\\u0022"}', {}),
}


@pytest.mark.parametrize("place", KEYED)
def test_what_a_name_gives_away_is_gone(place: str, sealer: Sealer) -> None:
    value, _ = KEYED[place]
    tally: dict[str, int] = {}
    sealed = sealer.json(value, tally).decode()
    for secret in (PW, PW.replace("&", ""), "12345678,", "a1b2c3d4e5"):
        assert secret not in sealed
    assert tally
    assert "error" not in tally
    again: dict[str, int] = {}
    assert sealer.json(json.loads(sealed), again).decode() == sealed
    assert again == {}


def test_what_stands_around_a_keyed_secret_survives(sealer: Sealer) -> None:
    assert sealer.text("postgresql://app:" + PW + "@db.internal:5432/prod", {}) == (
        "postgresql://app:REDACTED@db.internal:5432/prod"
    )
    held = json.loads(sealer.json({"password": 12345678, "count": 12345678, "cvv": 737}, {}))
    assert held["count"] == 12345678
    assert held["cvv"] == "[REDACTED:card-code]"


PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\n" + "\n".join(_run(_W, 64) for _ in range(6))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("key is\n" + PEM + "\n-----END RSA " + "PRIVATE KEY-----\nbye", ("key is\n", "\nbye")),
        (PEM, ("", "")),
        (json.dumps({"k": PEM + "\n-----END RSA " + "PRIVATE KEY-----\n"}), ('{"k": "', '\\n"}')),
        (json.dumps({"k": PEM}), ('{"k": "', '"}')),
    ],
)
def test_key_blocks_go_as_a_whole(text: str, want: tuple[str, str], sealer: Sealer) -> None:
    out = sealer.text(text, {})
    assert out.startswith(want[0] + "[REDACTED:private-key:")
    assert out.endswith("]" + want[1])
    assert len(out) == len(want[0]) + len("[REDACTED:private-key:123456]") + len(want[1])


def test_personal_data_goes_without_a_tag(sealer: Sealer) -> None:
    tally: dict[str, int] = {}
    text = "write to ann@" + "example.org or pay with 4111 1111 " + "1111 1111."
    assert sealer.text(text, tally) == "write to [REDACTED:email] or pay with [REDACTED:card]."
    assert tally == {"email": 1, "card": 1}


def test_keys_that_clients_were_given_go_by_value() -> None:
    class Key(str):
        __slots__ = ()

        def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
            raise AssertionError("called")

    ours, shared = "plainly-no-shape-of-4-key", "in-the-environment-2-too"
    sealer = Sealer(b"k" * 32, {"SHARED_KEY": shared})
    sealer.know(Key(ours))
    sealer.know(Key(shared))
    for none in (None, 7, b"bytes-are-no-key-5", "short", "two words"):
        sealer.know(none)
    tally: dict[str, int] = {}
    sealed = json.loads(sealer.json(f"{ours} and {shared}, two words, bytes-are-no-key-5", tally))
    assert re.sub("[0-9a-f]{6}]", "#]", sealed) == (
        "[REDACTED:client-key:#] and [REDACTED:environment:#], two words, bytes-are-no-key-5"
    )
    assert tally == {"client-key": 1, "environment": 1}


def test_values_of_the_environment_go_by_value() -> None:
    secret = 'quite"plain-words7'
    sealer = Sealer(b"k" * 32, {"MY_API_KEY": secret, "HOME_TOKEN": "/home/somebody", "X_TOKEN": "true", "A": secret})
    tally: dict[str, int] = {}
    sealed = sealer.json({"t": f"it says {secret} and /home/somebody"}, tally)
    assert json.loads(sealed)["t"].startswith("it says [REDACTED:environment:")
    assert json.loads(sealed)["t"].endswith("] and /home/somebody")
    assert tally == {"environment": 1}
