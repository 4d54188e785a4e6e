"""Waits until a process has something to record, and costs next to nothing until then.

Recording is brought up when a library it knows, `opentelemetry.trace` or `tachograph` is imported, or when an error
escapes. This module imports nothing that Python's start has not imported, not even `__future__`, and `tachograph`
least of all: that the program imports it must be noticed.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from importlib.metadata import Distribution, DistributionFinder
    from types import ModuleType, TracebackType
    from typing import Any

TARGETS = ("openai", "anthropic")
"""The keys of `tachograph.distro.targets.TARGETS`."""
HTTP_TARGETS = ("httpx", "httpx2")
"""The keys of `tachograph.distro.targets.HTTP_TARGETS`."""

METRICS = ("OTEL_METRICS_EXPORTER", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")
"""What has metrics sent somewhere, besides the settings."""

_API = "opentelemetry.trace"
_PARTS = "opentelemetry."
_ANY_USE = (_API, "opentelemetry.metrics", "tachograph")

_waiting: set[str] = set()
_loading: list[str] = []
"""The modules that are being imported, of those that are watched."""
_held_back = False
_escaped: BaseException | None = None


def install() -> None:
    """Wait for something to record, where this process belongs to a run."""
    if not os.environ.get("TACHOGRAPH_RUN"):
        return
    _waiting.update(TARGETS, _ANY_USE)
    # As the launcher writes it; in a text it would stand with its quotes escaped.
    settings = os.environ.get("TACHOGRAPH_SETTINGS", "")
    if '"http":true' in settings:
        _waiting.update(HTTP_TARGETS)
    if not ('"metrics"' in settings or any(os.environ.get(name) for name in METRICS)):
        # Nobody wants them, and who imports the API alone need not pay for recording.
        _waiting.discard("opentelemetry.metrics")
    sys.meta_path.insert(0, _Watch())
    tag, *paths = os.environ.get("TACHOGRAPH_LIBRARY", "").split(os.pathsep)
    if paths and tag == abi_tag():
        _lender.paths = paths
        sys.meta_path.append(_lender)
    _hook_errors()
    # Something that runs before us, such as a .pth file, may have been first.
    for name in sys.modules.keys() & _waiting:
        _loaded(name)


def abi_tag() -> str:
    """What has to agree for compiled modules to work in another installation."""
    implementation: Any = sys.implementation
    return "-".join((implementation.cache_tag, getattr(sys, "abiflags", ""), getattr(implementation, "_multiarch", "")))


class _Watch:
    """First on the import path: notices when a module that matters has been loaded."""

    def find_spec(
        self, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        if name not in _waiting and not (_API in _waiting and name.startswith(_PARTS)):
            return None
        for finder in list(sys.meta_path):
            find: Any = None if finder is self else getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find and find(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Watched(spec.loader)  # pyright: ignore[reportAttributeAccessIssue] - looks like one
                return spec
        return None


class _Watched:
    """A module's own loader, with a word to us when it is done; the module gets to see the loader itself."""

    def __init__(self, loader: "Any") -> None:
        self._loader = loader

    def create_module(self, spec: "ModuleSpec") -> "ModuleType | None":
        return self._loader.create_module(spec)

    def exec_module(self, module: "ModuleType") -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        name = module.__name__
        _loading.append(name)
        try:
            self._loader.exec_module(module)
        except BaseException:
            _loading.remove(name)
            # The API that it has imported may be waiting for it.
            if _held_back and name.startswith(_PARTS):
                _loaded(name)
            raise
        _loading.remove(name)
        _loaded(name)

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._loader, name)


def _loaded(name: str) -> None:
    global _held_back
    if name.startswith(_PARTS):
        if _API not in _waiting or not (name in _waiting or _held_back):
            return
        # The SDK imports the API. Recording needs all of the SDK, so it waits for a program that began with that.
        _held_back = any(part.startswith(_PARTS) for part in list(_loading))
        if _held_back:
            return
        name = _API
    if name not in _waiting:
        return
    _waiting.discard(name)
    try:
        if name == "threading":
            _hook_threads()
            return
        # Our own command, used within a run: it reads, there is nothing to record.
        if name == "tachograph" and _program() == "tacho":
            return
        _waiting.difference_update(_ANY_USE)
        _lender.lends = True
        from tachograph.distro.hooks import imported

        imported(name)
        _watch_exit()
    except Exception:  # noqa: S110 - the program's import must come out as it would without us
        pass


def _program() -> str:
    # While `site` runs there is no `sys.argv` yet.
    words: list[str] = getattr(sys, "argv", None) or sys.orig_argv[1:] or [""]
    return words[0].rpartition(os.sep)[2]


