"""The carriers of text that a recorded program has, each with what is planted there and what is kept around it."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, NamedTuple

from tests.faults.canary_secrets import BASE32, LETTERS, Secret, letters

if TYPE_CHECKING:
    import random

    from tests.faults.canary_secrets import Maker


def halves(secret: str) -> tuple[str, str]:
    """What may be found of a secret is no part of it either."""
    return secret[: len(secret) // 2], secret[len(secret) // 2 :]


def shaped(kind: str, head: str, size: int, alphabet: str = LETTERS, *, keeps: bool = False) -> Maker:
    """Secrets that their beginning gives away; `keeps` where it stays."""

    def make(source: random.Random) -> Secret:
        body = letters(source, size, alphabet)
        return Secret(head + body, halves(body), rf"{head if keeps else ''}\[REDACTED:{kind}:[0-9a-f]{{6}}\]")

    return make


def jwt(source: random.Random) -> Secret:
    """A JSON Web Token."""
    claims, signature = letters(source, 40), letters(source, 43)
    text = "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + f"J{claims}.{signature}"
    return Secret(text, (*halves(claims), *halves(signature)), r"\[REDACTED:jwt:[0-9a-f]{6}\]")


def pem(source: random.Random) -> Secret:
    """A private key of several lines."""
    lines = [letters(source, 64) for _ in range(6)]
    text = "\n".join(["-----BEGIN RSA " + "PRIVATE KEY-----", *lines, "-----END RSA " + "PRIVATE KEY-----"])
    return Secret(text, tuple(half for line in lines for half in halves(line)), r"\[REDACTED:private-key:[0-9a-f]{6}\]")


def email(source: random.Random) -> Secret:
    """An address of a person."""
    name = letters(source, 16)
    return Secret(f"{name}@example.org", halves(name), r"\[REDACTED:email\]")


def url(source: random.Random) -> Secret:
    """An address with a password, signed."""
    word, signature = letters(source, 20), letters(source, 40)
    around = "https://app:{}@files.example.org/k?X-Amz-Signature={}&page=2"
    sealed = re.escape(around.format("REDACTED", "REDACTED"))
    return Secret(around.format(word, signature), (*halves(word), *halves(signature)), sealed)


def in_url(source: random.Random) -> Secret:
    """A key within an address, where a marker would be none of its characters."""
    return aws(source)._replace(sealed="REDACTED")


# Put together when the tests run, so that no file holds what looks like a secret.
github = shaped("github-token", "gh" + "p_", 36)
lower = shaped("github-token", "gh" + "p_", 36, string.ascii_lowercase + string.digits)
aws = shaped("aws-access-key", "AK" + "IA", 16, BASE32)
anthropic = shaped("anthropic-key", "sk-" + "ant-api03-", 80)
password = shaped("password", "password=", 20, keeps=True)
bearer = shaped("authorization", "Authorization: Bearer ", 40, keeps=True)
flagged = shaped("password", "", 20)
variable = shaped("environment", "", 24)


def quoted(source: random.Random) -> Secret:
    """A value of the environment that is written differently in JSON."""
    first, last = letters(source, 12), letters(source, 12)
    return Secret(f'{first}"{last}', (first, last), r"\[REDACTED:environment:[0-9a-f]{6}\]")


ANY = re.compile(r".*", re.DOTALL)
LINE = re.compile(r"[ -~]*")
WORDS = re.compile(r"[A-Za-z0-9_-]{1,200}")
ONE = re.compile(r".*", re.DOTALL | re.ASCII)
FOLDER = re.compile(r"[ -.0-~]{1,200}")
UNIT = re.compile(r"[!-~]{1,32}")
NOTHING = re.compile(r"(?!)")


class Carrier(NamedTuple):
    """A place for text.

    Parameters
    ----------
    kind
        What is put there.
    kept
        What stands around it where it is kept, with `{}` for it; None for what is not kept at all.
    planted
        The text around the secret.
    fits
        What can be put there.
    """

    kind: Maker
    kept: str | None = "{}"
    planted: str = "begin-{n} {secret} end-{n}"
    fits: re.Pattern[str] = ANY

    @property
    def is_wide(self) -> bool:
        """Whether any text can be put there, however long."""
        return self.fits is ANY and "{secret} " in self.planted

    def holds(self, secret: str) -> bool:
        """Whether a secret can be put there."""
        fits = self.fits if "{secret} " in self.planted else WORDS
        return fits.fullmatch(secret) is not None


# Where blanks would not be part of it.
PATH = "begin-{n}/{secret}/end-{n}.py"
NAME = "begin{n}_{secret}.end{n}"
WORD = "begin{n}{secret}"
# The limit of a text falls into the secret.
LONG = "begin-{n} " + "x " * 32_755

CARRIERS = {
    # Spans
    "span name": Carrier(github, '"name":"{}","scope":"canary"'),
    "attribute": Carrier(pem, '"text":"{}"'),
    "attribute in a sequence": Carrier(jwt, '"sequence":["first","{}"]'),
    "attribute key": Carrier(aws, '"{}":"kept"'),
    "attribute of JSON in JSON": Carrier(password, r"\"[\\\"{}\\\"]\""),
    "attribute that is too long": Carrier(github, f'"long":"{LONG}"', LONG + "{secret} end-{n}", NOTHING),
    "attribute under a name of ours": Carrier(aws, '"tachograph.content.input":"{}"', WORD),
    "URL in an attribute": Carrier(url, '"address":"{}"'),
    "span event name": Carrier(anthropic, '"name":"{}","time_ns":'),
    "span event attribute": Carrier(email, '"noted":"{}"'),
    "span event key": Carrier(github, '"{}":"kept"'),
    "link attribute": Carrier(bearer, '"link_attributes":[{"linked":"{}"}]'),
    "status description": Carrier(jwt, '"description":"{}"'),
    "recorded exception": Carrier(password, '"exception.message":"{}"'),
    "exception in a span": Carrier(url, '"description":"ValueError: {}"'),
    "note of an exception": Carrier(anthropic),
    "cause of an exception": Carrier(github),
    "context of an exception": Carrier(jwt),
    "member of a group of exceptions": Carrier(aws),
    "note of a member of a group": Carrier(bearer),
    "name of a group of exceptions": Carrier(email),
    "nested variables of a frame": Carrier(github, None),
    "state of a trace": Carrier(aws, '"trace_state":"told={}"', "begin{n}-{secret}"),
    "attribute of another instrumentation": Carrier(password, '"db.query.text":"{}"'),
    "scope name": Carrier(anthropic, '"scope":"{}"'),
    "scope version": Carrier(github, '"version":"{}"'),
    "scope attribute": Carrier(aws, '"attributes":{"told":"{}"}'),
    "schema of a scope": Carrier(jwt, '"schema_url":"https://example.org/{}"'),
    "resource attribute": Carrier(jwt, '"owner":"{}"'),
    "service name": Carrier(email, '{}"'),
    # What a program says of its run
    "phase name": Carrier(aws, '"tachograph.phase.name":"{}"'),
    "event name": Carrier(bearer, '"name":"{}","fields":'),
    "field name of an event": Carrier(email, '"fields":{"{}":"kept"}'),
    "nested field of an event": Carrier(pem, '"list":[{"value":"{}"}]'),
    "nested key of an event": Carrier(jwt, '"{}":"kept"'),
    "bytes in an event": Carrier(password, '"octets":"{}"'),
    "path in an event": Carrier(github, '"path":"{}"', PATH),
    "task of a run": Carrier(github, '"task":"{}"'),
    "goal of a run": Carrier(pem, '"goal":"{}"'),
    "role of a run": Carrier(email, '"role":"{}"'),
    "fact of a run": Carrier(anthropic, '"deep":["{}"]'),
    "reason of an outcome": Carrier(url, '"reason":"{}"'),
    # What it says through the Logs API
    "logger name": Carrier(anthropic, '"scope":"{}","severity_text":'),
    "logger version": Carrier(github, '"version":"{}"'),
    "logger attribute": Carrier(aws, '"attributes":{"logged":"{}"}'),
    "schema of a logger": Carrier(jwt, '"schema_url":"https://example.org/{}"'),
    "severity of a log": Carrier(email, '"severity_text":"{}"'),
    "event name of a log": Carrier(bearer, '"name":"{}","scope":'),
    "log body": Carrier(pem, '"body":"{}"'),
    "nested log body": Carrier(url, '"body":{"list":["{}"]'),
    "log body key": Carrier(github, '"{}":"kept"'),
    "log attribute": Carrier(password, '"fields":{"logged":"{}"'),
    "log attribute key": Carrier(aws, '"{}":"kept"'),
    "nested log attribute": Carrier(jwt, '"list":[{"value":"{}"}]'),
    "exception of a log": Carrier(github, '"exception.message":"{}"'),
    "message in an event": Carrier(email, '"gen_ai.input.messages":[{"parts":[{"content":"{}"}]}]'),
    # What it says through logging
    "message for logging": Carrier(url, '"message":"{}","file"'),
    "argument for logging": Carrier(github, '"message":"told {}"'),
    "named argument for logging": Carrier(jwt, '"message":"named {}"'),
    "error for logging": Carrier(anthropic, '"error":"builtins.ValueError: {}"'),
    "name of a logger of logging": Carrier(aws, '"logger":"{}"'),
    "extra for logging": Carrier(bearer, None),
    # What it measures through the Metrics API
    "meter name": Carrier(github, '"description":"","scope":"{}"'),
    "meter version": Carrier(anthropic, '"version":"{}"'),
    "meter attribute": Carrier(email, '"attributes":{"metered":"{}"}'),
    "schema of a meter": Carrier(jwt, '"schema_url":"https://example.org/{}"'),
    "metric name": Carrier(lower, '"name":"{}","unit":', NAME),
    "metric name in upper case": Carrier(aws, '"name":"{}","unit":', NAME),
    "metric unit": Carrier(aws, '"unit":"{}"', fits=UNIT),
    "metric description": Carrier(pem, '"description":"{}"'),
    "metric attribute": Carrier(bearer, '"counted":"{}"'),
    "metric attribute in a sequence": Carrier(jwt, '"sequence":["{}"]'),
    "metric attribute key": Carrier(github, '"{}":"kept"'),
    "attribute of an observation": Carrier(password, '"observed":"{}"'),
    "attribute of a histogram": Carrier(url, '"spread":"{}"'),
    # Processes, their environment and their errors
    "name of a run": Carrier(aws, '{}"}}'),
    "working directory": Carrier(github, '/{}","command":', fits=FOLDER),
    "branch": Carrier(github, '{}"', PATH),
    "pipeline": Carrier(aws, '{}"'),
    "source file name": Carrier(aws, '/{}.py"', fits=NOTHING),
    "argument": Carrier(bearer, '"{}"'),
    "argument behind a flag": Carrier(flagged, '"--password","{}"', "{secret}"),
    "argument of a child": Carrier(anthropic, '"{}"'),
    "argument that is a variable's value": Carrier(variable, '"{}"'),
    "value of an environment variable": Carrier(variable, '"variable":"{}"'),
    "value of an environment variable as JSON": Carrier(quoted, '"json":"[\\"{}\\"]"'),
    "environment variable set while it runs": Carrier(variable, '"late":"{}"', fits=NOTHING),
    "thread name": Carrier(password, '"thread":"{}"'),
    "exception in a thread": Carrier(jwt, '"message":"{}"'),
    "exception that ends the program": Carrier(bearer, '{}","handled":false'),
    "name of an exception's type": Carrier(github, '"type":"__main__.{}"', NAME),
    "source line of an error": Carrier(password, '"source":"raise LookupError(message)  # {}', fits=LINE),
    "variable of a frame": Carrier(github, None),
    "environment variable": Carrier(aws, None),
    "standard output": Carrier(github, None),
    "standard error": Carrier(aws, None),
    # What is sent to models and comes from them
    "model": Carrier(github, '"gen_ai.request.model":"{}"'),
    "system prompt": Carrier(pem, '"role":"system","parts":[{"type":"text","content":"{}"}]'),
    "message of the user": Carrier(email, '"content":"{}"}],"name":'),
    "name of a participant": Carrier(aws, '"name":"{}"'),
    "part of a message": Carrier(jwt, '"content":"{}"'),
    "address of an image": Carrier(url, '"uri":"{}"', "{secret}&n=begin-{n}"),
    "description of a tool": Carrier(password, '"description":"{}"'),
    "arguments of a tool in the history": Carrier(anthropic, '"arguments":{"at":"{}"}'),
    "result of a tool": Carrier(pem, '"response":"{}"'),
    "stop sequence": Carrier(github, '"gen_ai.request.stop_sequences":["{}"]'),
    "name of a schema": Carrier(aws, '"tachograph.request.structured_output":"{}"'),
    "answer": Carrier(bearer, '"content":"{}"'),
    "streamed answer": Carrier(jwt, '"content":"{}"'),
    "streamed answer, split anywhere": Carrier(github, '"content":"{}"', fits=ONE),
    "streamed arguments, split anywhere": Carrier(password, '"arguments":{"at":"{}"}', fits=ONE),
    "streamed thoughts": Carrier(anthropic, '"type":"reasoning","content":"{}"'),
    "streamed response": Carrier(url, '"content":"{}"'),
    "streamed response, split anywhere": Carrier(email, '"content":"{}"', fits=ONE),
    "arguments of an asked tool": Carrier(aws, '"arguments":{"at":"{}"}'),
    "thoughts of an answer": Carrier(bearer, '"type":"reasoning","content":"{}"'),
    "refusal in an answer": Carrier(jwt, '"content":"{}"'),
    "model of an answer": Carrier(github, '"gen_ai.response.model":"{}"'),
    "answer of a response": Carrier(email, '"content":"{}"'),
    "arguments asked by a response": Carrier(password, '"arguments":{"at":"{}"}'),
    "arguments of a streamed tool call": Carrier(github, '"arguments":{"at":"{}"}'),
    "instructions of a response": Carrier(anthropic, '"content":"{}"'),
    "input of a response": Carrier(password, '"content":"{}"'),
    "result of a tool of a response": Carrier(url, '"response":"{}"'),
    "text to be embedded": Carrier(github, '"content":"{}"'),
    "path of an address": Carrier(in_url, '/{}/v1/chat/completions"', WORD),
    "rate limit of a refusal": Carrier(github, '"tachograph.http.rate_limits":"requests: {}"', fits=LINE),
    "wait of a refusal": Carrier(anthropic, '"http.response.header.retry-after":["{}"]', fits=LINE),
    "body of a refusal": Carrier(bearer, '"exception.message":"Error code: 400 - {}"'),
    "system prompt: Anthropic": Carrier(aws, '"role":"system","parts":[{"type":"text","content":"{}"}]'),
    "message of the user: Anthropic": Carrier(url, '"content":"{}"'),
    "description of a tool: Anthropic": Carrier(email, '"description":"{}"'),
    "input of a tool: Anthropic": Carrier(bearer, '"arguments":{"at":"{}"}'),
    "result of a tool: Anthropic": Carrier(pem, '"response":"{}"'),
    "streamed answer: Anthropic": Carrier(anthropic, '"content":"{}"'),
    "thoughts: Anthropic": Carrier(password, '"type":"reasoning","content":"{}"'),
    "streamed thoughts: Anthropic": Carrier(url, '"type":"reasoning","content":"{}"'),
    "input of an asked tool: Anthropic": Carrier(email, '"arguments":{"at":"{}"}'),
    "input of a streamed tool: Anthropic": Carrier(github, '"arguments":{"at":"{}"}'),
    "streamed answer, split anywhere: Anthropic": Carrier(jwt, '"content":"{}"', fits=ONE),
    "streamed input, split anywhere: Anthropic": Carrier(anthropic, '"arguments":{"at":"{}"}', fits=ONE),
    "body of a refusal: Anthropic": Carrier(aws, "{}"),
    "key of a client": Carrier(anthropic, None, fits=LINE),
    "user of a request": Carrier(email, None),
    "metadata of a request": Carrier(github, None),
    "metadata of a request: Anthropic": Carrier(jwt, None),
    "header of a request": Carrier(bearer, None, fits=LINE),
    "query of a request": Carrier(aws, None),
    # What other requests carry
    "query of another request": Carrier(url, "told=begin-{n}%20", fits=ONE),
    "password in the URL of another request": Carrier(anthropic, None),
    "header of another request": Carrier(bearer, '"http.request.header.x_told":["{}"]', fits=LINE),
}

SPLIT = {name for name in CARRIERS if "split anywhere" in name}
"""What is streamed once for each place where it can be split."""
