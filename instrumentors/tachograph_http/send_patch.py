"""What replaces ``send`` of the clients of an HTTP library: every attempt of a call passes it, whoever retries."""

from __future__ import annotations

from time import time_ns
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.utils import suppress_http_instrumentation

from tachograph.instrument.operation import current
from tachograph.instrument.tracebacks import drop_frame
from tachograph_http.attempts import answered, failed

if TYPE_CHECKING:
    from tachograph.instrument.patch import Patch


_MARK = b"x-stainless-lang"
"""A header that the clients which Stainless generated put into each of their requests."""
_place = 0


def send(original: Any, patch: Patch, *, alone: bool = False) -> Any:
    """What replaces ``Client.send``.

    Parameters
    ----------
    original, patch
        See :func:`tachograph.instrument.patch.patch`.
    alone
        Whether no other instrumentation is to record the requests of calls.
    """
    sends = _alone(original) if alone else original

    def send(client: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        call = current()
        # Others may make requests inside of a call, such as one for a token; its own go through its own client.
        if call is None or call.http is not client or not patch.on or not _is_attempt(request):
            try:
                return original(client, request, *args, **kwargs)
            except BaseException as error:
                drop_frame(error)
                raise
        begun_ns = time_ns()
        try:
            response = sends(client, request, *args, **kwargs)
        except BaseException as error:
            drop_frame(error)
            failed(call, request, begun_ns, time_ns(), error)
            raise
        answered(call, request, begun_ns, time_ns(), response)
        return response

    return send


def async_send(original: Any, patch: Patch, *, alone: bool = False) -> Any:
    """What replaces ``AsyncClient.send``; see :func:`send`."""
    sends = _async_alone(original) if alone else original

    async def send(client: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        call = current()
        if call is None or call.http is not client or not patch.on or not _is_attempt(request):
            try:
                return await original(client, request, *args, **kwargs)
            except BaseException as error:
                drop_frame(error)
                raise
        begun_ns = time_ns()
        try:
            response = await sends(client, request, *args, **kwargs)
        except BaseException as error:
            drop_frame(error)
            failed(call, request, begun_ns, time_ns(), error)
            raise
        answered(call, request, begun_ns, time_ns(), response)
        return response

    return send


def _is_attempt(request: Any) -> bool:
    """Whether the client of the call made a request: the program may send its own through the same HTTP client."""
    global _place
    try:
        # Its list of (name, name in lower case, value), in the order of a client's every request.
        headers = request.headers._list
        if _place < len(headers) and headers[_place][1] == _MARK:
            return True
        place = next((place for place, header in enumerate(headers) if header[1] == _MARK), None)
    except Exception:
        return False
    if place is not None:
        _place = place
    return place is not None


def _alone(original: Any) -> Any:
    def send(*args: Any, **kwargs: Any) -> Any:
        with suppress_http_instrumentation():
            try:
                return original(*args, **kwargs)
            except BaseException as error:
                drop_frame(error)
                raise

    return send


def _async_alone(original: Any) -> Any:
    async def send(*args: Any, **kwargs: Any) -> Any:
        with suppress_http_instrumentation():
            try:
                return await original(*args, **kwargs)
            except BaseException as error:
                drop_frame(error)
                raise

    return send
