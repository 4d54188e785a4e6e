"""Programs that become another one, or have children."""

from __future__ import annotations

from tests.integration.endings.program import Program

PROGRAMS = {
    "exec_python": Program(
        """
import os, sys
from model import ask
ask()
os.execv(sys.executable, [sys.executable, "-c", "from model import ask\\nprint(ask())\\nraise SystemExit(3)"])
""",
        calls=2,
    ),
    "exec_sh": Program(
        "import os\nfrom model import ask\nask()\nos.execvp('sh', ['sh', '-c', 'echo shell; exit 5'])", calls=1
    ),
    "exec_empty_environment": Program(
        """
import os, sys
from model import ask
ask()
os.execve(sys.executable, [sys.executable, "-c", "import os, sys\\nprint(sorted(os.environ))\\nsys.exit(6)"], {})
""",
        calls=1,
    ),
    "fork_exits": Program(
        """
import os
from model import ask
ask()
child = os.fork()
if child == 0:
    print(ask(), flush=True)
    os._exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
""",
        calls=2,
    ),
    "fork_returns": Program(
        """
import atexit, os
from model import ask
atexit.register(print, "at exit")
ask()
child = os.fork()
if child:
    print("parent", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
else:
    print("child", ask())
""",
        calls=2,
    ),
    "fork_raises": Program(
        """
import os
from model import fail
child = os.fork()
if child == 0:
    fail()
print("parent", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
""",
        calls=1,
    ),
    "fork_in_stream": Program(
        """
import os
from model import stream
pieces = stream()
first = next(pieces)
child = os.fork()
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
print(first, len(list(pieces)))
""",
        calls=1,
    ),
    "forks_by_the_dozen": Program(
        """
import os
from model import ask
ask()
for number in range(12):
    if os.fork() == 0:
        os._exit(0 if ask() else 1)
print(sorted(os.wait()[1] for _ in range(12)))
""",
        calls=13,
    ),
    "forks_of_forks": Program(
        """
import os
from multiprocessing import util
from model import ask
ask()
before = len(util._afterfork_registry)
for depth in range(4):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        os._exit(0)
    ask()
print(len(util._afterfork_registry) - before, flush=True)
""",
        calls=5,
    ),
    "children_by_the_dozen": Program(
        """
import subprocess, sys
started = [subprocess.Popen([sys.executable, "-c", f"raise SystemExit({n})"]) for n in range(12)]
print([child.wait() for child in started])
"""
    ),
    "child_fails": Program(
        """
import subprocess, sys
from model import ask
ask()
subprocess.run([sys.executable, "-c", "from model import fail\\nfail()"], check=True)
""",
        calls=2,
    ),
    "child_outlives": Program(
        """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import sys\\nsys.stdin.read()\\nprint('child ends')"], stdin=subprocess.PIPE)
print("parent ends", flush=True)
"""
    ),
    "pool": Program(
        """
import multiprocessing
import model
def work(number):
    model.ask()
    return number * 2
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(work, range(6)))
""",
        calls=6,
    ),
    "process_pool_spawned": Program(
        """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
import model
if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        print(pool.submit(model.ask).result())
        pool.submit(int, "x").result()
""",
        calls=1,
    ),
    "process_exits": Program(
        """
import multiprocessing, sys
from model import ask
def work():
    ask()
    sys.exit(21)
if __name__ == "__main__":
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join()
    sys.exit(process.exitcode)
""",
        calls=1,
    ),
    "process_fails": Program(
        """
import multiprocessing
from model import fail
if __name__ == "__main__":
    process = multiprocessing.get_context("fork").Process(target=fail, name="worker")
    process.start()
    process.join()
    print(process.exitcode)
""",
        calls=1,
    ),
}
