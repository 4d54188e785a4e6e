"""The ledger of patches."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import wrapt

from tachograph.instrument.patch import patch, unpatch

if TYPE_CHECKING:
    from tachograph.instrument.patch import Patch


def louder(original: Any, patch: Patch) -> Any:
    """A replacement that marks what comes back."""

    def replacement(*args: Any, **kwargs: Any) -> str:
        said = original(*args, **kwargs)
        return f"{said}!" if patch.on else said

    return replacement


def make() -> type:
    """A class of its own for each test."""

    class Speaker:
        def say(self, word: str, *, times: int = 1) -> str:
            """Say it."""
            return word * times

    return Speaker


def test_there_and_back() -> None:
    speaker: Any = make()
    before = speaker.__dict__["say"]

    patch(speaker, "say", louder)
    assert speaker().say("a", times=2) == "aa!"
    unpatch(speaker, "say")

    assert speaker.__dict__["say"] is before


def test_the_replacement_looks_like_the_original() -> None:
    speaker: Any = make()
    before = speaker.__dict__["say"]

    patch(speaker, "say", louder)

    assert inspect.signature(speaker.say) == inspect.signature(before)
    assert (speaker.say.__name__, speaker.say.__qualname__, speaker.say.__doc__) == (
        "say",
        before.__qualname__,
        "Say it.",
    )
    assert speaker.say.__wrapped__ is before


def test_twice_is_once() -> None:
    speaker: Any = make()

    patch(speaker, "say", louder)
    patch(speaker, "say", louder)
    assert speaker().say("a") == "a!"
    unpatch(speaker, "say")
    unpatch(speaker, "say")
    assert speaker().say("a") == "a"

    patch(speaker, "say", louder)
    assert speaker().say("a") == "a!"


def test_beneath_another_tool_s_wrapper() -> None:
    speaker: Any = make()

    def softer(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> str:
        return f"({wrapped(*args, **kwargs)})"

    patch(speaker, "say", louder)
    wrapt.wrap_function_wrapper(speaker, "say", softer)
    theirs = speaker.__dict__["say"]
    assert speaker().say("a") == "(a!)"

    unpatch(speaker, "say")
    assert speaker.__dict__["say"] is theirs
    assert speaker().say("a") == "(a)"

    patch(speaker, "say", louder)
    assert speaker().say("a") == "(a!)"


def test_beneath_a_wrapper_that_does_not_tell() -> None:
    speaker: Any = make()
    patch(speaker, "say", louder)
    ours = speaker.__dict__["say"]

    def hidden(self: Any, word: str) -> str:
        return f"<{ours(self, word)}>"

    speaker.say = hidden

    patch(speaker, "say", louder)
    assert speaker().say("a") == "<a!>"
    unpatch(speaker, "say")
    assert speaker().say("a") == "<a>"
    patch(speaker, "say", louder)
    assert speaker().say("a") == "<a>!"
    unpatch(speaker, "say")
    assert speaker().say("a") == "<a>"


def test_put_back_by_another_tool() -> None:
    speaker: Any = make()
    before = speaker.__dict__["say"]
    patch(speaker, "say", louder)
    speaker.say = before

    patch(speaker, "say", louder)

    assert speaker().say("a") == "a!"


def test_what_is_not_there() -> None:
    speaker: Any = make()

    assert patch(speaker, "sing", louder) is None
    unpatch(speaker, "sing")

    assert not hasattr(speaker, "sing")


def test_back_in_where_a_wrapper_of_a_subclass_took_ours_for_the_original() -> None:
    speaker: Any = make()

    class Child(speaker):
        pass

    child: Any = Child
    patch(speaker, "say", louder)
    ours = child.say

    def around(self: Any, word: str) -> str:
        return f"({ours(self, word)})"

    child.say = around
    assert child().say("a") == "(a!)"

    unpatch(speaker, "say")
    assert (child().say("a"), speaker().say("a")) == ("(a)", "a")
    patch(speaker, "say", louder)
    assert (child().say("a"), speaker().say("a")) == ("(a!)", "a!")
