"""A small coding agent, to be recorded: it mends a broken function until the tests pass.

It uses the client libraries as any program does and knows nothing of how it is recorded; the phases, iterations and the
tool spans are what a program may add of itself.

    tacho run -- python -m tachograph.demo.agent --help
"""

from __future__ import annotations

import argparse
import contextvars
import importlib.util
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from opentelemetry import trace

import tachograph
from tachograph.demo.talk import AnthropicTalk, OpenAITalk
from tachograph.semconv import genai

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tachograph.demo.talk import Asked, Talk

_GOAL = "The tests of calculator.py fail. Find out why and fix it."
_SOURCE = '"""Sums."""\n\n\ndef add(a, b):\n    return a - b\n'
_TESTS = """import unittest

from calculator import add


class Sums(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(2, 3), 5)
"""
_MOST_TURNS = 8


@dataclass(frozen=True, slots=True)
class Workshop:
    """The tools of the agent, and the folder they work in."""

    folder: Path

    def run(self, asked: Asked) -> str:
        """The result of a tool call; a failure is a result too, which the model gets to see."""
        tools: dict[str, Callable[..., str]] = {
            "read_file": self.read_file,
            "write_file": self.write_file,
            "run_tests": self.run_tests,
        }
        attributes = {
            genai.OPERATION_NAME: genai.OPERATION_EXECUTE_TOOL,
            genai.TOOL_NAME: asked.name,
            genai.TOOL_CALL_ID: asked.id,
            genai.TOOL_CALL_ARGUMENTS: json.dumps(asked.arguments),
        }
        with trace.get_tracer(__name__).start_as_current_span(
            f"execute_tool {asked.name}", attributes=attributes
        ) as span:
            try:
                result = tools[asked.name](**asked.arguments)
            except (KeyError, TypeError, OSError) as error:
                result = f"failed: {error!r}"
            span.set_attribute(genai.TOOL_CALL_RESULT, result)
        return result

    def read_file(self, path: str) -> str:
        """The text of a file."""
        return (self.folder / Path(path).name).read_text("utf-8")

    def write_file(self, path: str, content: str) -> str:
        """Write a file."""
        (self.folder / Path(path).name).write_text(content, "utf-8")
        return f"wrote {len(content)} characters to {path}"

    @tachograph.phase("validation")
    def run_tests(self) -> str:
        """Run the tests in a separate process."""
        command = [sys.executable, "-m", "unittest", "-q"]
        done = subprocess.run(  # noqa: S603 - the words are fixed
            command, cwd=self.folder, capture_output=True, text=True, check=False
        )
        return ("passed" if done.returncode == 0 else "failed") + "\n" + done.stderr[-500:]


def work(talks: Sequence[Talk], folder: Path, *, faults: bool) -> bool:
    """Mend the project in a folder; whether its tests pass in the end.

    Parameters
    ----------
    talks
        The models to talk to, at least one; the first mends, the others review.
    folder
        An empty folder.
    faults
        Whether to ask the provider stub for failures on the way.
    """
    tachograph.describe(task="calculator.py", goal=_GOAL, task_type="bugfix", role="implementer")
    workshop = Workshop(folder)
    with tachograph.phase("context_loading"):
        workshop.write_file("calculator.py", _SOURCE)
        workshop.write_file("test_calculator.py", _TESTS)
        for talk in talks:
            talk.embed([_SOURCE, _TESTS])

    with tachograph.phase("ai_execution"):
        _mend(talks[0], workshop)

    passed = workshop.run_tests().startswith("passed")

    with tachograph.phase("scope_checking"):
        _review(talks, workshop.read_file("calculator.py"), faults=faults)
        if faults:
            _fail(talks[-1])
    summary = "".join(talks[-1].stream("Say in one sentence what was wrong: the sum was a difference."))
    tachograph.event("decision", summary=summary, tests_pass=passed)
    tachograph.outcome("completed" if passed else "failed", None if passed else "the tests still fail")
    return passed


def _mend(talk: Talk, workshop: Workshop) -> None:
    # A secret that somebody pastes into a prompt: it is made up, and the recording redacts it.
    token = "ghp_" + "Zx81" * 9
    talk.say(f"{_GOAL}\nIf you need the repository, the token is {token}.")
    for number in range(1, _MOST_TURNS + 1):
        with tachograph.iteration(number):
            asked = talk.turn()
            talk.answer([(call, workshop.run(call)) for call in asked])
        if not asked:
            return


def _review(talks: Sequence[Talk], source: str, *, faults: bool) -> None:
    questions = ["Is this correct?", "Is this readable?", "Is this complete?"]
    with ThreadPoolExecutor(len(questions)) as pool:
        # Each worker gets its own context, so that its call belongs to the phase it was submitted in.
        waiting = [
            pool.submit(
                contextvars.copy_context().run,
                talks[number % len(talks)].ask,
                f"{question}\n{source}",
                "429" if faults and number == 0 else None,
            )
            for number, question in enumerate(questions)
        ]
        for future in waiting:
            future.result()


def _fail(talk: Talk) -> None:
    try:
        talk.ask("Are you there?", "always-500")
    except Exception as error:
        tachograph.event("decision", because=type(error).__name__, what="the provider failed; going on without")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the agent.

    Parameters
    ----------
    arguments
        The words of the command line; None means those of the process.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tachograph.demo.agent",
        description="A small agent that mends a broken function. It talks to the providers whose client library is "
        "installed, at the addresses and with the keys of their environment variables.",
    )
    parser.add_argument("--openai-model", default="gpt-5.1-mini", help="model for the OpenAI client")
    parser.add_argument("--openai-embedding-model", default="text-embedding-3-small", help="model for embeddings")
    parser.add_argument("--anthropic-model", default="claude-haiku-4-5", help="model for the Anthropic client")
    parser.add_argument("--only", choices=["openai", "anthropic"], help="use one provider alone")
    parser.add_argument("--faults", action="store_true", help="ask the provider stub for failures on the way")
    options = cast("Any", parser.parse_args(arguments))

    talks: list[Talk] = []
    if options.only != "openai" and importlib.util.find_spec("anthropic") is not None:
        talks.append(AnthropicTalk(options.anthropic_model))
    if options.only != "anthropic" and importlib.util.find_spec("openai") is not None:
        talks.append(OpenAITalk(options.openai_model, options.openai_embedding_model))
    if not talks:
        sys.stderr.write("The agent needs a client library: pip install openai anthropic\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="tachograph-demo-") as folder:
        passed = work(talks, Path(folder), faults=options.faults)
    sys.stdout.write(f"The tests {'pass' if passed else 'fail'}.\n")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
