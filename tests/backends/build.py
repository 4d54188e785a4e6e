"""Builds the backends of the tests from their Go modules, once for each state of a module.

    python -m tests.backends.build [NAME …]

What is built is kept in `.cache/backends` below the work tree, or in the folder `TACHOGRAPH_BACKENDS` names. Go fetches
the modules from where the environment says (`GOPROXY`); go.mod and go.sum fix what they are.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
ENV_CACHE = "TACHOGRAPH_BACKENDS"


class NoGoError(Exception):
    """There is no Go to build with; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Backend:
    """A program that is built from a Go module.

    Parameters
    ----------
    name
        Its folder beside this file, and the name of the binary.
    package
        What is built: a package of the module's own, or one it requires.
    linking
        Further flags of the linker.
    """

    name: str
    package: str = "."
    linking: str = ""

    @property
    def flags(self) -> tuple[str, ...]:
        """Flags of `go build`: neither optimised nor with what a debugger needs, which saves a quarter of the time."""
        return "-gcflags=all=-N -l", f"-ldflags=-s -w {self.linking}".rstrip()

    @property
    def module(self) -> Path:
        """The folder of its Go module."""
        return HERE / self.name

    def digest(self) -> str:
        """The state of the module: other sources, other versions or other flags make another binary."""
        found = hashlib.sha256(repr((self.package, self.flags)).encode())
        for path in sorted(self.module.iterdir()):
            found.update(f"{path.name}\0{path.stat().st_size}\0".encode())
            found.update(path.read_bytes())
        return found.hexdigest()[:16]

    def home(self) -> Path:
        """The folder the binary is kept in."""
        base = Path(os.environ.get(ENV_CACHE) or HERE.parents[1] / ".cache" / "backends")
        return base.absolute() / f"{self.name}-{self.digest()}"


COLLECTOR = Backend("collector")
JAEGER = Backend("jaeger", "github.com/jaegertracing/jaeger/cmd/all-in-one")
# Its dependencies of 2022 reach into the runtime by go:linkname, which the linker of today refuses.
TEMPO = Backend("tempo", linking="-checklinkname=0")
COMPOSE = Backend("compose")
BACKENDS = (COLLECTOR, JAEGER, TEMPO, COMPOSE)


def binary(backend: Backend) -> Path:
    """The program, built where it is not there yet; that takes minutes.

    Parameters
    ----------
    backend
        Which one.

    Raises
    ------
    NoGoError
        When it has to be built and there is no Go.
    subprocess.CalledProcessError
        When Go fails; what it says is on standard error.
    """
    home = backend.home()
    made = home / backend.name
    if made.exists():
        return made
    if shutil.which("go") is None:
        raise NoGoError(f"{backend.name} is built with Go, which is not on PATH (https://go.dev/doc/install)")
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        # Of several test processes one builds, and the others wait for it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _build(backend, made)
    return made


def _build(backend: Backend, made: Path) -> None:
    _say(f"{backend.name}: building in {made.parent}; the first time it takes minutes")
    began = time.monotonic()
    fresh = made.with_suffix(".new")
    # The modules stand alone: neither a workspace around the tree nor its repository has a say in them.
    command = ["go", "build", "-buildvcs=false", *backend.flags, "-o", str(fresh), backend.package]
    subprocess.run(command, cwd=backend.module, env={**os.environ, "GOWORK": "off"}, stdout=sys.stderr, check=True)
    fresh.rename(made)
    _say(f"{backend.name}: {made.stat().st_size / 1e6:.0f} MB in {time.monotonic() - began:.0f} s")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(names: Sequence[str]) -> int:
    """Build those that are named, or all.

    Parameters
    ----------
    names
        Their names.
    """
    known = {backend.name: backend for backend in BACKENDS}
    if unknown := [name for name in names if name not in known]:
        _say(f"there is no backend {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    for name in names or known:
        try:
            _say(f"{name}: {binary(known[name])}")
        except NoGoError as error:
            _say(str(error))
            return 1
        except subprocess.CalledProcessError as error:
            _say(f"{name}: go build failed with {error.returncode}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
