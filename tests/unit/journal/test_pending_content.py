"""Content waits for the record of its span, in its own thread."""

from __future__ import annotations

import threading

from tachograph.journal import PendingContent


def test_what_is_pending_belongs_to_its_thread() -> None:
    pending = PendingContent()
    of_thread: list[object] = []

    def other() -> None:
        of_thread.append(pending.take())
        pending.add(("b", {}, b""))

    pending.add(("a", {}, b""))
    pending.add(("c", {}, b""))
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()

    assert of_thread == [()]
    assert list(pending.take()) == [("a", {}, b""), ("c", {}, b"")]
    assert list(pending.take()) == []
    assert pending.take_all() == [("b", {}, b"")]
    assert pending.take_all() == []


def test_a_forked_child_writes_nothing_of_its_parent() -> None:
    pending = PendingContent()
    pending.add(("a", {}, b""))
    pending.clear()
    assert list(pending.take()) == pending.take_all() == []
