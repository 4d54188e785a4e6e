"""The endpoints whose calls are recorded."""

from __future__ import annotations

import re

from tachograph.instrument.endpoint import Endpoint
from tachograph.semconv import genai
from tachograph_openai import chat, completions, embeddings, responses
from tachograph_openai.chat_stream import ChatAccumulator
from tachograph_openai.completions import CompletionAccumulator
from tachograph_openai.embeddings import NoAccumulator
from tachograph_openai.responses_stream import ResponseAccumulator

_ENDPOINTS = {
    "/chat/completions": Endpoint(genai.OPERATION_CHAT, chat.request, chat.answer, ChatAccumulator),
    "/responses": Endpoint(genai.OPERATION_CHAT, responses.request, responses.answer, ResponseAccumulator),
    "/embeddings": Endpoint(genai.OPERATION_EMBEDDINGS, embeddings.request, embeddings.answer, NoAccumulator),
    "/completions": Endpoint(
        genai.OPERATION_TEXT_COMPLETION, completions.request, completions.answer, CompletionAccumulator
    ),
}

_WRITTEN_OTHERWISE = re.compile(
    r"(?:https?://[^?#]*?|/deployments/[^/?#]+|)/*?(/chat/completions|/responses|/embeddings|/completions)/?(?:[?#].*)?"
)


def find(url: str, method: str) -> Endpoint | None:
    """The endpoint of a request, None if no model is called.

    Parameters
    ----------
    url
        The path as the client's methods write it, or as a program wrote it for ``client.post``: with the deployment of
        Azure, a query, or whole.
    method
        The HTTP method in any case.
    """
    if method not in {"post", "POST"} and method.lower() != "post":
        return None
    endpoint = _ENDPOINTS.get(url)
    if endpoint is not None:
        return endpoint
    if not url.startswith("/"):
        url = url if "://" in url else f"/{url}"
    match = _WRITTEN_OTHERWISE.fullmatch(url)
    return None if match is None else _ENDPOINTS[match[1]]
