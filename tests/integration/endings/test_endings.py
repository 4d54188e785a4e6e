"""However a program ends, it ends alike recorded: exit code or signal, standard output and standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.endings.programs import (
    consoles,
    contexts,
    errors,
    exits,
    hooks,
    imports,
    memory,
    processes,
    resources,
    signals,
    threads,
)

if TYPE_CHECKING:
    from tests.integration.endings.conftest import Host
    from tests.integration.endings.program import Program

pytestmark = pytest.mark.endings

_ROOMS = (consoles, contexts, errors, exits, hooks, imports, memory, processes, resources, signals, threads)
PROGRAMS: dict[str, Program] = {name: program for room in _ROOMS for name, program in room.PROGRAMS.items()}
RECORDERS = ("tacho run", "opentelemetry-instrument")


def test_no_program_hides_another() -> None:
    assert sum(len(room.PROGRAMS) for room in _ROOMS) == len(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_ends_as_bare(host: Host, name: str) -> None:
    program = PROGRAMS[name]
    bare = host.run(program, "bare")
    assert {way: host.run(program, way) for way in RECORDERS} == dict.fromkeys(RECORDERS, bare)
    # Otherwise nothing was compared with anything.
    if program.calls is not None:
        assert {way: host.calls(way) for way in RECORDERS} == dict.fromkeys(RECORDERS, program.calls)
