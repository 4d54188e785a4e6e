"""Records the calls of a client that Stainless generated (openai, anthropic) in the one method that makes all of them.

``request(cast_to, options, …, stream=…)`` of ``SyncAPIClient`` and ``AsyncAPIClient`` is replaced. The call itself
is alone in its ``try``; what is read before and after is guarded in one place each.
"""

from __future__ import annotations

import logging
import weakref
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, NamedTuple

from tachograph.instrument.endpoint import members
from tachograph.instrument.operation import begin, current, headers_context, suppressed
from tachograph.instrument.stainless.raw_response import Body, RawAnswer, on_close, parsed
from tachograph.instrument.stream import AsyncWatched, Watch, watch_iterator
from tachograph.instrument.tracebacks import drop_frame
from tachograph.runtime import recording
from tachograph.runtime.context import current_context
from tachograph.runtime.recording import PlainAttributes
from tachograph.semconv import genai, general, tacho

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry import trace

    from tachograph.instrument.endpoint import Endpoint
    from tachograph.instrument.operation import Operation
    from tachograph.instrument.patch import Patch
    from tachograph.runtime.recording import Recorder

_logger = logging.getLogger("tachograph")

_SECRETS = ("auth_token", "admin_api_key", "webhook_secret", "webhook_key", "_azure_ad_token")
"""Attributes of the clients that hold secrets for requests, besides ``api_key``."""


class Native(NamedTuple):
    """The spans that a client makes by itself.

    Attributes
    ----------
    traces
        Whether a client makes a span for a request with these options if there is a provider to take it.
    has_own_provider
        Whether the client was given a provider for them, other than the global one.
    untraced
        Gives the options a request is made with from those of the program, so that the client makes none.
    """

    traces: Callable[[Any, Any], bool]
    has_own_provider: Callable[[Any], bool]
    untraced: Callable[[Any], Any]


