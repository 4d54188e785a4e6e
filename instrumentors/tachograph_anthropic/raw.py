"""Raw and streaming responses, whose answer the program reads itself: parsed, as a stream, or not at all."""

from __future__ import annotations

import contextlib
import json
import weakref
from typing import TYPE_CHECKING, Any

from tachograph_anthropic.stream import on_close, watch

if TYPE_CHECKING:
    from tachograph_anthropic.call import Call


class RawAnswer:
    """A response that is still to be read, with the call it belongs to.

    Parameters
    ----------
    response
        The client's response object.
    call
        The call; it ends when the HTTP response is read or closed or, where the program makes a stream of it, with
        that.
    """

    __slots__ = ("__weakref__", "_call", "_done")

    def __init__(self, response: Any, call: Call) -> None:
        self._call = call
        # Set where something else than closing ends the call: the reading that is under way, or a stream.
        self._done = False
        _on_read(response.http_response, self)
        on_close(response.http_response, self)

    def streamed(self, value: Any) -> None:
        """The program had a stream made of the response: it takes the call over."""
        if not self._done:
            self._done = True
            watch(value, self._call)

    def begun(self) -> None:
        """The whole answer is about to be read; the HTTP library closes the response before it has put it together."""
        self._done = True

    def read(self, content: bytes) -> None:
        """The whole answer was read."""
        settle_body(self._call, content)

    def failed(self, error: BaseException) -> None:
        """Reading the answer raised."""
        self._call.fail(error)

    def closed(self) -> None:
        """The response was closed, and its bytes, if any, went past us."""
        if not self._done:
            self._call.unread()

    def __del__(self) -> None:
        # The interpreter may be going down.
        with contextlib.suppress(Exception):
            self.closed()


def is_raw(value: object) -> bool:
    """Whether the client gave the program a response object instead of what it says."""
    return hasattr(value, "http_response")


def settle(response: Any, call: Call) -> None:
    """Have a call end with the response object that the program gets.

    Parameters
    ----------
    response
        The client's response object.
    call
        The call.
    """
    http = response.http_response
    if http.is_closed:
        settle_body(call, http.content)
    else:
        setattr(response, _PENDING, RawAnswer(response, call))


def settle_body(call: Call, content: bytes) -> None:
    """End a call with the bytes of its answer."""
    try:
        value: object = json.loads(content)
    except ValueError:
        call.unread()
        return
    call.answer(value)


_PENDING = "_tachograph_answer"


def parsed(response: Any, value: Any) -> None:
    """The client has parsed one of its response objects."""
    pending: RawAnswer | None = response.__dict__.get(_PENDING)
    if pending is not None and hasattr(value, "_iterator") and hasattr(value, "response"):
        pending.streamed(value)


def _on_read(http: Any, answer: RawAnswer) -> None:
    here = weakref.ref(http)
    heard = weakref.ref(answer)

    def begin() -> tuple[Any, RawAnswer | None]:
        found = here()
        listening = heard()
        found.__dict__.pop("read", None)
        found.__dict__.pop("aread", None)
        if listening is not None:
            listening.begun()
        return found, listening

    def read() -> bytes:
        found, listening = begin()
        try:
            content = found.read()
        except BaseException as error:
            if listening is not None:
                listening.failed(error)
            raise
        if listening is not None:
            listening.read(content)
        return content

    async def aread() -> bytes:
        found, listening = begin()
        try:
            content = await found.aread()
        except BaseException as error:
            if listening is not None:
                listening.failed(error)
            raise
        if listening is not None:
            listening.read(content)
        return content

    http.read = read
    http.aread = aread
