"""The report's JSON Schema, and the page that describes it in words."""

from __future__ import annotations

import json
from typing import Any, cast

from pages.docstrings import as_markdown
from pages.markdown import code, heading, table
from tachograph.report import json_schema

_INTRODUCTION = """\
The content of `report.json` and the output of `tacho show --json`, folded from the journals of a run. It can be
rebuilt from them at any time. The machine-readable form of this page is [report-schema.json](report-schema.json)."""

_Schema = dict[str, Any]


def schema() -> str:
    """The text of docs/report-schema.json."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def page() -> str:
    """The text of docs/report.md."""
    whole = json_schema()
    sections = [heading("Report", "tachograph.report", _INTRODUCTION), _section(str(whole.get("title")), whole)]
    definitions = cast("dict[str, _Schema]", whole.get("$defs", {}))
    sections.extend(_section(name, each) for name, each in definitions.items())
    return "\n".join(sections)


def _section(name: str, schema: _Schema) -> str:
    text = as_markdown(str(schema.get("description", "")))
    if "enum" in schema:
        text = f"{text}\n\nOne of {', '.join(code(str(value)) for value in schema['enum'])}."
    properties = cast("dict[str, _Schema]", schema.get("properties", {}))
    rows = [(code(key), _kind(each), _meaning(each)) for key, each in properties.items()]
    body = table(("key", "type", "meaning"), rows) if rows else ""
    return "\n".join(piece for piece in (f"## {name}\n", f"{text}\n" if text else "", body) if piece)


def _meaning(schema: _Schema) -> str:
    return as_markdown(str(schema.get("description", "")))


def _kind(schema: _Schema) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(code(str(value)) for value in schema["enum"])
    if "const" in schema:
        return code(str(schema["const"]))
    match schema.get("type"):
        case "array":
            return f"list of {_kind(schema.get('items', {}))}"
        case "object":
            return (
                f"map of {_kind(cast('_Schema', values))}"
                if isinstance(values := schema.get("additionalProperties"), dict)
                else "object"
            )
        case str(kind):
            return kind
        case _:
            return "any"
