"""The endpoints whose calls are recorded."""

from __future__ import annotations

from tachograph.instrument.endpoint import Endpoint
from tachograph.semconv import genai
from tachograph_anthropic.messages import answer, request
from tachograph_anthropic.messages_stream import MessageAccumulator

_MESSAGES = Endpoint(genai.OPERATION_CHAT, request, answer, MessageAccumulator)
_COMPLETE = Endpoint(genai.OPERATION_TEXT_COMPLETION, request, answer, MessageAccumulator)
_ENDPOINTS = {"/v1/messages": _MESSAGES, "/v1/messages?beta=true": _MESSAGES, "/v1/complete": _COMPLETE}


def find(url: str, method: str) -> Endpoint | None:
    """The endpoint of a request, None if no model is called.

    Parameters
    ----------
    url
        The path as the client's methods write it, or as a program wrote it for ``client.post``: with a query, or whole.
    method
        The HTTP method in any case.
    """
    if method not in {"post", "POST"} and method.lower() != "post":
        return None
    endpoint = _ENDPOINTS.get(url)
    if endpoint is not None:
        return endpoint
    path = url.partition("?")[0].rstrip("/")
    return next((endpoint for name, endpoint in _ENDPOINTS.items() if path.endswith(name)), None)
