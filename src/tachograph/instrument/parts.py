"""What clients send and receive as plain JSON, without encoded data, which is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tachograph.instrument.endpoint import members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Part

_DEEPEST = 20
_ENCODED = frozenset({"file_data", "b64_json", "partial_image_b64"})
_FORMATS = ("format", "media_type", "mime_type")
_OPAQUE = frozenset(
    {
        "cache_control",
        "encrypted_content",
        "encrypted_index",
        "encrypted_stdout",
        "logprobs",
        "obfuscation",
        "parsed",
        "parsed_arguments",
        "signature",
    }
)
"""Members that only the provider can read, that carry no information, or that repeat another member."""
_SCALARS = frozenset({str, int, float, bool, type(None)})


def size_of_base64(data: str) -> int:
    """The size in bytes of what the text encodes."""
    return len(data) * 3 // 4 - (len(data[-2:]) - len(data[-2:].rstrip("=")))


def blob(modality: str, data: object, mime_type: object = None) -> Part:
    """The part that represents encoded data, which is not kept.

    Parameters
    ----------
    modality
        image, audio, document or file.
    data
        The data in base64; without it the part has no size.
    mime_type
        The type, if it is known.
    """
    part: Part = {"type": "blob", "modality": modality}
    if mime_type:
        part["mime_type"] = plain(mime_type)
    if isinstance(data, str):
        part["size"] = size_of_base64(data)
    return part


def data_url(modality: str, url: str) -> Part:
    """The part that represents a ``data:`` URL, see :func:`blob`."""
    head, _, data = url.partition(",")
    return blob(modality, data, head[5:].partition(";")[0])


def plain(value: object, depth: int = 0, *, whole: bool = False) -> object:
    """A copy of a value as plain JSON, without what only the provider can read and without encoded data.

    Parameters
    ----------
    value
        Anything a request or an answer can hold.
    depth
        The depth of the value in what is copied; below 20 only its type is named.
    whole
        Whether every member stays, whatever its name: in the arguments of a tool it is the program's.
    """
    kind = type(value)
    if kind is str:
        text = cast("str", value)
        return data_url("file", text) if text.startswith("data:") and ";base64," in text[:100] else text
    if kind in _SCALARS:
        return value
    if depth >= _DEEPEST:
        return f"<{kind.__name__}>"
    if kind is list or kind is tuple:
        return [plain(item, depth + 1, whole=whole) for item in cast("list[object]", value)]
    if kind is not dict and not hasattr(value, "__dict__"):
        return f"<{kind.__name__}>"
    fields = members(value)
    copied: dict[str, object] = {}
    for name, item in fields.items():
        if whole:
            copied[str(name)] = plain(item, depth + 1, whole=True)
        elif isinstance(item, str) and (name in _ENCODED or (name == "data" and _is_encoded(fields))):
            copied["size"] = size_of_base64(item)
        # A model has every member its kind declares, mostly without a value.
        elif name not in _OPAQUE and (item is not None or kind is dict):
            copied[str(name)] = plain(item, depth + 1)
    return copied


def _is_encoded(fields: Mapping[str, Any]) -> bool:
    return fields.get("type") == "base64" or any(name in fields for name in _FORMATS)
