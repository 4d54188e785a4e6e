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

    from tachograph.journal.body_ids import NewBody
    from tachograph.journal.builder import RecordBuilder

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

    def __init__(self, *, pinned: bool) -> None:
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
    write
        Appends a line to the journal.
    builder
        Builds the lines and redacts them.

    Attributes
    ----------
    prefix
        The prefix of the ids.
    """

    def __init__(self, write: Callable[[bytes], bool], builder: RecordBuilder) -> None:
        self._write = write
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

    def message(self, message: Mapping[str, Any], previous: str | None = None) -> str | None:
        """Write one message and return the id of its record; None if it could not be written.

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
        """Write a conversation and return the id of its last message; None if that could not be written.

        Parameters
        ----------
        messages
            The messages as the client sends them.
        normalise
            Turns one of them into what :meth:`message` takes. It is called with the lock held, and only for messages
            that are not part of a conversation seen before.
        """
        with self._lock:
            lookup_key = _lookup_key(messages[-1]) if messages else None
            chain = self._longest(messages, lookup_key)
            if chain is None:
                start, last = 0, None
            else:
                start, last = len(chain.messages), chain.last
            added = messages[start:]
            if not added:
                return last
            for number, raw in enumerate(added, start):
                last = self._write_once(normalise(raw), last)
                if number == 0 and last is not None and len(messages) > 1:
                    # Many conversations begin with the same instructions.
                    self._remember(None, messages[:1], last, _lookup_key(raw), pinned=True)
            if last is not None:
                self._remember(chain, added, last, lookup_key)
            return last

    def _longest(self, messages: Sequence[object], lookup_key: object) -> _Chain | None:
        chains = self._chains
        if not chains:
            return None
        for length in range(len(messages), 0, -1):
            chain = chains.get(lookup_key)
            # The comparison runs in C over copies of the containers and the program's own strings. It notices a message
            # that was changed in place, and costs about 50 ns per unchanged message.
            if chain is not None and len(chain.messages) == length and list(messages[:length]) == chain.messages:
                return chain
            lookup_key = _lookup_key(messages[length - 2])
        return None

    def _remember(
        self, chain: _Chain | None, added: Sequence[object], last: str, lookup_key: object, *, pinned: bool = False
    ) -> None:
        try:
            copies: list[object] = []
            characters = 0
            for raw in added:
                copy, size = _copy_plain(raw) or _copy(raw, 0)
                copies.append(copy)
                characters += size
        except _NotPlainError:
            return
        chains = self._chains
        if chain is None:
            chain = _Chain(pinned=pinned)
        elif chain.pinned:
            beginning, chain = chain, _Chain(pinned=False)
            chain.messages.extend(beginning.messages)
        else:
            del chains[chain.lookup_key]
        chain.messages.extend(copies)
        chain.last = last
        chain.characters += characters
        chain.lookup_key = lookup_key
        if lookup_key in chains:
            self._characters -= chains.pop(lookup_key).characters
        chains[lookup_key] = chain
        self._characters += characters
        while len(chains) > _MOST_CHAINS or (self._characters > _MOST_CHARACTERS and chains):
            self._characters -= chains.pop(next(iter(chains))).characters

    def _write_once(self, message: Mapping[str, Any], previous: str | None) -> str | None:
        find = self._bodies.find
        serial = self._serial
        ids: list[str] = []
        new_bodies: list[tuple[NewBody, str]] = []
        whole = message
        for part in message.get("parts") or ():
            part_id, body = find(part)
            if part_id is None:
                part_id = f"{self.prefix}{next(serial)}"
                if body is not None:
                    new_bodies.append((body, part_id))
            else:
                if whole is message:
                    # If every part is new, the message is written unchanged.
                    whole = {**message, "parts": list(message["parts"])}
                whole["parts"][len(ids)] = {"type": part.get("type"), "ref": True}
            ids.append(part_id)
        part_ids = '","'.join(ids)
        key = (previous, part_ids, message.get("role"), message.get("name"), message.get("finish_reason"))
        if not new_bodies:
            # Only a message without a new body can be known already.
            name = self._messages.get(key)
            if name is not None:
                return name
        name = f"{self.prefix}{next(serial)}"
        if not self._write(self._builder.content(name, previous, part_ids, whole)):
            return None
        for body, part_id in new_bodies:
            self._bodies.add(body, part_id)
        if len(self._messages) > _MOST_KNOWN:
            self._messages.clear()
        self._messages[key] = name
        return name


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
    kind = _type(message)
    if kind is not dict or len(message) != 2:
        return None
    size = 0
    for item in message.values():
        if type(item) is not str:
            return None
        size += len(item)
    return message.copy(), size


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
