"""Writes the messages of people and models to the journal, each of them once.

A chat sends its whole history with every call. Here each message becomes one record that names the message before it,
so a call refers to a conversation of any length by one id. A body that is already in the journal is not written again:
the record refers to it.
"""

from __future__ import annotations

import os
import threading
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from tachograph.journal.body_ids import KnownBodies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tachograph.journal.builder import Draft, RecordBuilder

_MOST_KNOWN = 200_000
_MOST_CHAINS = 32
_MOST_CHARACTERS = 32_000_000
_DEEPEST = 40

# `type` without the narrowing that a type checker does for it, which makes the items of a container unknown.
_type: Callable[[object], object] = type

_PLAIN = frozenset({str, int, float, bool, type(None)})


class _NotPlainError(Exception):
    """A message holds something that is not plain JSON, so it cannot be compared with a later one."""


class _Chain:
    """A conversation as it was last seen.

    Attributes
    ----------
    pinned
        Whether it is the common beginning of several conversations; then it is copied instead of extended.
    messages
        Copies of its messages.
    last
        The id of the record of the last message.
    lookup_key
        The key of the last message, from :func:`_lookup_key`.
    characters
        Number of characters in the messages.
    """

    __slots__ = ("characters", "last", "lookup_key", "messages", "pinned")

    def __init__(self, pinned: bool) -> None:  # noqa: FBT001 - made with each call
        self.pinned = pinned
        self.messages: list[object] = []
        self.last: str | None = None
        self.lookup_key: object = None
        self.characters = 0


