"""A secret in any carrier of text is gone from every byte that a run leaves; what stands around it is kept."""

from __future__ import annotations

import base64
import json
import os
import random
import re
import string
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.receiver import Receiver

from tachograph.demo.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Iterator

TACHO = str(Path(sys.executable).with_name("tacho"))
PROGRAM = Path(__file__).with_name("canary_program.py")
FAILING = Path(__file__).with_name("failing_redaction.py")
LETTERS = string.ascii_letters + string.digits
SHOWING = ("show", "show --json", "list", "list --json")
BASE32 = string.ascii_uppercase + "234567"


class Secret(NamedTuple):
    """A secret: how it is written, what of it may be found nowhere, and a pattern of what stands in its place."""

    text: str
    hidden: tuple[str, ...]
    sealed: str


Maker = Callable[[random.Random], Secret]


def letters(source: random.Random, size: int, alphabet: str = LETTERS) -> str:
    """Letters of an alphabet, the same for the same source."""
    return "".join(source.choice(alphabet) for _ in range(size))


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
    """

    kind: Maker
    kept: str | None = "{}"
    planted: str = "begin-{n} {secret} end-{n}"


# Where blanks would not be part of it.
PATH = "begin-{n}/{secret}/end-{n}.py"
NAME = "begin{n}_{secret}_end{n}"
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
    "attribute that is too long": Carrier(github, f'"long":"{LONG}"', LONG + "{secret} end-{n}"),
    "attribute under a name of ours": Carrier(aws, '"tachograph.content.input":"{}"', WORD),
    "URL in an attribute": Carrier(url, '"address":"{}"'),
    "span event name": Carrier(anthropic, '"name":"{}","time_ns":'),
    "span event attribute": Carrier(email, '"noted":"{}"'),
    "span event key": Carrier(github, '"{}":"kept"'),
    "link attribute": Carrier(bearer, '"link_attributes":[{"linked":"{}"}]'),
    "status description": Carrier(jwt, '"description":"{}"'),
    "recorded exception": Carrier(password, '"exception.message":"{}"'),
    "exception in a span": Carrier(url, '"description":"ValueError: {}"'),
    "scope name": Carrier(anthropic, '"scope":"{}"'),
    "scope version": Carrier(github, '"version":"{}"'),
    "scope attribute": Carrier(aws, '"attributes":{"told":"{}"}'),
    "schema of a scope": Carrier(jwt, '"schema_url":"https://example.org/{}"'),
    "resource attribute": Carrier(jwt, '"owner":"{}"'),
    "service name": Carrier(email, '"service.name":"{}"'),
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
    # What it measures through the Metrics API
    "meter name": Carrier(github, '"description":"","scope":"{}"'),
    "meter version": Carrier(anthropic, '"version":"{}"'),
    "meter attribute": Carrier(email, '"attributes":{"metered":"{}"}'),
    "schema of a meter": Carrier(jwt, '"schema_url":"https://example.org/{}"'),
    "metric name": Carrier(lower, '"name":"{}","unit":', NAME),
    "metric name in upper case": Carrier(aws, '"name":"{}","unit":', NAME),
    "metric unit": Carrier(aws, '"unit":"{}"'),
    "metric description": Carrier(pem, '"description":"{}"'),
    "metric attribute": Carrier(bearer, '"counted":"{}"'),
    "metric attribute in a sequence": Carrier(jwt, '"sequence":["{}"]'),
    "metric attribute key": Carrier(github, '"{}":"kept"'),
    "attribute of an observation": Carrier(password, '"observed":"{}"'),
    "attribute of a histogram": Carrier(url, '"spread":"{}"'),
    # Processes, their environment and their errors
    "name of a run": Carrier(aws, '"name":"{}"}}'),
    "working directory": Carrier(github, '/{}","command":'),
    "branch": Carrier(github, '"branch":"{}"', PATH),
    "pipeline": Carrier(aws, '"pipeline":"{}"'),
    "source file name": Carrier(aws, '/{}.py"'),
    "argument": Carrier(bearer, '"{}"'),
    "argument behind a flag": Carrier(flagged, '"--password","{}"', "{secret}"),
    "argument of a child": Carrier(anthropic, '"{}"'),
    "argument that is a variable's value": Carrier(variable, '"{}"'),
    "value of an environment variable": Carrier(variable, '"variable":"{}"'),
    "value of an environment variable as JSON": Carrier(quoted, '"json":"[\\"{}\\"]"'),
    "environment variable set while it runs": Carrier(variable, '"late":"{}"'),
    "thread name": Carrier(password, '"thread":"{}"'),
    "exception in a thread": Carrier(jwt, '"message":"{}"'),
    "exception that ends the program": Carrier(bearer, '"message":"{}","handled":false'),
    "name of an exception's type": Carrier(github, '"type":"__main__.{}"', NAME),
    "source line of an error": Carrier(password, '"source":"raise kind(message)  # {}"'),
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
    "answer": Carrier(bearer, '"content":"You said: {}"'),
    "streamed answer": Carrier(jwt, '"content":"You said: {}"'),
    "arguments of a streamed tool call": Carrier(github, '"arguments":{"path":"{}"}', PATH),
    "instructions of a response": Carrier(anthropic, '"content":"{}"'),
    "input of a response": Carrier(password, '"content":"{}"'),
    "result of a tool of a response": Carrier(url, '"response":"{}"'),
    "text to be embedded": Carrier(github, '"content":"{}"'),
    "path of an address": Carrier(in_url, '/{}/v1/chat/completions"', WORD),
    "rate limit of a refusal": Carrier(github, '"tachograph.http.rate_limits":"requests: {}"'),
    "wait of a refusal": Carrier(anthropic, '"http.response.header.retry-after":["{}"]'),
    "body of a refusal": Carrier(bearer, '"exception.message":"Error code: 400 - {}"'),
    "system prompt: Anthropic": Carrier(aws, '"role":"system","parts":[{"type":"text","content":"{}"}]'),
    "message of the user: Anthropic": Carrier(url, '"content":"{}"'),
    "description of a tool: Anthropic": Carrier(email, '"description":"{}"'),
    "input of a tool: Anthropic": Carrier(bearer, '"arguments":{"at":"{}"}'),
    "result of a tool: Anthropic": Carrier(pem, '"response":"{}"'),
    "streamed answer: Anthropic": Carrier(anthropic, '"content":"You said: {}"'),
    "key of a client": Carrier(anthropic, None),
    "user of a request": Carrier(email, None),
    "metadata of a request": Carrier(github, None),
    "metadata of a request: Anthropic": Carrier(jwt, None),
    "header of a request": Carrier(bearer, None),
    "query of a request": Carrier(aws, None),
}


class Planted:
    """What a carrier is given, and what is to come of it."""

    def __init__(self, number: int, name: str) -> None:
        carrier = CARRIERS[name]
        self.secret = carrier.kind(random.Random(name))
        before, _, after = carrier.planted.replace("{n}", str(number)).partition("{secret}")
        self.text = before + self.secret.text + after
        self.mark = str(number)
        self.kept: re.Pattern[str] | None = None
        if carrier.kept is not None:
            sealed = re.escape(before) + self.secret.sealed + re.escape(after)
            around = map(re.escape, carrier.kept.replace("{n}", self.mark).split("{}"))
            self.kept = re.compile(sealed.join(around))


PLANTED = {name: Planted(number, name) for number, name in enumerate(CARRIERS, 100)}


class _Refusing(BaseHTTPRequestHandler):
    """Says in a refusal what a provider of somebody's may say."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps({"error": {"message": PLANTED["body of a refusal"].text}}).encode()
        self.send_response(400)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("x-ratelimit-requests", PLANTED["rate limit of a refusal"].text)
        self.send_header("retry-after", PLANTED["wait of a refusal"].text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


class Recorded(NamedTuple):
    """What a run left behind."""

    program: subprocess.CompletedProcess[str]
    sent: str
    """What the provider got."""
    left: dict[str, str]
    """What each file holds, below its path, and what each command shows."""
    receiver: Receiver


@pytest.fixture(scope="module")
def refusing() -> Iterator[str]:
    """The address of a provider that refuses."""
    server = HTTPServer(("127.0.0.1", 0), _Refusing)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, refusing: str) -> Recorded:
    """The program, recorded once, and everything that came of it."""
    return record(tmp_path_factory.mktemp("canary"), refusing)


