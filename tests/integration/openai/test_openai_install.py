"""Putting the instrumentation in and taking it out, whatever else is in place."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import wrapt
from openai._base_client import SyncAPIClient
from opentelemetry.instrumentation.utils import suppress_instrumentation

import tachograph_openai
from tachograph.runtime import install
from tachograph_openai.entry import OpenAIInstrumentor

if TYPE_CHECKING:
    import pytest
    from tests.conftest import Recording
    from tests.integration.openai.conftest import Provider, Script


def test_taking_it_out_restores_the_client(recording: Recording) -> None:
    before = dict(SyncAPIClient.__dict__)

    tachograph_openai.instrument()
    tachograph_openai.instrument()
    assert SyncAPIClient.__dict__["request"] is not before["request"]
    tachograph_openai.uninstrument()
    tachograph_openai.uninstrument()

    assert dict(SyncAPIClient.__dict__) == before


def test_taking_it_out_from_under_another_tool(
    recording: Recording, provider: Provider, client: Any, script: Script
) -> None:
    provider.answers(*[script.answer(script.completion())] * 3)
    before = SyncAPIClient.__dict__["request"]
    calls: list[int] = []

    def watch(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
        calls.append(1)
        return wrapped(*args, **kwargs)

    tachograph_openai.instrument()
    wrapt.wrap_function_wrapper("openai._base_client", "SyncAPIClient.request", watch)
    try:
        client.chat.completions.create(**script.ask)
        tachograph_openai.uninstrument()
        client.chat.completions.create(**script.ask)
        assert (len(calls), len(recording.spans())) == (2, 1)
        tachograph_openai.instrument()
        client.chat.completions.create(**script.ask)
        assert (len(calls), len(recording.spans())) == (3, 2)
    finally:
        tachograph_openai.uninstrument()
        SyncAPIClient.request = before


async def test_suppression(recorded: Recording, provider: Provider, client: Any, aclient: Any, script: Script) -> None:
    provider.answers(*[script.answer(script.completion())] * 2)

    with suppress_instrumentation():
        client.chat.completions.create(**script.ask)
        await aclient.chat.completions.create(**script.ask)

    assert recorded.spans() == []


def test_nothing_records(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(script.completion()))
    install(None)

    assert client.chat.completions.create(**script.ask).id == "chatcmpl-1"

    assert recorded.spans() == []


def test_what_happens_inside_is_a_child(
    recorded: Recording, provider: Provider, client: Any, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.answers(script.answer(script.completion()))
    tracer = recorded.provider.get_tracer("other")
    send = client._client.send

    def traced(*args: Any, **kwargs: Any) -> Any:
        with tracer.start_as_current_span("POST"):
            return send(*args, **kwargs)

    monkeypatch.setattr(client._client, "send", traced)
    with tracer.start_as_current_span("agent"):
        client.chat.completions.create(**script.ask)

    post, chat, agent = recorded.spans()
    assert (post["parent_id"], chat["parent_id"]) == (chat["span_id"], agent["span_id"])


def test_the_instrumentor_of_the_entry_point(
    recording: Recording, provider: Provider, client: Any, script: Script
) -> None:
    (entry,) = entry_points(group="opentelemetry_instrumentor", name="tachograph_openai")
    instrumentor = entry.load()()
    provider.answers(*[script.answer(script.completion())] * 2)

    instrumentor.instrument(skip_dep_check=True)
    client.chat.completions.create(**script.ask)
    instrumentor.uninstrument()
    client.chat.completions.create(**script.ask)

    assert len(recording.spans()) == 1
    assert list(instrumentor.instrumentation_dependencies()) == ["openai >= 1, < 4"]


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_before_the_client_is_imported() -> None:
    assert (
        run(
            """
            import sys
            import tachograph_openai
            tachograph_openai.instrument()
            early = [name for name in sys.modules if name.startswith(("openai", "wrapt", "opentelemetry"))]
            import openai
            from openai._base_client import AsyncAPIClient, SyncAPIClient
            patched = [hasattr(c.__dict__["request"], "__wrapped__") for c in (SyncAPIClient, AsyncAPIClient)]
            tachograph_openai.uninstrument()
            left = [hasattr(c.__dict__["request"], "__wrapped__") for c in (SyncAPIClient, AsyncAPIClient)]
            print(early, patched, left)
            """
        )
        == "[] [True, True] [False, False]"
    )


def test_without_the_client() -> None:
    assert (
        run(
            """
            import sys
            sys.modules["openai"] = None
            import tachograph_openai
            tachograph_openai.instrument()
            try:
                import openai
            except ImportError as error:
                print(type(error).__name__)
            tachograph_openai.uninstrument()
            """
        )
        == "ModuleNotFoundError"
    )


def test_a_stream_that_outlives_the_program(provider: Provider, script: Script, tmp_path: Any) -> None:
    provider.answers(script.stream("Fo", "ur."))

    run(
        f"""
        from tachograph.distro.activation import activate
        from tachograph.run import Settings
        activate(Settings(directory={str(tmp_path / "kept")!r}))
        import tachograph_openai
        tachograph_openai.instrument()
        from openai import OpenAI
        client = OpenAI(base_url="{provider.origin}/v1", api_key="x")
        stream = client.chat.completions.create(model="m", messages=[], stream=True)
        next(stream)
        """
    )

    journals = "".join(file.read_text() for file in (tmp_path / "kept").rglob("*.jsonl"))
    assert '"tachograph.stream.outcome":"abandoned"' in journals


UNTESTED = "tachograph: openai 9.0.0 is outside the tested range (>=1,<4); its calls are recorded as far as they can be"
STRANGE = "tachograph: openai 0.28.1 is outside the tested range (>=1,<4); its calls are not recorded"


def test_a_release_that_was_not_tested_is_named_once() -> None:
    assert (
        run(
            """
            import logging, sys
            logging.basicConfig(format="%(message)s", stream=sys.stdout)
            import openai
            openai.__version__ = "9.0.0"
            import tachograph_openai
            tachograph_openai.instrument()
            tachograph_openai.instrument()
            """
        )
        == UNTESTED
    )


def test_a_release_of_another_make_is_left_alone() -> None:
    assert (
        run(
            """
            import logging, sys, types
            logging.basicConfig(format="%(message)s", stream=sys.stdout)
            sys.modules["openai"] = types.ModuleType("openai")
            sys.modules["openai"].__version__ = "0.28.1"
            import tachograph_openai
            tachograph_openai.instrument()
            tachograph_openai.uninstrument()
            """
        )
        == STRANGE
    )


def test_the_package_has_one_door() -> None:
    assert sorted(tachograph_openai.__all__) == ["instrument", "uninstrument"]
    assert [name for name in tachograph_openai.__all__ if not hasattr(tachograph_openai, name)] == []


def test_the_entry_point_names_the_tested_releases() -> None:
    assert OpenAIInstrumentor().instrumentation_dependencies() == ("openai >= 1, < 4",)