class ContentStore:
    """Writes content records and returns their ids.

    An id is a serial number after a random prefix of the process. Unlike a hash it costs nothing to make and reveals
    nothing about the content.

    Parameters
    ----------
    keep
        Is given the records. It keeps them until that of their span is written, and writes them with it.
    builder
        Builds the records.

    Attributes
    ----------
    prefix
        The prefix of the ids.
    """

    def __init__(self, keep: Callable[[Draft], object], builder: RecordBuilder) -> None:
        self._keep = keep
        self._builder = builder
        self.forget()

    def forget(self) -> None:
        """Store everything again from here on: after a fork, or in a new file, which has to be complete."""
        # Reentrant, because a signal handler of the program may make a call during another one.
        self._lock = threading.RLock()
        self.prefix = os.urandom(5).hex()
        self._serial = count(1)
        self._bodies = KnownBodies()
        self._messages: dict[tuple[object, ...], str] = {}
        self._chains: dict[object, _Chain] = {}
        self._characters = 0

    def message(self, message: Mapping[str, Any], previous: str | None = None) -> str:
        """Store one message and return the id of its record.

        Parameters
        ----------
        message
            ``role``, ``parts`` and optionally ``name`` and ``finish_reason``, as the GenAI conventions define them.
        previous
            The id of the message before it in the conversation.
        """
        with self._lock:
            return self._write_once(message, previous)

    def chain(self, messages: Sequence[object], normalise: Callable[[object], Mapping[str, Any]]) -> str | None:
        """Store a conversation and return the id of its last message; None if there is no message.

        Parameters
        ----------
        messages
            The messages as the client sends them.
        normalise
            Turns one of them into what :meth:`message` takes. It is called with the lock held, and only for messages
            that are not part of a conversation seen before.
        """
        with self._lock:
            if not messages:
                return None
            lookup_key = _lookup_key(messages[-1])
            chain = self._longest(messages, lookup_key)
            if chain is None:
                start, last = 0, None
            else:
                start, last = len(chain.messages), chain.last
                if start == len(messages):
                    return last
            added = messages[start:]
            for number, raw in enumerate(added, start):
                last = self._write_once(normalise(raw), last)
                if number == 0 and len(messages) > 1:
                    # Many conversations begin with the same instructions.
                    self._remember(None, messages[:1], last, _lookup_key(raw), pinned=True)
            self._remember(chain, added, cast("str", last), lookup_key)
            return last

    def _longest(self, messages: Sequence[object], lookup_key: object) -> _Chain | None:
        chains = self._chains
        if not chains:
            return None
        length = len(messages)
        while True:
            chain = chains.get(lookup_key)
            # The comparison runs in C over copies of the containers and the program's own strings. It notices a message
            # that was changed in place, and costs about 50 ns per unchanged message.
            if chain is not None and len(chain.messages) == length and list(messages[:length]) == chain.messages:
                return chain
            length -= 1
            if not length:
                return None
            lookup_key = _lookup_key(messages[length - 1])

    def _remember(
        self, chain: _Chain | None, added: Sequence[object], last: str, lookup_key: object, *, pinned: bool = False
    ) -> None:
        copies: list[object] = []
        characters = 0
        try:
            for raw in added:
                copy, size = _copy_plain(raw) or _copy(raw, 0)
                copies.append(copy)
                characters += size
        except _NotPlainError:
            return
        chains = self._chains
        if chain is None or chain.pinned:
            beginning, chain = chain, _Chain(pinned)
            if beginning is not None:
                copies = beginning.messages + copies
            chain.messages = copies
        else:
            del chains[chain.lookup_key]
            chain.messages += copies
        chain.last = last
        chain.characters += characters
        chain.lookup_key = lookup_key
        if lookup_key in chains:
            self._characters -= chains.pop(lookup_key).characters
        chains[lookup_key] = chain
        self._characters += characters
        while len(chains) > _MOST_CHAINS or (self._characters > _MOST_CHARACTERS and chains):
            self._characters -= chains.pop(next(iter(chains))).characters

    def _write_once(self, message: Mapping[str, Any], previous: str | None) -> str:
        bodies = self._bodies
        get = message.get
        parts: Sequence[Mapping[str, Any]] = get("parts") or ()
        if len(parts) != 1:
            return self._write_parts(message, parts, previous)
        # Nearly every message has one part. If its body is new it has the id of the record.
        (part,) = parts
        text = part.get("content")
        is_text = type(text) is str and len(part) == 2 and part.get("type") == "text"
        key = text if is_text else bodies.key(part)
        known = bodies.ids.get(key)
        messages = self._messages
        if known is not None:
            record_key = (previous, known, get("role"), get("name"), get("finish_reason"))
            name = messages.get(record_key)
            if name is not None:
                return name
            message = {**message, "parts": [{"type": part.get("type"), "ref": True}]}
            name = f"{self.prefix}{next(self._serial)}"
        else:
            name = known = f"{self.prefix}{next(self._serial)}"
            record_key = (previous, name, get("role"), get("name"), get("finish_reason"))
            if key is not None:
                bodies.add(key, name)
        self._keep(self._builder.content(name, previous, known, message))
        if len(messages) > _MOST_KNOWN:
            messages.clear()
        messages[record_key] = name
        return name

    def _write_parts(self, message: Mapping[str, Any], parts: Sequence[Mapping[str, Any]], previous: str | None) -> str:
        """Write a message of several parts or none, unless it was written before."""
        whole, part_ids, has_new = self._referring(message, parts)
        get = message.get
        record_key = (previous, part_ids, get("role"), get("name"), get("finish_reason"))
        # Only a message without a new body can be known already.
        name = None if has_new else self._messages.get(record_key)
        if name is None:
            name = self._messages[record_key] = f"{self.prefix}{next(self._serial)}"
            self._keep(self._builder.content(name, previous, part_ids, whole))
        return name

    def _referring(
        self, message: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]
    ) -> tuple[Mapping[str, Any], str, bool]:
        """A message with references in place of known bodies, the ids of its bodies, and whether one of them is new."""
        bodies = self._bodies
        ids: list[str] = []
        written: list[Mapping[str, Any]] = []
        has_new = False
        for part in parts:
            key = bodies.key(part)
            part_id = bodies.ids.get(key)
            if part_id is None:
                has_new = True
                part_id = f"{self.prefix}{next(self._serial)}"
                if key is not None:
                    bodies.add(key, part_id)
                written.append(part)
            else:
                written.append({"type": part.get("type"), "ref": True})
            ids.append(part_id)
        return {**message, "parts": written}, '","'.join(ids), has_new


def _lookup_key(message: Any) -> object:
    """A cheap key under which a conversation is found by its last message; equality is checked afterwards."""
    if _type(message) is not dict:
        return None
    content = message.get("content")
    kind = _type(content)
    if kind is str:
        return len(content), content[-16:]
    return len(content if kind is list else message)


def _copy_plain(message: Any) -> tuple[object, int] | None:
    """What :func:`_copy` returns, for a message with two texts, the commonest; None for any other."""
    if _type(message) is dict and len(message) == 2:
        one, other = message.values()
        if _type(one) is str and _type(other) is str:
            return message.copy(), len(one) + len(other)
    return None


def _copy(value: object, depth: int) -> tuple[object, int]:
    """A copy of a JSON value that shares the program's own strings, and its number of characters."""
    kind = type(value)
    if kind is str:
        return value, len(cast("str", value))
    if kind in _PLAIN:
        return value, 8
    if depth < _DEEPEST:
        size = 0
        if kind is dict:
            copied: dict[object, object] = {}
            for key, item in cast("dict[object, object]", value).items():
                copied[key], more = _copy(item, depth + 1)
                size += more
            return copied, size
        if kind is list:
            listed: list[object] = []
            for item in cast("list[object]", value):
                copy, more = _copy(item, depth + 1)
                listed.append(copy)
                size += more
            return listed, size
    raise _NotPlainError
