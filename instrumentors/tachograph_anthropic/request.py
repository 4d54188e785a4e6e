"""What is known of a call before it is made: its parameters, and the content it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tachograph.semconv import genai, tachograph
from tachograph_anthropic.fields import count, fields, text
from tachograph_anthropic.parts import message, parts, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime import Message, Recorder
    from tachograph.runtime.recording import Part

MESSAGES_URL = "/v1/messages"
COMPLETE_URL = "/v1/complete"

_COUNTS = (
    ("max_tokens", genai.REQUEST_MAX_TOKENS),
    ("max_tokens_to_sample", genai.REQUEST_MAX_TOKENS),
    ("top_k", genai.REQUEST_TOP_K),
)
_NUMBERS = (
    ("temperature", genai.REQUEST_TEMPERATURE),
    ("top_p", genai.REQUEST_TOP_P),
)


def operation(method: object, url: object) -> str | None:
    """Which operation of the conventions a request is, None where it calls no model.

    Parameters
    ----------
    method
        The request's method in any case.
    url
        Its path, as the client's own methods spell it, or a full URL.
    """
    if not isinstance(url, str):
        return None
    if url == MESSAGES_URL or url == "/v1/messages?beta=true":
        name = genai.OPERATION_CHAT
    else:
        path = url.partition("?")[0].rstrip("/")
        if path.endswith(MESSAGES_URL):
            name = genai.OPERATION_CHAT
        elif path.endswith(COMPLETE_URL):
            name = genai.OPERATION_TEXT_COMPLETION
        else:
            return None
    return name if isinstance(method, str) and method.upper() == "POST" else None


def body_of(options: object) -> Mapping[str, Any]:
    """The body a request will be sent with, as far as it is a JSON object.

    Parameters
    ----------
    options
        The client's `FinalRequestOptions`.
    """
    own = fields(options)
    body = fields(own.get("json_data"))
    more = own.get("extra_json")
    return {**body, **fields(more)} if more else body


def add_parameters(into: dict[str, Any], body: Mapping[str, Any]) -> None:
    """Add a request's parameters to the attributes of its call; what the client leaves out is left out here too."""
    model = body.get("model")
    if isinstance(model, str):
        into[genai.REQUEST_MODEL] = model
    for name, key in _COUNTS:
        if name in body:
            whole = count(body[name])
            if whole is not None:
                into[key] = whole
    for name, key in _NUMBERS:
        if name in body:
            number = body[name]
            if type(number) is float or type(number) is int:
                into[key] = number
    stops = body.get("stop_sequences")
    if type(stops) is list or type(stops) is tuple:
        into[genai.REQUEST_STOP_SEQUENCES] = [stop for stop in cast("list[object]", stops) if isinstance(stop, str)]
    if body.get("stream") is True:
        into[genai.REQUEST_STREAM] = True
    config = body.get("output_config")
    wanted = fields(config).get("format") if config else None
    if (wanted or body.get("output_format")) and _is_json_schema(wanted or body.get("output_format")):
        into[genai.OUTPUT_TYPE] = "json"
    messages = body.get("messages")
    if type(messages) is list or type(messages) is tuple:
        into[tachograph.INPUT_MESSAGE_COUNT] = len(cast("list[object]", messages))


def _is_json_schema(wanted: object) -> bool:
    return fields(wanted).get("type") == "json_schema"


def add_content(into: dict[str, Any], body: Mapping[str, Any], to: Recorder) -> None:
    """Keep what a request sends and refer to it in the attributes of its call.

    Parameters
    ----------
    into
        The attributes.
    body
        The request's body.
    to
        Where content is kept; it must be on.
    """
    messages = body.get("messages")
    if messages is None:
        prompt = text(body.get("prompt"))
        if prompt is not None:
            messages = [{"role": "user", "content": prompt}]
    # An iterator of messages is the client's to read: once.
    if type(messages) is list or type(messages) is tuple:
        sent = to.chain(cast("list[object]", messages), message)
        if sent is not None:
            into[tachograph.CONTENT_INPUT] = sent
    system = body.get("system")
    if system is not None:
        said = parts(system)
        if said:
            _keep(into, tachograph.CONTENT_SYSTEM, {"role": "system", "parts": said}, to)
    tools = body.get("tools")
    if type(tools) is list or type(tools) is tuple:
        offered = [_tool(tool) for tool in cast("list[object]", tools)]
        if offered:
            _keep(into, tachograph.CONTENT_TOOLS, {"role": "tools", "parts": offered}, to)


def _keep(into: dict[str, Any], key: str, kept: Message, to: Recorder) -> None:
    name = to.content(kept)
    if name is not None:
        into[key] = name


def _tool(tool: object) -> Part:
    own = fields(tool)
    kind = own.get("type")
    definition: dict[str, object] = {"description": plain(own.get("description"))}
    if "input_schema" in own:
        definition["parameters"] = plain(own["input_schema"])
    known = {"type", "name", "description", "input_schema"}
    definition.update(
        {name: plain(value) for name, value in own.items() if name not in known and name != "cache_control"}
    )
    return {
        "type": "tool_definition",
        "name": plain(own.get("name")),
        "content": {name: value for name, value in {"type": plain(kind), **definition}.items() if value is not None},
    }
