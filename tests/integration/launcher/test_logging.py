"""What a program logs joins its recording; its own logging stays as it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from integration.launcher.conftest import Launcher

PROGRAM = """
import logging, sys
from opentelemetry import trace
logging.basicConfig(format="%(levelname)s %(message)s", stream=sys.stdout)

class Loud:
    def __str__(self):
        print("asked")
        return "loud"
    __repr__ = __str__

log = logging.getLogger("shop.orders")
log.setLevel("INFO")
with trace.get_tracer("mine").start_as_current_span("step"):
    log.info("nobody %s", "records this")
    log.warning("retry %d of %s", 2, "pay")
    log.warning("%(n)d left", {"n": 3})
    log.warning("bad %d arguments", "x", "y") if len(sys.argv) > 1 else None
    try:
        raise ValueError("broken")
    except ValueError as error:
        log.exception("failed: %s", error)
quiet = logging.getLogger("quiet")
quiet.propagate = False
quiet.addHandler(logging.NullHandler())
quiet.error("an object %s", Loud())
logging.getLogger("opentelemetry.sdk").warning("not ours to keep")
"""
OUTPUT = b"INFO nobody records this\nWARNING retry 2 of pay\nWARNING 3 left\nERROR failed: broken\nTraceback"


def test_from_a_level_on(launcher: Launcher) -> None:
    done = launcher.python(PROGRAM)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(OUTPUT)
    assert b"asked" not in done.stdout
    recorded = launcher.recorded()
    (span,) = recorded.records("span.end")
    events = [record for record in recorded.records("event") if record["name"] == "log"]
    assert [record.get("span_id") for record in events] == [span["span_id"]] * 3 + [None]
    told = [(e["fields"]["level"], e["fields"]["logger"], e["fields"]["message"]) for e in events]
    assert told == [
        ("warning", "shop.orders", "retry 2 of pay"),
        ("warning", "shop.orders", "3 left"),
        ("error", "shop.orders", "failed: broken"),
        ("error", "quiet", "an object <__main__.Loud>"),
    ]
    failed = events[2]["fields"]
    assert failed["error"] == "builtins.ValueError: broken"
    assert (failed["file"], failed["function"]) == (str(launcher.folder / "program.py"), "<module>")


@pytest.mark.parametrize(("level", "count"), [("off", 0), ("info", 5), ("error", 2), ("critical", 0)])
def test_the_level_is_a_setting(launcher: Launcher, level: str, count: int) -> None:
    done = launcher.python(PROGRAM, env={"TACHOGRAPH_LOGGING": level})
    assert done.stdout.startswith(OUTPUT)
    assert len([record for record in launcher.recorded().records("event") if record["name"] == "log"]) == count


@pytest.mark.parametrize("disabled", ["tachograph_logging", "*"])
def test_the_instrumentor_can_be_left_out(launcher: Launcher, disabled: str) -> None:
    done = launcher.python(PROGRAM, env={"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": disabled})
    assert done.stdout.startswith(OUTPUT)
    recorded = launcher.recorded()
    assert ([span["name"] for span in recorded.records("span.end")], recorded.records("event")) == (["step"], [])


def test_events_of_the_log_can_be_left_out(launcher: Launcher) -> None:
    (launcher.folder / "tachograph.toml").write_text('[events]\ndisabled = ["log"]\n', "utf-8")
    done = launcher.python(PROGRAM)
    assert done.stdout.startswith(OUTPUT)
    assert launcher.recorded().records("event") == []


def test_under_opentelemetry_instrument_each_record_joins_once(launcher: Launcher) -> None:
    instrument = Path(sys.executable).with_name("opentelemetry-instrument")
    done = launcher.run(instrument, sys.executable, launcher.program(PROGRAM))
    assert done.stdout.startswith(OUTPUT)
    assert len([record for record in launcher.recorded().records("event") if record["name"] == "log"]) == 4


def test_arguments_that_do_not_fit(launcher: Launcher) -> None:
    done = launcher.run(sys.executable, launcher.program(PROGRAM), "more")
    assert done.returncode == 0
    events = [record for record in launcher.recorded().records("event") if record["name"] == "log"]
    assert events[2]["fields"]["message"] == "bad %d arguments"


def test_a_configuration_file_is_refused_in_one_line(launcher: Launcher) -> None:
    done = launcher.python(PROGRAM, env={"OTEL_CONFIG_FILE": "otel.yaml"})
    assert done.returncode == 0
    assert done.stderr.decode() == (
        "tachograph: OTEL_CONFIG_FILE (otel.yaml) is not used, because what it configures would bypass the redaction. "
        "Use OTEL_EXPORTER_OTLP_* variables or [otlp] in tachograph.toml.\n"
    )
