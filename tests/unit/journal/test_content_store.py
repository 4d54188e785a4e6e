"""Content: each piece stored once, each conversation read back as it was sent."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tachograph.journal import ContentStore, RecordBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping


class Plain:
    """Stands for the sealer where nothing is to be redacted."""

    def json(self, value: object, tally: dict[str, int], /) -> bytes:
        del tally
        return orjson.dumps(value, default=lambda other: type(other).__name__)


class Store(ContentStore):
    """A store whose lines stay in memory."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.broken = False
        super().__init__(self._append, RecordBuilder("00000000-0000-0000-0000-000000000000", Plain()))

    def _append(self, line: bytes) -> bool:
        if self.broken:
            return False
        self.lines.append(line)
        return True

    def read(self, last: str | None) -> list[dict[str, Any]]:
        """The conversation that ends in a record."""
        records = {record["id"]: record for record in map(orjson.loads, self.lines)}
        bodies: dict[str, Any] = {}
        for record in records.values():
            for part_id, part in zip(record["part_ids"], record["parts"], strict=True):
                if not part.get("ref"):
                    assert part_id not in bodies
                    bodies[part_id] = part
        messages: list[dict[str, Any]] = []
        while last is not None:
            record = records[last]
            messages.append({"role": record["role"], "parts": [bodies[name] for name in record["part_ids"]]})
            last = record["prev"]
        return messages[::-1]


def normalise(raw: Any) -> Mapping[str, Any]:
    content = raw["content"]
    if isinstance(content, str):
        return {"role": raw["role"], "parts": [{"type": "text", "content": content}]}
    return {"role": raw["role"], "parts": [{"type": "text", "content": part} for part in content]}


def user(content: object) -> dict[str, object]:
    return {"role": "user", "content": content}


def test_a_growing_conversation_is_written_once_and_normalised_once() -> None:
    store = Store()
    seen: list[object] = []

    def counting(raw: Any) -> Mapping[str, Any]:
        seen.append(raw["content"])
        return normalise(raw)

    messages: list[object] = []
    last = None
    for turn in range(50):
        messages.append(user(f"question {turn}"))
        last = store.chain(messages, counting)
        messages.append({"role": "assistant", "content": f"answer {turn}"})
    assert store.read(last) == [normalise(m) for m in messages[:-1]]
    assert len(store.lines) == len(messages) - 1
    assert seen == [m["content"] for m in messages[:-1]]  # pyright: ignore[reportIndexIssue]


def test_the_same_conversation_again_writes_nothing() -> None:
    store = Store()
    messages = [user("a"), user("b")]
    first = store.chain(messages, normalise)
    assert store.chain(copy.deepcopy(messages), normalise) == first
    assert store.chain(messages, normalise) == first
    assert len(store.lines) == 2


def test_a_message_changed_in_place_is_a_new_conversation_with_the_old_bodies_referred_to() -> None:
    store = Store()
    first = user(["shared", "old"])
    messages = [first, user("then")]
    before = store.chain(messages, normalise)
    first["content"] = ["shared", "new"]
    after = store.chain(messages, normalise)
    assert store.read(before) == [normalise(user(["shared", "old"])), normalise(user("then"))]
    assert store.read(after) == [normalise(user(["shared", "new"])), normalise(user("then"))]
    assert sum(line.count(b'"shared"') for line in store.lines) == 1


def test_branches_of_one_conversation_share_their_beginning() -> None:
    store = Store()
    begin = [user("long beginning " * 20)]
    left = store.chain([*begin, user("left")], normalise)
    right = store.chain([*begin, user("right")], normalise)
    assert [len(store.read(end)) for end in (left, right)] == [2, 2]
    assert len([line for line in store.lines if b"long beginning" in line]) == 1