@pytest.fixture(scope="module", params=[1, 2, 7], ids=["always", "every other time", "now and then"])
def failing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, refusing: str) -> Recorded:
    """The same, where what looks for secrets fails, in every process there is."""
    base = tmp_path_factory.mktemp("failing")
    (base / "site").mkdir()
    (base / "site" / "sitecustomize.py").write_text(FAILING.read_text("utf-8"), "utf-8")
    return record(base, refusing, PYTHONPATH=str(base / "site"), FAIL_EVERY=str(request.param))


def record(base: Path, refusing: str, **env: str) -> Recorded:
    """Record the program, with all that can be sent being sent."""
    texts = {name: planted.text for name, planted in PLANTED.items()}
    (base / "planted.json").write_text(json.dumps(texts), "utf-8")
    work = base / texts["working directory"]
    (work / ".git").mkdir(parents=True)
    (work / ".git" / "HEAD").write_text(f"ref: refs/heads/{texts['branch']}\n", "utf-8")
    program = work / f"{texts['source file name']}.py"
    program.write_text(PROGRAM.read_text("utf-8").replace("SOURCE LINE", texts["source line of an error"]), "utf-8")
    options = ["--name", texts["name of a run"], "--dir", str(base / "runs")]
    told = [texts["argument"], texts["argument that is a variable's value"]]
    flag = ["--password", texts["argument behind a flag"]]
    with Provider() as provider, Receiver() as receiver:
        places = [str(base / "planted.json"), provider.url, refusing]
        everything = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
            "OTEL_LOGS_EXPORTER": "otlp",
            "OTEL_METRICS_EXPORTER": "otlp",
            "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_AND_EVENT",
            **env,
        }
        done = tacho(work, "run", *options, "--", sys.executable, str(program), *places, *told, *flag, **everything)
        sent = json.dumps([request.body for request in provider.requests])
    left = {"wire": receiver.wire.decode("latin-1")}
    for words in SHOWING:
        shown = tacho(work, *words.split(), "--dir", str(base / "runs"), **env)
        left[words] = shown.stdout + shown.stderr
    for path in (base / "runs").rglob("*"):
        name = str(path.relative_to(base))
        left[name] = name + (path.read_bytes().decode("latin-1") if path.is_file() else "")
    return Recorded(done, sent, left, receiver)


