"""The frame of the command: help, version, mistakes, what is imported."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

from tachograph import __version__
from tachograph.cli import main
from tachograph.cli.app import COMMANDS
from tachograph.cli.formats import count, duration, money, plural
from tachograph.errors import StartError


def test_version(tacho: Any) -> None:
    said = tacho("--version")
    assert (said.returncode, said.stdout, said.stderr) == (0, f"tacho {__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(tacho: Any, command: str) -> None:
    said = tacho(command, "--help")
    assert said.returncode == 0
    assert f"Usage: tacho {command}" in said.stdout
    (example,) = re.findall(r"^  Example: (.*)$", said.stdout, re.MULTILINE)
    assert f"tacho {command}" in example


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shwo"], 'tacho: there is no command "shwo". Did you mean show?\n'),
        (["xyzzy"], f'tacho: there is no command "xyzzy". Commands: {", ".join(COMMANDS)}.\n'),
        (["list", "--limit", "many"], None),
        (["list", "--status", "dead"], None),
        (["list", "--since", "soon"], None),
        (["show", "--no-such-option"], None),
        (
            ["list", "--dir", "/no/such/folder"],
            "tacho: /no/such/folder does not exist. Name a folder that holds runs, such as .tachograph\n",
        ),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(tacho: Any, arguments: list[str], message: str | None) -> None:
    said = tacho(*arguments)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith("tacho: ")
    assert said.stderr.count("\n") == 1
    if message is not None:
        assert said.stderr == message


@pytest.mark.parametrize("words", [[], ["run", "--", "python", "agent.py"], ["list"], ["--help"]], ids=" ".join)
def test_windows_is_refused_in_one_line(words: list[str]) -> None:
    # The libraries are imported first: they would look for what only Windows has.
    script = "import os, sys, typer\nos.name = 'nt'\nfrom tachograph.cli import main\nsys.exit(main())"
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    said = "tacho: Windows is not supported. Use Linux, macOS or the Windows Subsystem for Linux.\n"
    assert done.stderr == said


def test_a_setting_that_cannot_be_used_is_one_line(tacho: Any, project: Any) -> None:
    (project / "tachograph.toml").write_text("level = 3\n")
    said = tacho("list")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith("tacho: ")
    assert said.stderr.count("\n") == 1


def test_an_error_has_its_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def failing(_: object) -> None:
        raise StartError("it did not work", 7)

    monkeypatch.setattr("tachograph.cli.list_runs.open_runs", failing)
    assert main(["list"]) == 7
    assert capsys.readouterr().err == "tacho: it did not work\n"


def test_a_pipe_that_is_closed_ends_quietly(tacho: Any, new_run: Any) -> None:
    for number in range(400):
        new_run(f"{number:08x}-5e6f-4a7b-8c9d-0e1f2a3b4c5d", 100 + number).end(1)
    script = "import sys; from tachograph.cli import main; sys.exit(main(['list', '--limit', '0', '--json']))"
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=tacho.project, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_only_what_a_command_needs_is_imported() -> None:
    script = (
        "import json, sys, tachograph.cli.app, tachograph.cli.list_runs, tachograph.cli.show\n"
        "import tachograph.report.folder_runs\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = json.loads(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout)
    heavy = {
        "pydantic",
        "genai_prices",
        "opentelemetry",
        "rich",
        "tachograph.report.model",
        "tachograph.report.fold_run",
    }
    assert heavy & set(loaded) == set()


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (None, "-"),
        (0, "0ms"),
        (400_000, "0.4ms"),
        (840_000_000, "840ms"),
        (999_900_000, "1.0s"),
        (59_940_000_000, "59.9s"),
        (59_960_000_000, "1m 00s"),
        (182_000_000_000, "3m 02s"),
        (7_500_000_000_000, "2h 05m"),
    ],
)
def test_durations(ns: int | None, text: str) -> None:
    assert duration(ns) == text


@pytest.mark.parametrize("line", [["run", "--", "cmd", "--flag", "-v"], ["run", "cmd", "--flag", "-v"]])
def test_a_command_can_hand_on_the_options_of_another(
    line: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(words: list[str], quiet: bool = False) -> int:
        print(words, quiet)
        return 5

    module: Any = ModuleType("handing_on")
    module.command = command
    module.CONTEXT_SETTINGS = {"ignore_unknown_options": True, "allow_interspersed_args": False}
    monkeypatch.setitem(sys.modules, "handing_on", module)
    monkeypatch.setitem(COMMANDS, "run", "handing_on")
    assert main(line) == 5
    assert capsys.readouterr().out == "['cmd', '--flag', '-v'] False\n"


def test_figures() -> None:
    assert money("0.4127", "USD") == "$0.4127"
    assert money("1234.5", "EUR") == "€1,234.5000"
    assert money("0.0000151", "USD") == "$0.000015"
    assert money("0", "CHF") == "0.0000 CHF"
    assert (count(182304), count(None)) == ("182,304", "-")
    assert (plural(1, "call"), plural(2, "call"), plural(2, "loss", "losses")) == ("1 call", "2 calls", "2 losses")


@pytest.mark.parametrize("words", [["list"], ["show"], ["show", "--json"], ["--version"]], ids=" ".join)
def test_an_output_that_is_closed_is_no_failure(new_run: Any, tacho: Any, words: list[str]) -> None:
    new_run().end(3)
    said = tacho.shell(f"{tacho.path} {' '.join(words)} >&-")
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("words", [["list"], ["show"], ["show", "--json"], ["--version"]], ids=" ".join)
def test_an_output_that_is_full_is_one_line(new_run: Any, tacho: Any, words: list[str]) -> None:
    new_run().end(3)
    said = tacho.shell(f"{tacho.path} {' '.join(words)} >/dev/full")
    assert (said.returncode, said.stderr) == (1, "tacho: No space left on device\n")
