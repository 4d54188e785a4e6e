"""Web servers: each request is recorded by the process that answers it, also by those that come later."""

from __future__ import annotations

import os
import signal
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Host

WORK = """
import os
from concurrent.futures import ThreadPoolExecutor
from opentelemetry import trace
tracer = trace.get_tracer("app")
pool = ThreadPoolExecutor(1)
def inner(path):
    with tracer.start_as_current_span(f"inner {path}"):
        pass
def work(path):
    with tracer.start_as_current_span(f"request {path}"):
        pool.submit(inner, path).result()
    return str(os.getpid())
"""

WSGI = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [work(environ["PATH_INFO"]).encode()]
"""


def _assert_recorded(host: Host, answered: dict[str, int]) -> None:
    """Each request stands in the journal of the process that answered it, and its work below it."""
    recorded = host.recorded()
    pids = {span["name"]: span["pid"] for span in recorded.records("span.end")}
    assert {path: pids[f"request {path}"] for path in answered} == answered
    parents = recorded.parents()
    assert {parents[f"inner {path}"]: parents[f"request {path}"] for path in answered} == {
        f"request {path}": None for path in answered
    }
    assert recorded.errors() == []
    (end,) = [record["outcome"] for record in recorded.records("run") if record["state"] == "end"]
    assert end == "completed"


def _assert_all_ended(host: Host) -> None:
    assert {end for end, _ in host.ends().values()} == {"ended"}


def test_gunicorn(host: Host) -> None:
    host.launcher.program(WORK + WSGI, "app.py")
    with host.start("gunicorn", "--workers=2", f"--bind=127.0.0.1:{host.port}", "app:app") as process:
        answered = host.get("/0") | host.get("/1") | host.get("/2") | host.get("/3")
        process.send_signal(signal.SIGHUP)
        answered |= host.get_from_another("/again", set(answered.values()))
        assert host.stop(process, signal.SIGTERM) == (0, True)
    _assert_recorded(host, answered)
    _assert_all_ended(host)


def test_gunicorn_that_loads_the_program_before_it_forks(host: Host) -> None:
    host.launcher.program(WORK + WSGI, "app.py")
    options = ("--preload", "--worker-class=gthread", "--threads=2")
    with host.start("gunicorn", *options, "--workers=2", f"--bind=127.0.0.1:{host.port}", "app:app") as process:
        answered = host.get("/0") | host.get("/1") | host.get("/2") | host.get("/3")
        assert host.stop(process, signal.SIGTERM) == (0, True)
    _assert_recorded(host, answered)
    _assert_all_ended(host)


ASGI = """
import asyncio
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    answer = await asyncio.to_thread(work, scope["path"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": answer.encode()})
"""


def test_uvicorn_with_workers(host: Host) -> None:
    """Each worker ends itself with the SIGTERM it got, once it has shut down."""
    host.launcher.program(WORK + ASGI, "app.py")
    with host.start("uvicorn", "--workers=2", f"--port={host.port}", "app:app") as process:
        answered = host.get("/0") | host.get("/1") | host.get("/2") | host.get("/3")
        assert host.stop(process, signal.SIGTERM) == (0, True)
    _assert_recorded(host, answered)
    _assert_all_ended(host)
    ends = host.ends()
    assert {ends[pid] for pid in answered.values()} == {("ended", "SIGTERM")}


def test_uvicorn_alone(host: Host) -> None:
    host.launcher.program(WORK + ASGI, "app.py")
    with host.start("uvicorn", f"--port={host.port}", "app:app") as process:
        answered = host.get("/0")
        assert host.stop(process, signal.SIGTERM) == (-signal.SIGTERM, True)
    assert {host.ends()[pid] for pid in answered.values()} == {("ended", "SIGTERM")}


def test_gunicorn_with_workers_of_uvicorn(host: Host) -> None:
    host.launcher.program(WORK + ASGI, "app.py")
    options = ("--workers=2", "--worker-class=uvicorn.workers.UvicornWorker", f"--bind=127.0.0.1:{host.port}")
    with host.start("gunicorn", *options, "app:app") as process:
        answered = host.get("/0") | host.get("/1") | host.get("/2") | host.get("/3")
        assert host.stop(process, signal.SIGTERM) == (0, True)
    _assert_recorded(host, answered)
    _assert_all_ended(host)


SLOW = """
import time
def slow(path):
    with tracer.start_as_current_span("never answered"):
        time.sleep(60)
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [(slow if "slow" in environ["PATH_INFO"] else work)(environ["PATH_INFO"]).encode()]
"""


def test_a_worker_that_is_killed_at_work(host: Host) -> None:
    """Its master waits for it by hand, so nobody recorded how it ended; but it was in the middle of something."""
    host.launcher.program(WORK + SLOW, "app.py")
    with host.start("gunicorn", "--workers=1", "--timeout=60", f"--bind=127.0.0.1:{host.port}", "app:app") as process:
        (pid,) = host.get("/first").values()
        with pytest.raises((OSError, HTTPException)):
            urllib.request.urlopen(f"http://127.0.0.1:{host.port}/slow", timeout=1)
        os.kill(pid, signal.SIGKILL)
        (other,) = host.get("/again").values()
        host.stop(process, signal.SIGTERM)
    ends = host.ends()
    assert (ends[pid], ends[other]) == (("lost", None), ("ended", None))


def test_uvicorn_that_reloads(host: Host) -> None:
    file = host.launcher.program(WORK + ASGI, "app.py")
    with host.start("uvicorn", "--reload", f"--port={host.port}", "app:app") as process:
        answered = host.get("/first")
        answered |= host.get_from_another("/again", set(answered.values()), file)
        assert host.stop(process, signal.SIGINT) == (0, True)
    _assert_recorded(host, answered)
    _assert_all_ended(host)


DJANGO = """
import sys
from django.conf import settings
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("<str:name>", lambda request, name: HttpResponse(work(f"/{name}")))]
if __name__ == "__main__":
    from django.core.management import execute_from_command_line
    settings.configure(DEBUG=True, SECRET_KEY="none", ROOT_URLCONF=sys.modules[__name__], DATABASES={})
    execute_from_command_line(sys.argv)
"""


def test_django_that_reloads(host: Host) -> None:
    file = host.launcher.program(WORK + DJANGO, "manage.py")
    with host.start("python", str(file), "runserver", str(host.port)) as process:
        answered = host.get("/first")
        answered |= host.get_from_another("/again", set(answered.values()), file)
        assert host.stop(process, signal.SIGINT) == (0, True)
    _assert_recorded(host, answered)
    # On an interrupt that reaches it alone the reloader kills the server. Under the launcher it has no journal.
    ends = host.ends()
    assert ends.pop(list(answered.values())[-1]) == ("lost" if host.way == "tacho run" else "idle", None)
    assert {end for end, _ in ends.values()} == {"ended"}
