"""Programs that run out of something, or lose it."""

from __future__ import annotations

from tests.integration.endings.program import Program

PROGRAMS = {
    "recursion": Program(
        """
import sys
from model import ask
sys.setrecursionlimit(260)
deepest = 0
def down(depth):
    global deepest
    deepest = depth
    try:
        ask()
    except RecursionError:
        pass
    down(depth + 1)
try:
    down(0)
except RecursionError as error:
    print(deepest, error)
sys.setrecursionlimit(1000)
print(ask())
""",
        calls=None,
    ),
    "recursion_uncaught": Program("from model import ask\nask()\ndef down(): return down()\ndown()", calls=1),
    "memory_error": Program(
        """
import resource
from model import ask
ask()
resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32))
bytearray(1 << 33)
""",
        calls=1,
    ),
    "memory_used_up": Program(
        """
import resource
from model import ask
ask()
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), -1))
held = []
while True:
    held.append(bytearray(1 << 20))
""",
        calls=1,
    ),
    "memory_used_up_and_calling": Program(
        """
import resource
from model import ask
ask()
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), -1))
held = []
try:
    while True:
        held.append(bytearray(1 << 20))
except MemoryError:
    held.clear()
print(ask())
""",
        calls=2,
    ),
    "no_descriptors": Program(
        """
import os, resource
from model import ask
ask()
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
held = []
try:
    while True:
        held.append(os.open(os.devnull, os.O_RDONLY))
except OSError as error:
    print(error)
try:
    open("more")
except OSError as error:
    print(error)
raise ValueError("with none left")
""",
        calls=1,
    ),
    "no_descriptors_and_calling": Program(
        """
import os, resource
from model import ask, client
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
held = []
try:
    while True:
        held.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    pass
try:
    ask()
except Exception as error:
    print(type(error).__name__, error)
for number in held:
    os.close(number)
print(ask())
""",
        calls=None,
    ),
    "closerange": Program(
        """
import os
from model import ask
ask()
os.closerange(3, 1 << 20)
print([os.open(os.devnull, os.O_RDONLY) for _ in range(5)])
raise ValueError("with all closed")
""",
        calls=1,
    ),
    "closed_stdio_by_hand": Program(
        "import sys\nfrom model import ask\nask()\nsys.stdout.close()\nsys.stderr.close()\nraise ValueError('unseen')",
        calls=1,
    ),
    "no_stdio": Program(
        """
import os, sys
from model import ask
ask()
open("seen", "w").write(repr((sys.stdin, sys.stdout, sys.stderr)))
sys.exit(0 if sys.stdout is None else 3)
""",
        calls=1,
        shell='"$@" <&- >&- 2>&-; echo "exit $?"; cat seen',
    ),
    "broken_pipe": Program(
        """
import sys
from model import ask
sys.stdin.read()
print(ask())
sys.stdout.flush()
""",
        calls=1,
        shell='mkfifo gate; { "$@" <gate; echo "exit $?" >&2; } | { exec <&-; echo >gate; }',
    ),
    "full_device": Program("from model import ask\nprint(ask())", calls=1, shell='"$@" >/dev/full; echo "exit $?" >&2'),
    "vanished_directory": Program(
        """
import os
from model import ask
os.mkdir("here")
os.chdir("here")
os.rmdir("../here")
print(ask())
os.getcwd()
""",
        calls=1,
    ),
    "emptied_environment": Program(
        """
import os
from model import ask
os.environ.clear()
print(ask(), dict(os.environ))
raise ValueError("gone")
""",
        calls=1,
    ),
    "emptied_modules": Program(
        "import sys\nfrom model import ask\nask()\nsys.modules.clear()\nraise ValueError('gone')", calls=1
    ),
    "umask_and_limits": Program(
        """
import locale, os, resource, sys
from model import ask
ask()
print(oct(os.umask(0)), resource.getrlimit(resource.RLIMIT_NOFILE), sys.getrecursionlimit(), sys.getswitchinterval())
print(locale.setlocale(locale.LC_ALL), os.getcwd() == os.environ["PWD"], sys.flags, sys.argv)
""",
        calls=1,
    ),
}