def tacho(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run our command where the variables of its environment hold secrets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TACHOGRAPH_", "OTEL_", "TRACE"))}
    told = {
        "ACME_API_TOKEN": PLANTED["value of an environment variable"].secret.text,
        "ACME_ACCESS_KEY": PLANTED["argument that is a variable's value"].secret.text,
        "ACME_PASSWORD": PLANTED["value of an environment variable as JSON"].secret.text,
        "ACME_NOTE": PLANTED["environment variable"].text,
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKFLOW": PLANTED["pipeline"].text,
        "OTEL_RESOURCE_ATTRIBUTES": f"owner={PLANTED['resource attribute'].text}",
        "OTEL_SERVICE_NAME": PLANTED["service name"].text,
    }
    return subprocess.run(
        [TACHO, *words],
        cwd=folder,
        env={**kept, **told, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_the_program_ran_to_its_end_with_the_secrets_as_they_are(recorded: Recorded) -> None:
    ended = PLANTED["exception that ends the program"].text
    kind = PLANTED["name of an exception's type"].text
    assert recorded.program.returncode == 1
    assert recorded.program.stdout == PLANTED["standard output"].text + "\n"
    assert recorded.program.stderr.splitlines()[-1] == f"{kind}: {ended}"
    assert "tachograph:" not in recorded.program.stderr
    for name in ("system prompt", "result of a tool", "streamed answer: Anthropic"):
        assert json.dumps(PLANTED[name].text) in recorded.sent


@pytest.mark.parametrize("name", CARRIERS)
def test_no_byte_of_a_secret_is_left(name: str, recorded: Recorded) -> None:
    hidden = PLANTED[name].secret.hidden
    assert [place for place, text in recorded.left.items() if any(part in text for part in hidden)] == []


@pytest.mark.parametrize("name", [name for name, carrier in CARRIERS.items() if carrier.kept is not None])
def test_what_stands_around_a_secret_is_kept(name: str, recorded: Recorded) -> None:
    kept = PLANTED[name].kept
    assert kept is not None
    assert any(kept.search(text) for text in recorded.left.values()), kept.pattern


@pytest.mark.parametrize("name", [name for name, carrier in CARRIERS.items() if carrier.kept is None])
def test_what_nobody_needs_is_not_kept_at_all(name: str, recorded: Recorded) -> None:
    mark = PLANTED[name].mark
    assert [place for place, text in recorded.left.items() if f"begin-{mark}" in text] == []


def test_all_that_a_run_leaves_was_searched(recorded: Recorded) -> None:
    task = f"begin-{PLANTED['task of a run'].mark} [REDACTED:"
    assert [words for words in SHOWING if task not in recorded.left[words]] == []
    journals = "".join(text for place, text in recorded.left.items() if ".jsonl" in place)
    kinds = set(re.findall(r'\{"type":"([a-z.]+)","ts":', journals))
    assert kinds == {"run", "process", "scope", "span.start", "span.end", "event", "metric", "content"}
    names = {Path(place).name.partition("-")[0] for place in recorded.left if place.startswith("runs")}
    assert {"journal", "report.json", "index.sqlite", "otlp.json"} <= names
    # Each signal went out, and prompts with them.
    for told in ("gen_ai.input.messages", "tachograph.error", "gen_ai.client.token.usage", "histogram"):
        assert told in recorded.left["wire"]


def test_where_redaction_fails_no_byte_of_a_secret_is_left(failing: Recorded) -> None:
    assert (failing.program.returncode, "tachograph:" in failing.program.stderr) == (1, False)
    found = {
        name: places
        for name, planted in PLANTED.items()
        if (places := [at for at, text in failing.left.items() if any(part in text for part in planted.secret.hidden)])
    }
    assert found == {}
    assert "[REDACTED:error]" in failing.left["wire"]


def test_where_redaction_fails_ids_and_times_are_left(failing: Recorded) -> None:
    lines = [line for place, text in failing.left.items() if ".jsonl" in place for line in text.splitlines()]
    ended = [record for line in lines if '"type":"span.end"' in line for record in [json.loads(line[line.find("{") :])]]
    sent = {(span["spanId"], span["startTimeUnixNano"]) for span in failing.receiver.spans()}
    told = {(base64.b64encode(bytes.fromhex(record["span_id"])).decode(), str(record["start_ns"])) for record in ended}
    assert len(told) == 20
    assert told <= sent
    assert {path for path, _ in failing.receiver.taken} >= {"/v1/traces", "/v1/logs"}
    # And whoever asks is told of the run.
    assert json.loads(failing.left["show --json"])["redactions"]["error"] > 0
    assert [words for words in SHOWING if "Traceback" in failing.left[words]] == []