# Errors that escape


def _hook_errors() -> None:
    before = sys.excepthook

    def excepthook(kind: "type[BaseException]", error: BaseException, trace: "TracebackType | None") -> None:
        _record(error, trace, ends=True)
        before(kind, error, trace)

    sys.excepthook = excepthook
    _watch_exit()
    _waiting.add("threading")


def _hook_threads() -> None:
    import threading

    before = threading.excepthook

    def excepthook(args: "threading.ExceptHookArgs", /) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            _record(args.exc_value, args.exc_traceback, ends=False)
        before(args)

    threading.excepthook = excepthook


_SUSPENDS = 0x20 | 0x80 | 0x200
"""`CO_GENERATOR`, `CO_COROUTINE` and `CO_ASYNC_GENERATOR` of `inspect`."""


def _watch_exit() -> None:
    import atexit

    # Handlers run last in, first out, and this one has to run before the journal is closed.
    atexit.unregister(_look_back)
    atexit.register(_look_back)


def _look_back() -> None:
    """Record the error that ended the program where its own `sys.excepthook` took the place of ours."""
    error: BaseException | None = getattr(sys, "last_value", None)
    trace: TracebackType | None = getattr(error, "__traceback__", None)
    # pytest and IPython keep errors there that they have handled, for a debugger. The one that ended the program has
    # been in its outermost frame; the frame of a coroutine that is done is in none either.
    frame = trace and trace.tb_frame
    if error is not None and frame and frame.f_back is None and not frame.f_code.co_flags & _SUSPENDS:
        _record(error, trace, ends=True)


def _record(error: BaseException, trace: "TracebackType | None", *, ends: bool) -> None:
    global _escaped
    if error is _escaped:
        return
    _escaped = error
    try:
        _waiting.difference_update(_ANY_USE)
        _lender.lends = True
        from tachograph.distro.hooks import escaped

        escaped(error, trace, ends=ends)
    except BaseException:  # noqa: S110 - the program's error goes before ours, also before a second Ctrl-C
        pass
    if ends and isinstance(error, KeyboardInterrupt):
        stay_interrupted()


def stay_interrupted() -> None:
    """Let the interpreter end by SIGINT, as it does after an interrupt that nobody handled.

    It keeps that in a variable which any evaluation of a string resets, and importing does such things (`namedtuple`):
    https://github.com/python/cpython/blob/v3.11.7/Python/pythonrun.c
    """
    try:  # noqa: SIM105 - contextlib costs its import
        exec("raise KeyboardInterrupt")  # noqa: S102 - the same evaluation sets it
    except KeyboardInterrupt:
        pass


# Programs in an environment of their own


class _Lender:
    """Last on the import path: lends what recording needs to programs whose environment does not have it.

    Tachograph itself is there for any program in a run. What it needs appears only once something is recorded, so that
    a program that asks whether OpenTelemetry is installed gets its own answer, and never takes the place of the
    program's own.
    """

    paths: "Sequence[str]" = ()
    lends = False

    _ours = frozenset(
        {
            "tachograph",
            "tachograph_anthropic",
            "tachograph_executors",
            "tachograph_http",
            "tachograph_journal",
            "tachograph_openai",
            "tachograph_otlp",
        }
    )
    _lent = frozenset(
        {
            "hyperscan",
            "importlib_metadata",
            "opentelemetry",
            "orjson",
            "packaging",
            "typing_extensions",
            "wrapt",
            "zipp",
        }
    )

    def find_spec(
        self,
        name: str,
        path: "Sequence[str] | None" = None,  # noqa: ARG002 - the import system's signature
        target: "ModuleType | None" = None,
    ) -> "ModuleSpec | None":
        package, _, _ = name.partition(".")
        if package not in self._ours and not (self.lends and package in self._lent):
            return None
        from importlib.machinery import PathFinder

        parent = name.rpartition(".")[0].replace(".", os.sep)
        return PathFinder.find_spec(name, [os.path.join(entry, parent) for entry in self.paths], target)  # noqa: PTH118

    def find_distributions(self, context: "DistributionFinder.Context | None" = None) -> "Iterator[Distribution]":
        """The metadata of the OpenTelemetry API, which finds parts of itself by entry points."""
        name = "opentelemetry-api"
        if not self.lends or (context is not None and context.name not in {None, name}):
            return
        from importlib.metadata import DistributionFinder, MetadataPathFinder

        find: Callable[..., Iterable[Distribution]] = MetadataPathFinder.find_distributions
        yield from find(DistributionFinder.Context(name=name, path=list(self.paths)))


_lender: "Any" = _Lender()