class CallPatches:
    """The replacements of the methods through which one client library makes its calls.

    Parameters
    ----------
    scope
        Name of the instrumentation scope, e.g. ``tachograph.openai``.
    find
        Gives the endpoint of a URL as the client's own methods write it and of a method in lower case, None for those
        that are not recorded.
    describe
        Gives the attributes of a client (provider, server); asked once a client and base URL.
    native
        Describes the spans that the client makes by itself; None if it makes none.

    Attributes
    ----------
    scope
        The name of the scope.
    tracer
        The tracer of the spans; a later ``instrument()`` may bring another.
    """

    def __init__(
        self,
        scope: str,
        find: Callable[[str, str], Endpoint | None],
        describe: Callable[[Any], Mapping[str, Any]],
        native: Native | None = None,
    ) -> None:
        self.scope = scope
        self.tracer: trace.Tracer | None = None
        self._native = native
        self._find = find
        self._describe = describe
        self._described: weakref.WeakKeyDictionary[Any, tuple[object, Mapping[str, Any]]] = weakref.WeakKeyDictionary()
        # The key and the client of the last call, mostly those of the next one as well.
        self._key: object = None
        self._last: tuple[Callable[[], Any], object, Mapping[str, Any]] = (lambda: None, None, {})

    # Makers of replacements, for `tachograph.instrument.patch.patch`.

    def request(self, original: Any, patch: Patch) -> Any:
        """What replaces ``SyncAPIClient.request``."""

        def request(client: Any, *args: Any, **kwargs: Any) -> Any:
            to = recording.recorder()
            call = None if to is None or not patch.on else self._open(to, client, args, kwargs)
            if call is None:
                try:
                    return original(client, *args, **kwargs)
                except BaseException as error:
                    drop_frame(error)
                    raise
            operation = call.operation
            args, kwargs = self._prepared(operation, args, kwargs)
            try:
                operation.attach()
                result = original(client, *args, **kwargs)
                operation.detach()
            except BaseException as error:
                operation.detach()
                drop_frame(error)
                call.fail(error)
                raise
            call.settle(result)
            return result

        return request

    def async_request(self, original: Any, patch: Patch) -> Any:
        """What replaces ``AsyncAPIClient.request``."""

        async def request(client: Any, *args: Any, **kwargs: Any) -> Any:
            to = recording.recorder()
            call = None if to is None or not patch.on else self._open(to, client, args, kwargs)
            if call is None:
                try:
                    return await original(client, *args, **kwargs)
                except BaseException as error:
                    drop_frame(error)
                    raise
            operation = call.operation
            args, kwargs = self._prepared(operation, args, kwargs)
            try:
                operation.attach()
                result = await original(client, *args, **kwargs)
                operation.detach()
            except BaseException as error:
                operation.detach()
                drop_frame(error)
                call.fail(error)
                raise
            call.settle(result)
            return result

        return request

    def retry(self, original: Any, patch: Patch) -> Any:
        """What replaces the method a client calls before each further attempt, synchronous or not."""

        def retry(client: Any, *args: Any, **kwargs: Any) -> Any:
            if patch.on:
                _count_retry(client)
            try:
                return original(client, *args, **kwargs)
            except BaseException as error:
                drop_frame(error)
                raise

        return retry

    def _open(self, to: Recorder, client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Call | None:
        try:
            options = args[1] if len(args) > 1 else kwargs["options"]
            # Pydantic keeps the fields here; any other access to one of them is a search by the model.
            asked: dict[str, Any] = options.__dict__
            endpoint = self._find(asked["url"], asked["method"])
            if endpoint is None or self.tracer is None or suppressed():
                return None
            body = members(asked.get("json_data"))
            extra = asked.get("extra_json")
            if extra:
                body = {**body, **extra}
            name = endpoint.operation
            attributes = PlainAttributes({genai.OPERATION_NAME: name})
            model = body.get("model")
            if isinstance(model, str):
                attributes[genai.REQUEST_MODEL] = model
                name = f"{name} {model}"
            attributes.update(self._client_attributes(client))
            key = getattr(client, "api_key", None)
            if key is not self._key:
                # Before anything of the call is kept: it may contain the key.
                self._key = key
                for secret in (key, *(getattr(client, name, None) for name in _SECRETS)):
                    to.secret(secret)
            stream = bool(kwargs.get("stream"))
            if stream:
                attributes[genai.REQUEST_STREAM] = True
            try:
                attributes.update(endpoint.request(body, to))
            except Exception:
                _logger.debug("tachograph: a request was not understood", exc_info=True)
            begun_ns = perf_counter_ns()
            native = self._native
            client_reports = client_has_provider = False
            if native is not None:
                client_reports = native.traces(client, options)
                client_has_provider = client_reports and native.has_own_provider(client)
            http = getattr(client, "_client", None)
            operation = begin(
                self.tracer,
                self.scope,
                name,
                attributes,
                client_reports=client_reports,
                client_has_provider=client_has_provider,
                http=http,
            )
            return None if operation is None else _Call(operation, endpoint, begun_ns, stream)
        except Exception:
            _logger.debug("tachograph: a call is not recorded", exc_info=True)
            return None

    def _prepared(
        self, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        native = self._native
        if native is None or operation.reported_by_others:
            return args, kwargs
        try:
            context = current_context()
            if context and (span_context := headers_context(context)) is not None:
                operation.headers_context = span_context
                return args, kwargs
            if len(args) > 1:
                return (args[0], native.untraced(args[1]), *args[2:]), kwargs
            return args, {**kwargs, "options": native.untraced(kwargs["options"])}
        except Exception:
            _logger.debug("tachograph: the options of a request are left as they are", exc_info=True)
            return args, kwargs

    def _client_attributes(self, client: Any) -> Mapping[str, Any]:
        # Not the property: in some releases it imports a module each time.
        base = getattr(client, "_base_url", None)
        last_client, last_base, attributes = self._last
        if last_client() is client and last_base is base:
            return attributes
        described = self._described.get(client)
        if described is not None and described[0] is base:
            attributes = described[1]
        else:
            attributes = self._describe(client)
            self._described[client] = (base, attributes)
        self._last = (weakref.ref(client), base, attributes)
        return attributes


class _Call:
    """One open call and what reads its result."""

    __slots__ = ("_begun_ns", "_endpoint", "_stream", "operation")

    def __init__(self, operation: Operation, endpoint: Endpoint, begun_ns: int, stream: bool) -> None:  # noqa: FBT001
        self.operation = operation
        self._endpoint = endpoint
        self._begun_ns = begun_ns
        self._stream = stream

    def fail(self, error: BaseException) -> None:
        """End with an error. If the client refused an answer that it had received, that is read as well."""
        attributes: dict[str, Any] = {}
        try:
            attributes[general.HTTP_RESPONSE_STATUS_CODE] = _status_code(error)
            refused = getattr(error, "completion", None)
            if refused is not None:
                attributes.update(self._endpoint.answer(members(refused), self.operation.recorder))
        except Exception:
            _logger.debug("tachograph: an error was not understood", exc_info=True)
        attributes.setdefault(tacho.TOKENS_PROVENANCE, tacho.PROVENANCE_MISSING)
        self.operation.end(attributes, error)

    def settle(self, result: Any) -> None:
        """End with an answer, or leave that to whoever reads it."""
        try:
            state = getattr(result, "__dict__", {})
            if "http_response" in state:
                self._follow_raw(state["http_response"])
            elif self._stream and "response" in state:
                self._follow_stream(result, state)
            elif "_request" in state and "stream" in state:
                self._follow_raw(result)
            else:
                self._end_with(result)
        except Exception:
            _logger.debug("tachograph: an answer was not understood", exc_info=True)
            self.operation.end({tacho.TOKENS_PROVENANCE: tacho.PROVENANCE_MISSING})

    def _end_with(self, answer: Any) -> None:
        self.operation.end(self._endpoint.answer(members(answer), self.operation.recorder))

    def _follow_stream(self, stream: Any, state: dict[str, Any]) -> None:
        # Some releases make it when it is first asked for. It is not started here.
        source = stream._iterator
        watch = Watch(self.operation, self._endpoint.accumulator(), self._begun_ns)
        if hasattr(source, "__anext__"):
            state["_iterator"] = AsyncWatched(source, watch)
        else:
            state["_iterator"] = watch_iterator(source, watch)
        response = state["response"]
        if not response.is_closed:
            on_close(response.stream, watch)

    def _follow_raw(self, response: Any) -> None:
        state = response.__dict__
        if "_content" in state:
            answer = RawAnswer(self._endpoint, response)
            if answer.is_events:
                answer.take(state["_content"])
                self.operation.end(answer.attributes(self.operation.recorder))
            else:
                self._end_with(parsed(state["_content"]))
            return
        if response.is_closed:
            self.operation.end({tacho.TOKENS_PROVENANCE: tacho.PROVENANCE_MISSING})
            return
        watch = Watch(self.operation, RawAnswer(self._endpoint, response), self._begun_ns)
        response.stream = Body(response.stream, watch)


def _count_retry(client: Any) -> None:
    """Count one more attempt, as the client reports it, unless the HTTP layer counts attempts."""
    try:
        call = current()
        if call is None or call.http is None or call.http is not client._client:
            return
        attributes = call.http_attributes
        if attributes is None:
            call.http_attributes = {tacho.RETRIES: 1}
        elif tacho.RETRIES in attributes:
            attributes[tacho.RETRIES] += 1
    except Exception:
        _logger.debug("tachograph: a retry was not counted", exc_info=True)


def _status_code(error: BaseException) -> int | None:
    code = getattr(error, "status_code", None)
    return code if type(code) is int else None
