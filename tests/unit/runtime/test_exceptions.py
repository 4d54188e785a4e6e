"""What is recorded of an exception."""

from __future__ import annotations

import json

import pytest

from tachograph.runtime.exceptions import describe, innermost_frames


class _UnprintableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


class _HomelessError(Exception):
    """Its class has lost its module, as one that is made in C may have."""


_HomelessError.__module__ = ""
BAD_JSON = "bad: line 1 column 1 (char 0)"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("bad"), ("builtins.ValueError", "ValueError", "bad")),
        (
            json.JSONDecodeError("bad", "{", 0),
            ("json.decoder.JSONDecodeError",) * 2 + (BAD_JSON,),
        ),
        (KeyboardInterrupt(), ("builtins.KeyboardInterrupt", "KeyboardInterrupt", "")),
        (_UnprintableError(), (f"{__name__}._UnprintableError",) * 2 + ("",)),
        (_HomelessError("bad"), ("_HomelessError", "_HomelessError", "bad")),
    ],
)
def test_type_and_message(error: BaseException, expected: tuple[str, str, str]) -> None:
    described = describe(error)
    assert (described.error_type, described.exception_type, described.message) == expected


def test_the_innermost_frames() -> None:
    def deep(levels: int) -> None:
        if levels:
            deep(levels - 1)
        raise ValueError

    with pytest.raises(ValueError) as caught:  # noqa: PT011 - it has no text
        deep(5)
    assert [frame.name for frame in innermost_frames(caught.tb, 2)] == ["deep", "deep"]
    assert [frame.name for frame in innermost_frames(caught.tb, 40)][:2] == ["test_the_innermost_frames", "deep"]
    assert innermost_frames(None, 40) == []
