"""Secrets known by their value: the keys of clients, of which the latest are kept, and those of the environment."""

from __future__ import annotations

import threading

from tachograph.redaction import Sealer

KEY = bytes(range(32))


def drawn(number: int) -> str:
    """A key without a shape, put together so that no file holds one."""
    return f"zq{number:06d}Hw2LmN4vXc9RtY"


def test_of_many_client_keys_the_latest_are_known() -> None:
    sealer = Sealer(KEY, {})
    for number in range(200):
        sealer.know(drawn(number))
    assert drawn(199).encode() not in sealer.json({"text": drawn(199)}, {})
    assert drawn(72).encode() not in sealer.json({"text": drawn(72)}, {})
    assert drawn(71).encode() in sealer.json({"text": drawn(71)}, {})


def test_a_client_key_that_is_used_again_is_kept() -> None:
    sealer = Sealer(KEY, {})
    for number in range(1, 200):
        sealer.know(drawn(0))
        sealer.know(drawn(number))
    assert drawn(0).encode() not in sealer.json({"text": drawn(0)}, {})


def test_a_secret_of_the_environment_is_kept_though_a_client_was_given_it_first() -> None:
    environ: dict[str, str] = {}
    sealer = Sealer(KEY, environ)
    sealer.json({"text": "before"}, {})
    sealer.know(drawn(0))
    environ["SERVICE_TOKEN"] = drawn(0)
    sealer.json({"text": "learns"}, {})
    for number in range(1, 200):
        sealer.know(drawn(number))
    assert drawn(0).encode() not in sealer.json({"text": drawn(0)}, {})


def test_threads_that_add_keys_lose_none() -> None:
    sealer = Sealer(KEY, {})

    def add(first: int) -> None:
        for number in range(first, first + 12):
            sealer.know(drawn(number))

    threads = [threading.Thread(target=add, args=(first,)) for first in range(0, 96, 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [number for number in range(96) if drawn(number).encode() in sealer.json({"text": drawn(number)}, {})]
    assert left == []
