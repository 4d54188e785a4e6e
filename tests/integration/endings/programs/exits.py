"""Programs that end by an exit."""

from __future__ import annotations

from tests.integration.endings.program import Program

_KINDS = {
    "nothing": "",
    "none": "None",
    "zero": "0",
    "number": "3",
    "too_large": "256 + 9",
    "negative": "-1",
    "huge": "2**40",
    "bool": "True",
    "float": "2.5",
    "text": "'gone, and \\u2713'",
    "tuple": "('a', 1)",
    "error": "ValueError('x')",
}

PROGRAMS = {
    "falls_off": Program("from model import ask\nprint(ask())", calls=1),
    "os_exit": Program("import os\nfrom model import ask\nprint(ask(), flush=True)\nos._exit(7)", calls=1),
    "os_exit_in_thread": Program(
        """
import os, threading, time
from model import ask
ask()
threading.Thread(target=os._exit, args=(8,)).start()
time.sleep(30)
""",
        calls=1,
    ),
    **{f"sys_exit_{name}": Program(f"import sys\nsys.exit({value})") for name, value in _KINDS.items()},
    "sys_exit_str_raises": Program(
        """
import sys
class Odd:
    def __str__(self): raise ValueError("no text")
sys.exit(Odd())
"""
    ),
    "sys_exit_in_thread": Program(
        """
import sys, threading
from model import ask
def work():
    print(ask())
    sys.exit(3)
thread = threading.Thread(target=work)
thread.start()
thread.join()
print("main goes on")
""",
        calls=1,
    ),
    "sys_exit_in_stream": Program(
        """
import sys
from model import stream
for piece in stream():
    print(piece)
    sys.exit(4)
""",
        calls=1,
    ),
    "atexit_raises": Program(
        """
import atexit
from model import ask
@atexit.register
def last(): print("last")
@atexit.register
def bad(): raise ValueError("in a handler")
ask()
""",
        calls=1,
    ),
    "atexit_exits": Program(
        "import atexit, sys\nfrom model import ask\natexit.register(sys.exit, 5)\nprint(ask())", calls=1
    ),
    "atexit_os_exit": Program(
        "import atexit, os\nfrom model import ask\natexit.register(os._exit, 9)\nprint(ask(), flush=True)", calls=1
    ),
    "atexit_calls": Program(
        """
import atexit
from model import ask
@atexit.register
def last(): print("last:", ask())
raise LookupError("first")
""",
        calls=1,
    ),
    "atexit_order": Program(
        """
import atexit
atexit.register(print, "before the import")
from model import ask
atexit.register(print, "after the import")
ask()
atexit.register(print, "after the call")
print(atexit._ncallbacks() >= 3)
""",
        calls=1,
    ),
    "atexit_cleared": Program(
        "import atexit\nfrom model import ask\nask()\natexit.register(print, 'never')\natexit._clear()", calls=1
    ),
}
