"""A Jupyter kernel: cells are recorded where they run, and an error that is shown is no failure of the run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Host

CELLS = """
import os
from opentelemetry import trace
tracer = trace.get_tracer("app")
with tracer.start_as_current_span("cell"):
    print("in the kernel:", os.getpid())
async def later():
    with tracer.start_as_current_span("awaited"):
        pass
await later()
print("failed with:", repr(get_ipython().run_cell("raise ValueError('shown')").error_in_exec))
"""


def test_kernel(host: Host) -> None:
    host.launcher.program(CELLS, "cells.py")

    with host.start("jupyter-run", "--kernel=python3", "cells.py") as process:
        code = process.wait(60)

    printed = (host.folder / "output").read_text()
    assert (code, "tachograph" in printed) == (0, False)
    assert "failed with: ValueError('shown')\n" in printed
    (pid,) = [int(line.rpartition(" ")[2]) for line in printed.splitlines() if line.startswith("in the kernel:")]
    assert pid not in (process.pid, os.getpid())
    recorded = host.recorded()
    assert {span["name"]: span["pid"] for span in recorded.records("span.end")} == {"cell": pid, "awaited": pid}
    assert recorded.errors() == []
