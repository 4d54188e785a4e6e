"""Programs with hooks for errors, traces and warnings."""

from __future__ import annotations

from tests.integration.endings.program import Program

_THREAD = """
import sys, threading
from model import ask, fail
%s
thread = threading.Thread(target=fail, name="worker")
thread.start()
thread.join()
print("main ends")
"""

PROGRAMS = {
    "excepthook_own": Program(
        """
import sys
from model import fail
def mine(kind, error, trace): print("mine:", kind.__name__, error, file=sys.stderr)
sys.excepthook = mine
fail()
""",
        calls=1,
    ),
    "excepthook_chained": Program(
        """
import sys
from model import fail
before = sys.excepthook
def mine(kind, error, trace):
    print("mine first", file=sys.stderr)
    before(kind, error, trace)
sys.excepthook = mine
fail()
""",
        calls=1,
    ),
    "excepthook_broken": Program(
        """
import sys
from model import ask
def mine(kind, error, trace): raise LookupError("the hook is broken")
sys.excepthook = mine
ask()
raise ValueError("gone")
""",
        calls=1,
    ),
    "excepthook_exits": Program(
        """
import sys
from model import ask
def mine(kind, error, trace): sys.exit(17)
sys.excepthook = mine
ask()
raise ValueError("gone")
""",
        calls=1,
    ),
    "excepthook_restored": Program(
        "import sys\nfrom model import ask\nsys.excepthook = sys.__excepthook__\nask()\nraise ValueError('gone')",
        calls=1,
    ),
    "excepthook_deleted": Program(
        "import sys\nfrom model import ask\nask()\ndel sys.excepthook\nraise ValueError('gone')", calls=1
    ),
    "excepthook_by_hand": Program(
        """
import sys
from model import fail
try:
    fail()
except Exception:
    sys.excepthook(*sys.exc_info())
print("goes on")
""",
        calls=1,
    ),
    "excepthook_is_the_default": Program(
        "import sys, threading\nprint(sys.excepthook is sys.__excepthook__)\nimport model\nprint(sys.unraisablehook)"
    ),
    "threading_excepthook_default": Program(_THREAD % "", calls=1),
    "threading_excepthook_broken": Program(
        _THREAD % "def mine(args): raise LookupError('the hook is broken')\nthreading.excepthook = mine", calls=1
    ),
    "threading_excepthook_restored": Program(
        _THREAD % "threading.excepthook = threading.__excepthook__\nask()", calls=2
    ),
    "unraisablehook_own": Program(
        """
import sys
from model import ask
class Bad:
    def __del__(self): raise ValueError("in __del__")
sys.unraisablehook = lambda args: print("mine:", args.exc_type.__name__, args.exc_value)
bad = Bad()
ask()
del bad
""",
        calls=1,
    ),
    "settrace": Program(
        """
import sys
from model import ask
seen = []
def trace(frame, event, arg):
    if frame.f_code.co_filename == __file__:
        seen.append((event, frame.f_lineno))
    return trace
def work():
    a = 1
    return len(ask()) > a
sys.settrace(trace)
work()
sys.settrace(None)
print(seen, sys.gettrace())
""",
        calls=1,
    ),
    "warnings_once": Program(
        """
import warnings
from model import ask
def old():
    warnings.warn("this is old", UserWarning)
for _ in range(3):
    old()
    ask()
    old()
""",
        calls=3,
    ),
    "warnings_once_over_import": Program(
        """
import warnings
def old():
    warnings.warn("this is old", UserWarning)
old()
from model import ask
old()
ask()
old()
""",
        calls=1,
    ),
    "warnings_once_over_tracers": Program(
        """
import warnings
from opentelemetry import trace
def old():
    warnings.warn("this is old", UserWarning)
for number in range(3):
    with trace.get_tracer(f"library {number}").start_as_current_span("step"):
        old()
"""
    ),
    "warnings_once_over_the_api": Program(
        """
import warnings
def old():
    warnings.warn("this is old", UserWarning)
old()
from opentelemetry import trace
old()
"""
    ),
    "warnings_as_errors": Program(
        "from model import ask\nprint(ask())", calls=1, options=("-X", "dev", "-W", "error", "-bb")
    ),
    "warnings_as_errors_and_failing": Program(
        "from model import fail\nfail()", calls=1, options=("-X", "dev", "-W", "error", "-bb")
    ),
    "random_seeded": Program(
        """
import random
random.seed(7)
from model import ask, stream
before = random.random()
ask()
list(stream())
print(before, random.random(), random.getstate()[1][-1])
""",
        calls=2,
    ),
}
