"""What people and models wrote, each piece stored once.

A chat sends its whole history with every call. Here each message becomes one record that names the message before it,
so a call refers to a conversation of any length by one id; and a body that stands in the journal already is referred
to.
"""

from __future__ import annotations

import os
import threading
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from tachograph.journal.known_bodies import Bodies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tachograph.journal.builder import RecordBuilder
    from tachograph.journal.known_bodies import Place

_MOST_KNOWN = 200_000
_MOST_CHAINS = 32
_MOST_CHARACTERS = 32_000_000
_DEEPEST = 40

# Without the narrowing that comes with `type`: of a container of anything nothing is known.
_type: Callable[[object], object] = type

_PLAIN = frozenset({str, int, float, bool, type(None)})


class _NotPlainError(Exception):
    """A message holds something that is not plain JSON, so it cannot be compared with a later one."""


class _Chain:
    """The messages of one conversation as they were last seen, and the record of the last of them."""

    __slots__ = ("characters", "last", "mark", "messages", "pinned")

    def __init__(self, *, pinned: bool) -> None:
        self.pinned = pinned
        self.messages: list[object] = []
        self.last: str | None = None
        self.mark: object = None
        self.characters = 0


class ContentStore:
    """Writes content records and gives their ids.

    Ids are serial numbers behind a random prefix of the process: unlike a hash they cost nothing to make and tell
    nothing about what they name.

    Parameters
    ----------
    write
        Appends a line to the journal.
    builder
        Builds the lines, and redacts what is in them.

    Attributes
    ----------
    prefix
        What the ids begin with.
    """

    def __init__(self, write: Callable[[bytes], bool], builder: RecordBuilder) -> None:
        self._write = write
        self._builder = builder
        self.forget()

    def forget(self) -> None:
        """Store everything anew from here on: after a fork, or when a new file was begun that must stand alone."""
        # Reentrant, because a signal handler of the program may make a call of its own in the middle of one.
        self._lock = threading.RLock()
        self.prefix = os.urandom(5).hex()
        self._serial = count(1)
        self._bodies = Bodies()
        self._messages: dict[tuple[object, ...], str] = {}
        self._chains: dict[object, _Chain] = {}
        self._characters = 0

    def message(self, message: Mapping[str, Any], previous: str | None = None) -> str | None:
        """Keep one message; the id of its record.

        Parameters
        ----------
        message
            ``role``, ``parts`` and what else belongs to it, in the terms of the GenAI conventions.
        previous
            The id of the message before it in the conversation.
        """
        with self._lock:
            return self._keep(message, previous)

    def chain(self, messages: Sequence[object], normalise: Callable[[object], Mapping[str, Any]]) -> str | None:
        """Keep a conversation and give the id of its last message.

        Parameters
        ----------
        messages
            The messages as the client sends them.
        normalise
            Turns one of them into what :meth:`message` takes; called only for messages that do not continue a known
            conversation.
        """
        with self._lock:
            mark = _mark(messages[-1]) if messages else None
            known = self._longest(messages, mark)
            if known is None:
                start, last = 0, None
            else:
                start, last = len(known.messages), known.last
            added = messages[start:]
            if not added:
                return last
            for number, raw in enumerate(added, start):
                last = self._keep(normalise(raw), last)
                if number == 0 and last is not None and len(messages) > 1:
                    # Many conversations begin alike, with the same instructions.
                    self._remember(None, messages[:1], last, _mark(raw), pinned=True)
            if last is not None:
                self._remember(known, added, last, mark)
            return last

    def _longest(self, messages: Sequence[object], mark: object) -> _Chain | None:
        chains = self._chains
        if not chains:
            return None
        for length in range(len(messages), 0, -1):
            chain = chains.get(mark)
            # The comparison runs in C over copies of the containers and the program's own strings, so it sees a message
            # that was changed in place and costs some 50 ns a message where nothing changed.
            if chain is not None and len(chain.messages) == length and list(messages[:length]) == chain.messages:
                return chain
            mark = _mark(messages[length - 2])
        return None

    def _remember(
        self, chain: _Chain | None, added: Sequence[object], last: str, mark: object, *, pinned: bool = False
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
            del chains[chain.mark]
        chain.messages.extend(copies)
        chain.last = last
        chain.characters += characters
        chain.mark = mark
        if mark in chains:
            self._characters -= chains.pop(mark).characters
        chains[mark] = chain
        self._characters += characters
        while len(chains) > _MOST_CHAINS or (self._characters > _MOST_CHARACTERS and chains):
            self._characters -= chains.pop(next(iter(chains))).characters

    def _keep(self, message: Mapping[str, Any], previous: str | None) -> str | None:
        find = self._bodies.find
        serial = self._serial
        ids: list[str] = []
        fresh: list[tuple[Place, str]] = []
        whole = message
        for part in message.get("parts") or ():
            part_id, place = find(part)
            if part_id is None:
                part_id = f"{self.prefix}{next(serial)}"
                if place is not None:
                    fresh.append((place, part_id))
            else:
                if whole is message:
                    # Where every part is new, the message is written as it came.
                    whole = {**message, "parts": list(message["parts"])}
                whole["parts"][len(ids)] = {"type": part.get("type"), "ref": True}
            ids.append(part_id)
        listed = '","'.join(ids)
        key = (previous, listed, message.get("role"), message.get("name"), message.get("finish_reason"))
        if not fresh:
            # A message with a body that is new is new itself.
            name = self._messages.get(key)
            if name is not None:
                return name
        name = f"{self.prefix}{next(serial)}"
        if not self._write(self._builder.content(name, previous, listed, whole)):
            return None
        for place, part_id in fresh:
            self._bodies.add(place, part_id)
        if len(self._messages) > _MOST_KNOWN:
            self._messages.clear()
        self._messages[key] = name
        return name


def _mark(message: Any) -> object:
    """Something cheap by which a conversation is looked up under its last message; equality is checked afterwards."""
    if _type(message) is not dict:
        return None
    content = message.get("content")
    kind = _type(content)
    if kind is str:
        return len(content), content[-16:]
    return len(content if kind is list else message)


def _copy_plain(message: Any) -> tuple[object, int] | None:
    """What :func:`_copy` gives for the commonest message, `{"role": …, "content": …}` of two texts; None for others."""
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
    """A copy of the containers of a JSON value, with the program's own strings in it; and its characters."""
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