def test_messages_that_are_not_plain_are_stored_each_time_but_right() -> None:
    class Odd:
        content = "x"

    store = Store()

    def odd(raw: Any) -> Mapping[str, Any]:
        return {"role": "user", "parts": [{"type": "text", "content": raw.content}]}

    ends = [store.chain([Odd(), Odd()], odd) for _ in range(2)]
    assert [store.read(end) for end in ends] == [[odd(Odd), odd(Odd)]] * 2


def test_a_body_that_is_not_json_is_stored_each_time() -> None:
    store = Store()
    message = {"role": "tool", "parts": [{"type": "tool_call", "arguments": object()}]}
    assert store.message(message) != store.message(message)
    assert len(store.lines) == 2


def test_texts_of_one_length_that_begin_and_end_alike_are_told_apart() -> None:
    store = Store()
    texts = [
        f"{'Given the table below, answer in one word. ' * 3}{number:04}{' Mind the units.' * 9}"
        for number in range(12)
    ]

    for _ in range(3):
        for text in texts:
            name = store.message({"role": "user", "parts": [{"type": "text", "content": text}]})
            assert store.read(name) == [{"role": "user", "parts": [{"type": "text", "content": text}]}]

    assert len(store.lines) == 12


def test_of_too_many_texts_alike_the_oldest_is_written_again() -> None:
    store = Store()

    def keep(number: int) -> str | None:
        text = f"{'x' * 40}{number:04}{'y' * 40}"
        return store.message({"role": "user", "parts": [{"type": "text", "content": text}]})

    names = [keep(number) for number in range(17)]

    assert [keep(number) for number in range(16, 0, -1)] == names[16:0:-1]
    assert keep(0) != names[0]


def test_what_could_not_be_written_is_not_referred_to() -> None:
    store = Store()
    store.broken = True
    assert store.message(normalise(user("a"))) is None
    assert store.chain([user("a"), user("b")], normalise) is None
    store.broken = False
    assert store.read(store.chain([user("a"), user("b")], normalise)) == [normalise(user("a")), normalise(user("b"))]


def test_after_forgetting_everything_stands_again() -> None:
    store = Store()
    before = store.message(normalise(user("a")))
    store.forget()
    del store.lines[:]
    after = store.message(normalise(user("a")))
    assert before != after
    assert store.read(after) == [normalise(user("a"))]


def test_a_conversation_of_200_turns_takes_at_most_twice_its_text() -> None:
    store = Store()
    messages: list[object] = []
    for turn in range(200):
        messages.append(user(f"{turn} " + "why is that so, and what follows from it? " * 12))
        store.chain(messages, normalise)
        messages.append({"role": "assistant", "content": f"{turn} " + "because of the tides, as before. " * 20})
    unique = sum(len(m["content"]) for m in messages)  # pyright: ignore[reportIndexIssue, reportUnknownArgumentType]
    assert sum(map(len, store.lines)) <= 2 * unique


contents = st.one_of(st.text(max_size=3), st.lists(st.text(max_size=2), max_size=3))
conversations = st.lists(st.builds(user, contents), min_size=1, max_size=5)


@given(st.lists(conversations, max_size=12), st.data())
def test_any_sequence_of_conversations_reads_back(given_conversations: list[list[Any]], data: st.DataObject) -> None:
    store = Store()
    kept: list[tuple[str | None, list[Any]]] = []
    for messages in given_conversations:
        if kept and data.draw(st.booleans()):
            messages = [*copy.deepcopy(data.draw(st.sampled_from(kept))[1]), *messages]
        expected = [normalise(m) for m in messages]
        kept.append((store.chain(messages, normalise), copy.deepcopy(messages)))
        assert store.read(kept[-1][0]) == expected
        if data.draw(st.booleans()):
            messages[0]["content"] = "changed later"
    for last, messages in kept:
        assert store.read(last) == [normalise(m) for m in messages]


@pytest.mark.parametrize("message", [{}, {"role": "user"}, {"role": "user", "parts": None}])
def test_a_message_without_parts_is_kept(message: dict[str, Any]) -> None:
    store = Store()
    assert store.message(message) is not None
    assert orjson.loads(store.lines[0])["part_ids"] == []
