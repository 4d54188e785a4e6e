"""Programs that a signal ends."""

from __future__ import annotations

from tests.integration.endings.program import Program

_KILL = "import os, signal\nfrom model import ask\nprint(ask(), flush=True)\nos.kill(os.getpid(), signal.SIG{})"

PROGRAMS = {
    "sigterm": Program(_KILL.format("TERM"), calls=1),
    "sigkill": Program(_KILL.format("KILL"), calls=1),
    "sigint": Program(_KILL.format("INT"), calls=1),
    "sigkill_in_stream": Program(
        """
import os, signal
from model import stream
for piece in stream("slow", 50):
    os.kill(os.getpid(), signal.SIGKILL)
""",
        calls=1,
    ),
    "sigterm_exits": Program(
        """
import os, signal, sys
from model import stream
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(13))
for piece in stream():
    os.kill(os.getpid(), signal.SIGTERM)
""",
        calls=1,
    ),
    "sigterm_raises": Program(
        """
import os, signal
from model import ask
def stop(number, frame): raise InterruptedError("stopped")
signal.signal(signal.SIGTERM, stop)
ask()
os.kill(os.getpid(), signal.SIGTERM)
""",
        calls=1,
    ),
    "sigalrm_in_stream": Program(
        """
import signal
from model import stream
def ring(number, frame): raise TimeoutError("too slow")
signal.signal(signal.SIGALRM, ring)
pieces = stream("slow", 200)
next(pieces)
signal.setitimer(signal.ITIMER_REAL, 0.2)
try:
    list(pieces)
except Exception:
    # Whether it arrives in the reading of a socket, which the client wraps, depends on the moment.
    print("interrupted")
""",
        calls=1,
    ),
    "abort": Program("import os\nfrom model import ask\nprint(ask(), flush=True)\nos.abort()", calls=1),
    "segfault": Program("import ctypes\nfrom model import ask\nprint(ask(), flush=True)\nctypes.string_at(0)", calls=1),
    "signal_mask": Program(
        """
import signal
from model import ask
ask()
print([(s.name, signal.getsignal(s)) for s in (signal.SIGTERM, signal.SIGPIPE, signal.SIGHUP, signal.SIGCHLD)])
print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.getitimer(signal.ITIMER_REAL))
""",
        calls=1,
    ),
}
