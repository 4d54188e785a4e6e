"""What stands in the place of the client's methods."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from tachograph_anthropic import raw
from tachograph_anthropic.call import open_call
from tachograph_anthropic.native import without_native_span
from tachograph_anthropic.stream import watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.trace import Tracer

    from tachograph.instrument.patch import Patch
    from tachograph_anthropic.call import Call

_logger = logging.getLogger("tachograph")


class Tracing:
    """Where the replacements take their tracer from; a later `instrument()` may bring another."""

    __slots__ = ("tracer",)

    def __init__(self) -> None:
        self.tracer: Tracer | None = None


def request(tracing: Tracing) -> Callable[[Any, Patch], Any]:
    """What makes the replacement of `SyncAPIClient.request`."""

    def make(original: Any, patch: Patch) -> Any:
        def request(self: Any, cast_to: Any, options: Any, *rest: Any, **named: Any) -> Any:
            call = open_call(tracing.tracer, self, options, stream=named.get("stream")) if patch.on else None
            if call is None:
                return original(self, cast_to, options, *rest, **named)
            call.operation.attach()
            try:
                result = original(self, cast_to, _shielded(options), *rest, **named)
            except BaseException as error:
                call.fail(error)
                raise
            _settle(call, result)
            return result

        return request

    return make


def async_request(tracing: Tracing) -> Callable[[Any, Patch], Any]:
    """What makes the replacement of `AsyncAPIClient.request`."""

    def make(original: Any, patch: Patch) -> Any:
        async def request(self: Any, cast_to: Any, options: Any, *rest: Any, **named: Any) -> Any:
            call = open_call(tracing.tracer, self, options, stream=named.get("stream")) if patch.on else None
            if call is None:
                return await original(self, cast_to, options, *rest, **named)
            call.operation.attach()
            try:
                result = await original(self, cast_to, _shielded(options), *rest, **named)
            except BaseException as error:
                call.fail(error)
                raise
            _settle(call, result)
            return result

        return request

    return make


def parse(original: Any, patch: Patch) -> Any:  # noqa: ARG001 - as every maker is called
    """The replacement of a response object's `_parse`: it makes streams that belong to a call begun earlier."""

    def _parse(self: Any, *rest: Any, **named: Any) -> Any:
        value = original(self, *rest, **named)
        # Not asked whether the patch is on: a call that was begun is brought to its end.
        try:
            raw.parsed(self, value)
        except Exception:
            _logger.debug("tachograph: a stream is not watched", exc_info=True)
        return value

    return _parse


def _shielded(options: Any) -> Any:
    try:
        return without_native_span(options)
    except Exception:
        _logger.debug("tachograph: the client's own span was left on", exc_info=True)
        return options


def _settle(call: Call, result: Any) -> None:
    call.operation.detach()
    try:
        if hasattr(result, "_iterator") and hasattr(result, "response"):
            watch(result, call)
        elif raw.is_raw(result):
            raw.settle(result, call)
        else:
            call.answer(result)
    except Exception:
        _logger.debug("tachograph: the result of a call was not understood", exc_info=True)
        call.unread()
