"""What a recorder keeps does not grow with what a program makes and throws away."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.integration.endings.program import Program

if TYPE_CHECKING:
    from tests.integration.endings.conftest import Host

pytestmark = [pytest.mark.endings, pytest.mark.timeout(600)]

_PROGRAM = """
import _thread, gc, json, logging, sys, threading
import model, openai
from opentelemetry import trace
from opentelemetry._logs import LogRecord, get_logger

log = logging.getLogger("program")
log.addHandler(logging.NullHandler())
log.propagate = False
span = lambda number: trace.get_tracer("program").start_span("work").end()

def tracers(number):
    trace.get_tracer(f"tracer {number}").start_span("work").end()
def tracers_with_attributes(number):
    trace.get_tracer("program", attributes={"number": number}).start_span("work").end()
def loggers(number):
    get_logger(f"logger {number}").emit(LogRecord(body="hello"))
def warnings(number):
    log.warning("number %d", number)
def threads(number):
    thread = threading.Thread(target=span, args=(number,))
    thread.start()
    thread.join()
def threads_of_c(number):
    done = _thread.allocate_lock()
    done.acquire()
    def work():
        span(number)
        done.release()
    _thread.start_new_thread(work, ())
    done.acquire()
def clients(number):
    client = openai.OpenAI(
        base_url=f"{model.URL}/v1", api_key=f"drawn-{number:032x}", max_retries=0, http_client=model.client._client
    )
    client.embeddings.create(model="text-embedding-3-small", input="hello")
def failures(number):
    try:
        model.client.with_options(base_url="http://127.0.0.1:1", max_retries=0).models.list()
    except openai.APIConnectionError:
        pass

def held():
    gc.collect()
    return sys.getallocatedblocks()

model.ask()
grown = {}
for make in (tracers, tracers_with_attributes, loggers, warnings, threads, threads_of_c, clients, failures):
    for number in range(1_000):
        make(number)
    before = held()
    for number in range(1_000, 11_000):
        make(number)
    grown[make.__name__] = held() - before
print(json.dumps({**grown, "threads": threading.active_count()}))
"""
_BOUND = 8_000
"""Blocks of memory. Ten thousand of anything that is kept are more."""


@pytest.mark.parametrize("way", ["tacho run", "opentelemetry-instrument"])
def test_ten_thousand_of_each_are_let_go_of(host: Host, way: str) -> None:
    ended = host.run(Program(_PROGRAM, calls=None), way, timeout_s=500)
    assert (ended.code, ended.stderr) == (0, "")
    grown: dict[str, int] = json.loads(ended.stdout)
    assert {name: count for name, count in grown.items() if count > _BOUND} == {}
