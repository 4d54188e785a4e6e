"""Programs in which other programs run: consoles, debuggers, tests."""

from __future__ import annotations

from tests.integration.endings.program import Program

_TOOL = """
import code
class Tool(code.InteractiveInterpreter):
    def __init__(self):
        super().__init__()
        self.out = ""
    def write(self, data):
        self.out += data
tool = Tool()
"""

PROGRAMS = {
    "interpreter": Program(_TOOL + "tool.runsource('1/0')\nprint(repr(tool.out))"),
    "interpreter_call_fails": Program(
        _TOOL + "import model\ntool.locals.update(vars(model))\ntool.runsource('fail()')\nprint(tool.out)", calls=1
    ),
    "interpreter_syntax_error": Program(_TOOL + "tool.runsource('a = = 1')\nprint(repr(tool.out))"),
    "console": Program(
        "import code\nfrom model import ask\ncode.interact(banner='', local={'ask': ask}, exitmsg='')",
        calls=1,
        stdin=b"ask()\n1/0\nprint('goes on')\n",
    ),
    "interactive": Program(
        "from model import ask\nraise ValueError('first')", calls=1, options=("-i",), stdin=b"ask()\n1/0\nexit(3)\n"
    ),
    "pdb": Program(
        "import pdb\nfrom model import fail\ntry:\n    fail()\nexcept Exception:\n    pdb.post_mortem()",
        calls=1,
        stdin=b"where\nup\nquit\n",
    ),
    "unittest": Program(
        """
import sys, unittest
from model import fail
class Tests(unittest.TestCase):
    def test_fails(self):
        fail()
result = unittest.TextTestRunner(stream=sys.stdout).run
suite = unittest.defaultTestLoader.loadTestsFromTestCase(Tests)
outcome = unittest.TestResult()
suite.run(outcome)
print(outcome, *(text for _, text in outcome.errors))
""",
        calls=1,
    ),
    "runpy": Program(
        """
import pathlib, runpy
pathlib.Path("inner.py").write_text("from model import fail\\nfail()")
runpy.run_path("inner.py", run_name="__main__")
""",
        calls=1,
    ),
}
