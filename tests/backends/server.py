"""A program that serves until it is stopped, with its log in a file."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_READY_S = 90
_STOP_S = 3
_LOOK_S = 0.1
_TAIL = 4000


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nothing listens on.

    Parameters
    ----------
    count
        How many.
    """
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def get(url: str) -> tuple[int, bytes]:
    """The status and the body a URL answers with; (0, b"") where nothing listens.

    Parameters
    ----------
    url
        The URL.
    """
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""


class Server:
    """A program in the background.

    Parameters
    ----------
    command
        Its command line.
    ready
        A URL that answers 200 once it serves.
    folder
        Where its log is written.
    environ
        What is added to the environment.
    """

    def __init__(self, command: Sequence[str | Path], ready: str, folder: Path, environ: Mapping[str, str]) -> None:
        self._command = [str(word) for word in command]
        self._ready = ready
        self._name = Path(self._command[0]).name
        self._log = folder / f"{self._name}.log"
        self._environ = {**os.environ, **environ}

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + _READY_S
        while get(self._ready)[0] != 200:
            code = self._process.poll()
            if code is not None or time.monotonic() > until:
                self.__exit__()
                how = f"ended with {code}" if code is not None else f"was not ready after {_READY_S} s"
                raise RuntimeError(f"{self._name} {how}; its log ends with\n{self.log()[-_TAIL:]}")
            time.sleep(_LOOK_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def log(self) -> str:
        """What it has said."""
        return self._log.read_text("utf-8", "replace")
