"""Programs that end by an error, or in which one is shown."""

from __future__ import annotations

from tests.integration.endings.program import Program

PROGRAMS = {
    "uncaught": Program("print('on')\nraise ValueError('gone')"),
    "chained": Program(
        """
def low():
    error = KeyError("low")
    error.add_note("a note")
    raise error
try:
    try:
        low()
    except KeyError as error:
        raise ValueError("middle") from error
except ValueError:
    raise RuntimeError("top")
"""
    ),
    "call_fails": Program(
        """
from model import fail
def outer(): return fail()
outer()
""",
        calls=1,
    ),
    "call_fails_anthropic": Program(
        """
import os
import anthropic
client = anthropic.Anthropic(base_url=os.environ["MODEL_URL"], api_key="x", max_retries=0)
client.messages.create(
    model="claude-haiku-4-5",
    max_tokens=9,
    messages=[{"role": "user", "content": "hello"}],
    extra_headers={"X-Demo-Fault": "always-500"},
)
""",
        calls=1,
    ),
    "call_fails_connecting": Program(
        """
import openai
client = openai.OpenAI(base_url="http://127.0.0.1:9/v1", api_key="x", max_retries=0)
client.embeddings.create(model="text-embedding-3-small", input="hello")
""",
        calls=1,
    ),
    "call_fails_printed": Program(
        """
import traceback
from model import fail
try:
    fail()
except Exception:
    print(traceback.format_exc())
    print("".join(traceback.format_stack()))
""",
        calls=1,
    ),
    "call_fails_logged": Program(
        """
import logging
from model import fail
logging.basicConfig()
try:
    fail()
except Exception:
    logging.exception("a call failed")
""",
        calls=1,
    ),
    "stream_breaks": Program(
        """
from model import stream
for piece in stream("broken"):
    print(piece)
""",
        calls=1,
    ),
    "stream_is_thrown_into": Program(
        """
from model import stream
pieces = stream()
print(next(pieces))
pieces.throw(LookupError("thrown in"))
""",
        calls=1,
    ),
    "group": Program(
        """
from model import ask, fail
errors = [ValueError("one")]
try:
    fail()
except Exception as error:
    errors.append(error)
raise ExceptionGroup("several", [*errors, ExceptionGroup("inner", [KeyError("two")])])
""",
        calls=1,
    ),
    "str_raises": Program(
        """
class Odd(Exception):
    def __str__(self): raise ValueError("no text")
raise Odd
"""
    ),
    "base_exception": Program("class Mine(BaseException): pass\nraise Mine('not an Exception')"),
    "does_not_compile": Program("print('never')\na = = 1\n"),
    "unpicklable_main": Program("import pickle\npickle.dumps(lambda: 0)"),
    "keyboard_interrupt": Program("raise KeyboardInterrupt"),
    "keyboard_interrupt_caught": Program(
        """
import os, signal, sys
from model import ask
try:
    ask()
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    sys.exit(44)
""",
        calls=1,
    ),
    "del_raises": Program(
        """
from model import ask
class Bad:
    def __del__(self): raise ValueError("in __del__")
bad = Bad()
ask()
del bad
kept = Bad()
""",
        calls=1,
    ),
}
