"""Each HTTP attempt of a call: counted, and with a span of its own where it did not go well."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import threading
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
import wrapt
from opentelemetry.instrumentation.utils import suppress_instrumentation
from tests.integration.http.conftest import COMPLETION, Answer

import tachograph_http

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Recording
    from tests.integration.http.conftest import Provider, Seen

ASK: dict[str, Any] = {"model": "gpt-test", "messages": [{"role": "user", "content": "2+2?"}]}
SOON = {"retry-after-ms": "1"}
ONE = {"tachograph.http.attempts": 1}


def facts(attempts: int, rate_limited: int = 0, overloaded: int = 0) -> dict[str, Any]:
    """What stands on a call that did not go well at once."""
    return {
        "tachograph.http.attempts": attempts,
        "tachograph.http.rate_limited": rate_limited,
        "tachograph.http.overloaded": overloaded,
    }


def refused(status: int, **more: Any) -> dict[str, Any]:
    """What stands on an attempt that was refused."""
    return {"http.response.status_code": status, "error.type": str(status), **more}


def test_one_that_goes_well_has_no_span(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    limits = {"X-RateLimit-Limit-Requests": "60", "x-ratelimit-remaining-requests": "59", "x-other": "1"}
    provider.answers(Answer(headers=limits))

    with openai_client() as client:
        assert client.chat.completions.create(**ASK).id == "chatcmpl-1"

    assert seen.call() == ONE | {"tachograph.http.rate_limits": "limit-requests: 60, remaining-requests: 59"}
    assert seen.tries() == []


def test_too_many_requests_then_well(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    provider.answers(
        Answer(429, {"retry-after": "0.05", "x-ratelimit-remaining-tokens": "0"}),
        Answer(headers={"x-ratelimit-remaining-tokens": "100%"}),
    )

    with openai_client() as client:
        client.chat.completions.create(**ASK, extra_query={"k": "v"})

    assert seen.tries() == [
        refused(
            429,
            **{
                "http.response.header.retry-after": ["0.05"],
                "tachograph.http.rate_limits": "remaining-tokens: 0",
            },
        ),
        {"http.response.status_code": 200, "tachograph.http.rate_limits": "remaining-tokens: 100%"},
    ]
    assert seen.call() == facts(2, rate_limited=1) | {"tachograph.http.rate_limits": "remaining-tokens: 100%"}


def test_overloaded_twice_then_well(seen: Seen, provider: Provider) -> None:
    from anthropic import Anthropic

    provider.answers(
        Answer(529, SOON), Answer(529, SOON), Answer(headers={"anthropic-ratelimit-requests-remaining": "9"})
    )

    with Anthropic(base_url=provider.origin, api_key="x", max_retries=2) as client:
        client.messages.create(model="claude-test", max_tokens=9, messages=[{"role": "user", "content": "2+2?"}])

    again = refused(529, **{"http.response.header.retry-after-ms": ["1"]})
    limits = {"tachograph.http.rate_limits": "requests-remaining: 9"}
    assert seen.tries() == [again, again, {"http.response.status_code": 200, **limits}]
    assert seen.call() == facts(3, overloaded=2) | limits


def test_it_never_goes_well(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    from openai import InternalServerError

    provider.answers(*[Answer(500, SOON)] * 3)

    with openai_client() as client, pytest.raises(InternalServerError):
        client.chat.completions.create(**ASK)

    assert seen.tries() == [refused(500, **{"http.response.header.retry-after-ms": ["1"]})] * 3
    assert seen.call() == facts(3)


def test_one_refusal_has_a_span(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    from openai import BadRequestError

    provider.answers(Answer(400))

    with openai_client() as client, pytest.raises(BadRequestError):
        client.chat.completions.create(**ASK)

    assert (seen.tries(), seen.call()) == ([refused(400)], facts(1))


def test_the_connection_is_reset_half_way(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    provider.answers(Answer(resets=True), Answer())

    with openai_client() as client:
        client.chat.completions.create(**ASK)

    assert seen.tries() == [{"error.type": "httpx2.ReadError"}, {"http.response.status_code": 200}]
    assert seen.call() == facts(2)


def test_a_timeout(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    from openai import APITimeoutError

    never = threading.Event()
    provider.answers(Answer(holds=never))

    with openai_client(max_retries=0) as client, pytest.raises(APITimeoutError):
        client.chat.completions.create(**ASK, timeout=0.05)

    never.set()
    assert (seen.tries(), seen.call()) == ([{"error.type": "httpx2.ReadTimeout"}], facts(1))


async def test_asynchronous(seen: Seen, provider: Provider, async_openai_client: Callable[..., Any]) -> None:
    provider.answers(Answer(429, SOON), Answer())

    async with async_openai_client() as client:
        await client.chat.completions.create(**ASK)

    assert seen.tries() == [
        refused(429, **{"http.response.header.retry-after-ms": ["1"]}),
        {"http.response.status_code": 200},
    ]
    assert seen.call() == facts(2, rate_limited=1)


async def test_side_by_side(recorded: Recording, provider: Provider, async_openai_client: Callable[..., Any]) -> None:
    provider.answers(*[Answer()] * 8)

    async with async_openai_client() as client:
        await asyncio.gather(*[client.chat.completions.create(**ASK) for _ in range(8)])

    assert [span["attributes"]["tachograph.http.attempts"] for span in recorded.spans()] == [1] * 8


async def test_cancelled(seen: Seen, provider: Provider, async_openai_client: Callable[..., Any]) -> None:
    never = threading.Event()
    provider.answers(Answer(holds=never))

    async with async_openai_client() as client:
        task = asyncio.create_task(client.chat.completions.create(**ASK))
        assert await asyncio.to_thread(provider.first.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    never.set()
    assert (seen.tries(), seen.call()) == ([{"error.type": "asyncio.exceptions.CancelledError"}], facts(1))


@pytest.mark.parametrize("again", [False, True])
def test_a_stream(seen: Seen, provider: Provider, openai_client: Callable[..., Any], again: bool) -> None:
    provider.answers(*[Answer(429, SOON)] * again, Answer())

    with openai_client() as client:
        assert len(list(client.chat.completions.create(**ASK, stream=True))) == 1

    assert len(seen.tries()) == 2 * again
    assert seen.call() == (facts(2, rate_limited=1) if again else ONE)


def test_a_raw_response(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    provider.answers(Answer())

    with openai_client() as client:
        assert client.chat.completions.with_raw_response.create(**ASK).parse().id == "chatcmpl-1"

    assert (seen.tries(), seen.call()) == ([], ONE)


def test_the_generation_before(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    provider.answers(Answer(503, SOON), Answer())

    with openai_client(http_client=httpx.Client()) as client:
        client.chat.completions.create(**ASK)

    assert seen.tries() == [
        refused(503, **{"http.response.header.retry-after-ms": ["1"]}),
        {"http.response.status_code": 200},
    ]
    assert seen.call() == facts(2)


def test_a_transport_that_is_no_network(seen: Seen, openai_client: Callable[..., Any]) -> None:
    answers = [httpx2.Response(429, headers=SOON), httpx2.Response(200, json=COMPLETION)]
    transport = httpx2.MockTransport(lambda request: answers.pop(0))

    with openai_client(http_client=httpx2.Client(transport=transport)) as client:
        client.chat.completions.create(**ASK)

    assert len(seen.tries()) == 2
    assert seen.call() == facts(2, rate_limited=1)


def test_a_client_that_sends_in_its_own_way(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    class Other(httpx2.Client):
        def send(self, request: Any, **kwargs: Any) -> Any:
            with httpx2.Client() as inner:
                return inner.send(request)

    provider.answers(Answer(429, SOON), Answer())

    with openai_client(http_client=Other()) as client:
        client.chat.completions.create(**ASK)

    assert (seen.tries(), seen.call()) == ([], {"tachograph.request.retries": 1})


def test_a_request_for_something_else_inside(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    provider.answers(Answer(), Answer())

    def key() -> str:
        return str(httpx2.get(f"{provider.origin}/key").json()["id"])

    with openai_client(api_key=key) as client:
        client.chat.completions.create(**ASK)

    assert (len(provider.asked), seen.tries(), seen.call()) == (2, [], ONE)


def test_requests_of_the_program_through_the_same_client(
    seen: Seen, provider: Provider, openai_client: Callable[..., Any]
) -> None:
    provider.answers(Answer(body={"token": "x"}), Answer())

    # The provider closes each connection after its answer.
    with httpx2.Client(limits=httpx2.Limits(max_keepalive_connections=0)) as shared:
        client = openai_client(
            http_client=shared, api_key=lambda: shared.post(f"{provider.origin}/v1/token").json()["token"]
        )
        client.chat.completions.create(**ASK)

    assert (seen.tries(), seen.call()) == ([], {"tachograph.http.attempts": 1})


def test_an_answer_that_a_hook_refuses(seen: Seen, provider: Provider, openai_client: Callable[..., Any]) -> None:
    def refuse(response: Any) -> None:
        response.raise_for_status()

    provider.answers(Answer(429, {"retry-after": "9"}))

    with httpx2.Client(event_hooks={"response": [refuse]}) as hooked, pytest.raises(httpx2.HTTPStatusError):
        openai_client(http_client=hooked, max_retries=0).chat.completions.create(**ASK)

    assert seen.tries() == [refused(429, **{"http.response.header.retry-after": ["9"]})]
    assert seen.call() == facts(1, rate_limited=1)


def test_suppression(recorded: Recording, provider: Provider, openai_client: Callable[..., Any]) -> None:
    provider.answers(Answer(429, SOON), Answer())

    with suppress_instrumentation(), openai_client() as client:
        client.chat.completions.create(**ASK)

    assert recorded.spans() == []


def test_no_call_no_record(recorded: Recording, provider: Provider) -> None:
    provider.answers(Answer(500), Answer(500))

    assert [httpx.get(provider.origin).status_code, httpx2.get(provider.origin).status_code] == [500, 500]

    assert recorded.spans() == []


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_taking_it_out(recording: Recording, library: Any) -> None:
    before = [library.Client.__dict__["send"], library.AsyncClient.__dict__["send"]]

    tachograph_http.instrument()
    tachograph_http.instrument()
    assert before[0] is not library.Client.__dict__["send"]
    tachograph_http.uninstrument()
    tachograph_http.uninstrument()

    assert [library.Client.__dict__["send"], library.AsyncClient.__dict__["send"]] == before


def test_taking_it_out_from_under_another_tool(
    recorded: Recording, provider: Provider, openai_client: Callable[..., Any]
) -> None:
    provider.answers(Answer(), Answer())
    outer = httpx2.Client.__dict__["send"]
    calls: list[int] = []

    def watch(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
        calls.append(1)
        return wrapped(*args, **kwargs)

    wrapt.wrap_function_wrapper("httpx2", "Client.send", watch)
    try:
        with openai_client() as client:
            client.chat.completions.create(**ASK)
            tachograph_http.uninstrument()
            client.chat.completions.create(**ASK)
    finally:
        httpx2.Client.send = outer
        tachograph_http.instrument()

    found = [span["attributes"].get("tachograph.http.attempts") for span in recorded.spans()]
    assert (calls, found) == ([1, 1], [1, None])


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_before_and_without_the_libraries() -> None:
    assert (
        run(
            """
            import sys
            sys.modules["httpx"] = None
            import tachograph_http
            tachograph_http.instrument()
            early = [name for name in sys.modules if name.startswith(("httpx2", "wrapt", "opentelemetry"))]
            import httpx2
            kinds = (httpx2.Client, httpx2.AsyncClient)
            patched = [hasattr(kind.__dict__["send"], "__wrapped__") for kind in kinds]
            tachograph_http.uninstrument()
            print(early, patched, [hasattr(kind.__dict__["send"], "__wrapped__") for kind in kinds])
            """
        )
        == "[] [True, True] [False, False]"
    )


def test_the_package_has_one_door() -> None:
    assert sorted(tachograph_http.__all__) == ["instrument", "uninstrument"]
    assert [name for name in tachograph_http.__all__ if not hasattr(tachograph_http, name)] == []
