"""`tacho redact`: a filter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

TACHO = str(Path(sys.executable).with_name("tacho"))
TOKEN = "ghp_" + "a1B2c3" * 6
TEXT = f"one\nthe key {TOKEN} and ann@acme.io\nDB_PASSWORD=hunter2x 10.0.0.1\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def _run(home: Path, *words: str, text: str = TEXT, cwd: Path | None = None, **environ: str) -> tuple[int, str, str]:
    return _tacho(home, "redact", *words, text=text, cwd=cwd, **environ)


def _tacho(home: Path, *words: str, text: str = "", cwd: Path | None = None, **environ: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [TACHO, *words],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd or home,
        env={"HOME": str(home), "PATH": os.environ["PATH"], **environ},
    )
    return done.returncode, done.stdout, done.stderr


def test_it_filters(home: Path) -> None:
    code, out, err = _run(home, "--count")
    assert (code, err) == (0, "4 redacted: email 1, github-token 1, password 1, private-ip 1\n")
    assert out.startswith("one\nthe key [REDACTED:github-token:")
    assert "] and [REDACTED:email]\nDB_PASSWORD=[REDACTED:password:" in out
    assert out.endswith("] [REDACTED:private-ip]\n")
    assert _run(home, text=out) == (0, out, "")


def test_it_explains_without_showing(home: Path) -> None:
    code, out, err = _run(home, "--explain")
    assert (code, err) == (0, "")
    assert TOKEN not in out
    assert "hunter2x" not in out
    rows = [line.split(":", 2) for line in out.splitlines()]
    assert [(int(line), int(column)) for line, column, _ in rows] == [(2, 9), (2, 54), (3, 13), (3, 22)]
    assert rows[1][2] == " email, 11 bytes"
    told = [json.loads(line) for line in _run(home, "--explain", "--json")[1].splitlines()]
    assert [entry["kind"] for entry in told] == ["github-token", "email", "password", "private-ip"]
    assert told[0] == {
        "line": 2,
        "column": 9,
        "offset": 12,
        "bytes": 40,
        "kind": "github-token",
        "tag": rows[0][2].split(":")[1].split(",")[0],
    }
    assert told[1]["tag"] is None


def test_the_configuration_and_the_environment_hold(home: Path, tmp_path: Path) -> None:
    (tmp_path / "tachograph.toml").write_text(
        '[redaction]\nkeys = ["badge"]\n[redaction.personal]\nprivate-ip = false\n'
        '[[redaction.rules]]\nname = "staff"\npattern = "EMP-[0-9]+"\n'
    )
    _, out, _ = _run(home, cwd=tmp_path, text="badge: 7 EMP-12 10.0.0.1 quite-Plain7\n", MY_API_KEY="quite-Plain7")
    kinds = [part.split("]")[0].split(":")[0] for part in out.split("[REDACTED:")[1:]]
    assert kinds == ["secret", "staff", "environment"]
    assert "10.0.0.1" in out


def test_a_wrong_rule_stops_it(home: Path, tmp_path: Path) -> None:
    (tmp_path / "tachograph.toml").write_text('[[redaction.rules]]\nname = "a"\npattern = "("\n')
    code, out, err = _run(home, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith(f"tacho: {tmp_path / 'tachograph.toml'}, line 3: redaction.rules[0].pattern is not a regular")
    assert err.count("\n") == 1


def test_a_wrong_rule_stops_what_would_need_it(home: Path, tmp_path: Path) -> None:
    assert _tacho(home, "run", "--", "true", cwd=tmp_path)[0] == 0
    (tmp_path / "tachograph.toml").write_text("[redaction]\nallow = 7\n")
    said = f"tacho: {tmp_path / 'tachograph.toml'}, line 2: redaction.allow must be a list of SHA-256 digests such as "
    for words in (("run", "--", "true"), ("push", "--endpoint", "http://127.0.0.1:9", "--timeout", "1")):
        code, out, err = _tacho(home, *words, cwd=tmp_path)
        assert (code, out) == (2, "")
        assert err.startswith(said)
        assert err.count("\n") == 1
    assert len(list((tmp_path / ".tachograph" / "runs").iterdir())) == 1


def test_json_without_explain_is_wrong_usage(home: Path) -> None:
    wanted = "tacho: --json requires --explain. Example: tacho redact --explain --json < log.txt\n"
    assert _run(home, "--json") == (2, "", wanted)


def test_a_source_that_pauses_is_shown_meanwhile(home: Path) -> None:
    with subprocess.Popen(
        [TACHO, "redact"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=home,
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(TEXT.encode())
        process.stdin.flush()
        began = time.monotonic()
        lines = [process.stdout.readline() for _ in range(3)]
        assert time.monotonic() - began < 60
        assert lines[0] == b"one\n"
        assert lines[2].endswith(b"[REDACTED:private-ip]\n")
        process.stdin.close()
        assert process.wait(60) == 0
