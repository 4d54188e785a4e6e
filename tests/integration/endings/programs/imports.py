"""Programs that look at how modules are found and loaded, and at what else of the interpreter is global."""

from __future__ import annotations

from tests.integration.endings.program import Program

_LOADERS = """
import copy, importlib.util, importlib.machinery, pickle, sys
for name in (
    "openai", "openai._base_client", "anthropic", "anthropic._base_client", "tachograph", "opentelemetry.trace",
    "opentelemetry.context", "opentelemetry.sdk.trace", "opentelemetry._logs", "httpx", "httpx2", "threading",
    "concurrent.futures.thread", "concurrent.futures.process", "multiprocessing.pool", "multiprocessing.util",
    "logging",
):
    spec = importlib.util.find_spec(name)
    loader = spec.loader
    again = importlib.util.find_spec(name)
    other = again.loader
    print(name, isinstance(loader, importlib.machinery.SourceFileLoader), repr(loader).split()[0])
    print(spec == again, again == spec, loader == other, other == loader)
    print(hash(loader) == hash(other), vars(loader) == vars(other))
    for made in (copy.copy(loader), copy.deepcopy(loader), pickle.loads(pickle.dumps(loader))):
        print(type(made).__name__, made == loader, loader == made, made.get_filename(name) == spec.origin)
    print(pickle._dumps(loader) == pickle._dumps(pickle.loads(pickle.dumps(loader))))
    module = importlib.util.module_from_spec(spec)
    print(module.__loader__ == loader, loader.get_source(name) == other.get_source(name))
"""

PROGRAMS = {
    "loaders": Program(_LOADERS),
    "loaders_after_call": Program("from model import ask\nask()\n" + _LOADERS, calls=1),
    "loaders_of_modules": Program(
        """
import sys
from model import ask
ask()
import threading, concurrent.futures.thread, multiprocessing.pool, opentelemetry.trace, httpx2, openai
names = "threading concurrent.futures.thread multiprocessing.pool opentelemetry.trace httpx2 openai"
for name in names.split():
    module = sys.modules[name]
    print(name, type(module.__loader__), type(module.__spec__.loader), module.__spec__.loader is module.__loader__)
""",
        calls=1,
    ),
    "lazily_loaded": Program(
        """
import importlib.util, sys
spec = importlib.util.find_spec("openai")
spec.loader = importlib.util.LazyLoader(spec.loader)
module = importlib.util.module_from_spec(spec)
sys.modules["openai"] = module
spec.loader.exec_module(module)
from model import ask
print(ask(), type(module))
""",
        calls=1,
    ),
    "loader_is_patched": Program(
        """
import sys
class Finder:
    busy = False
    def find_spec(self, name, path=None, target=None):
        if name not in ("openai", "openai._base_client") or self.busy:
            return None
        import importlib.util
        self.busy = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self.busy = False
        original = spec.loader.exec_module
        def exec_module(module):
            original(module)
            print("executed", module.__name__)
        spec.loader.exec_module = exec_module
        spec.loader.mark = 1
        print(name, spec.loader.mark, vars(spec.loader).get("mark"))
        return spec
sys.meta_path.insert(0, Finder())
from model import ask
print(ask())
""",
        calls=1,
    ),
    "globals": Program(
        """
import atexit, builtins, gc, logging, signal, sys, threading, warnings
def look():
    return {
        "excepthook": sys.excepthook is sys.__excepthook__,
        "unraisablehook": sys.unraisablehook is sys.__unraisablehook__,
        "displayhook": sys.displayhook is sys.__displayhook__,
        "breakpointhook": sys.breakpointhook is sys.__breakpointhook__,
        "threads": threading.excepthook is threading.__excepthook__,
        "path_hooks": [getattr(hook, "__qualname__", hook) for hook in sys.path_hooks],
        "signals": [str(signal.getsignal(number)) for number in range(1, 32)],
        "root": (logging.root.handlers, logging.root.level, logging.root.filters, logging.getLoggerClass()),
        "raise": logging.raiseExceptions,
        "gc": (gc.isenabled(), gc.get_threshold(), gc.callbacks),
        "trace": (sys.gettrace(), sys.getprofile(), sys.getrecursionlimit(), sys.getswitchinterval()),
        "import": builtins.__import__.__name__ + type(builtins.__import__).__name__,
        "path": [entry for entry in sys.path if "tachograph" in entry.rpartition("site-packages")[2]],
        "threads_alive": [thread.name for thread in threading.enumerate()],
        "argv": (sys.argv, sys.flags.isolated),
    }
print(look())
from model import ask
ask()
threading.Thread(target=ask).start()
print(look())
""",
        calls=2,
    ),
}
