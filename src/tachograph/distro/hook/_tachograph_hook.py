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
"""The keys of `tachograph.run.plugin_table.TARGETS`."""
HTTP_TARGETS = ("httpx", "httpx2")
"""The keys of `tachograph.run.plugin_table.HTTP_TARGETS`."""

METRICS = ("OTEL_METRICS_EXPORTER", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")
"""What has metrics sent somewhere, besides the settings."""

_API = "opentelemetry.trace"
_PARTS = "opentelemetry."
_ANY_USE = (_API, "opentelemetry.metrics", "tachograph")
_THREADS = ("threading", "concurrent.futures.thread", "concurrent.futures.process")
"""The modules that start threads, whose errors are recorded, and those that wait for threads at the end."""

_waiting: set[str] = set()
_loading: list[str] = []
"""The modules that are being imported, of those that are watched."""
_held_back = False
_looked = False


def install() -> None:
    """Wait for something to record, if this process belongs to a run."""
    if not os.environ.get("TACHOGRAPH_RUN"):
        return
    _waiting.update(TARGETS, _ANY_USE)
    # As the launcher writes it; inside a text its quotes would be escaped.
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
    _waiting.update(_THREADS)
    watch_errors()
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
    """Wraps a module's loader and calls back after execution. The module itself sees the original loader.

    `tachograph.instrument.imports` has one of the same kind, which this module cannot import.
    """

    __slots__ = ("__weakref__", "_tachograph_instead", "_tachograph_loader")
    _tachograph_loader: "Any"

    def __init__(self, loader: "Any") -> None:
        object.__setattr__(self, "_tachograph_loader", loader)

    @property
    def __class__(self) -> "Any":  # pyright: ignore[reportIncompatibleMethodOverride] - only ever read
        return self._tachograph_loader.__class__

    @property
    def __dict__(self) -> "Any":  # pyright: ignore[reportIncompatibleVariableOverride] - only ever read
        return self._tachograph_loader.__dict__

    @property
    def exec_module(self) -> "Any":
        # Import hooks put a function around it in its place.
        return getattr(self, "_tachograph_instead", self._tachograph_execute)

    def _tachograph_execute(self, module: "ModuleType") -> None:
        loader = self._tachograph_loader
        module.__loader__ = loader
        if module.__spec__ is not None:
            module.__spec__.loader = loader
        name = module.__name__
        _loading.append(name)
        try:
            loader.exec_module(module)
        except BaseException as error:
            _loading.remove(name)
            # Without this frame, which would also keep the frames of `importlib` around it in the traceback.
            trace = error.__traceback__
            error.__traceback__ = trace and trace.tb_next
            trace = None
            # The API that it has imported may be waiting for it.
            if _held_back and name.startswith(_PARTS):
                _loaded(name)
            raise
        _loading.remove(name)
        _loaded(name)

    def __getattr__(self, name: str) -> "Any":
        # A copy that is being made has no loader yet.
        if name.startswith("_tachograph_"):
            raise AttributeError(name)
        return getattr(self._tachograph_loader, name)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "exec_module":
            object.__setattr__(self, "_tachograph_instead", value)
        else:
            setattr(self._tachograph_loader, name, value)

    def __delattr__(self, name: str) -> None:
        if name == "exec_module":
            object.__delattr__(self, "_tachograph_instead")
        else:
            delattr(self._tachograph_loader, name)

    def __eq__(self, other: object) -> bool:
        return self._tachograph_loader == other

    def __hash__(self) -> int:
        return hash(self._tachograph_loader)

    def __repr__(self) -> str:
        return repr(self._tachograph_loader)

    def __reduce_ex__(self, protocol: "Any") -> "Any":
        return self._tachograph_loader.__reduce_ex__(protocol)


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
        if name in _THREADS:
            watch_threads()
            watch_errors()
            return
        # Our own command, used within a run: it reads, there is nothing to record.
        if name == "tachograph" and _program() == "tacho":
            return
        _waiting.difference_update(_ANY_USE)
        _lender.lends = True
        from tachograph.distro.wake import imported

        imported(name)
        watch_errors()
    except Exception:  # noqa: S110 - the program's import must come out as it would without us
        pass


def _program() -> str:
    # While `site` runs there is no `sys.argv` yet.
    words: list[str] = getattr(sys, "argv", None) or sys.orig_argv[1:] or [""]
    return words[0].rpartition(os.sep)[2]


# Errors that no code handles. `sys.excepthook` and `threading.excepthook` stay as they are: programs compare them with
# the interpreter's own (`code.InteractiveInterpreter` does), and call them by hand with errors they have handled.


def watch_errors() -> None:
    """Record the errors that end the program or one of its threads. Once `threading` is imported, call it again."""
    import atexit

    # Handlers run last in, first out, and this one has to run before the journal is closed.
    atexit.unregister(_look_back)
    atexit.register(_look_back)
    threading: Any = sys.modules.get("threading")
    try:  # noqa: SIM105 - contextlib costs its import
        # The interpreter waits for threads before it runs those handlers, and may be killed meanwhile. What is
        # registered here runs before that, and before what thread pools have registered, which wait for theirs.
        threading._register_atexit(_look_back)
    except (AttributeError, RuntimeError):
        pass


def watch_threads() -> None:
    """Record what ends a thread, whatever the program puts in the place of `threading.excepthook`."""
    threading: Any = sys.modules["threading"]
    make: Any = getattr(threading, "_make_invoke_excepthook", None)
    if make is None or hasattr(make, "_tachograph_original"):
        return

    def _make_invoke_excepthook() -> "Any":
        invoke: Any = make()

        def invoke_excepthook(thread: "Any") -> None:
            error = sys.exc_info()[1]
            try:
                if error is not None and type(error) is not SystemExit:
                    _record(error, error.__traceback__, ends=False)
            finally:
                error = None
            invoke(thread)

        return invoke_excepthook

    wrapper: Any = _make_invoke_excepthook
    wrapper._tachograph_original = make
    threading._make_invoke_excepthook = wrapper


_SUSPENDS = 0x20 | 0x80 | 0x200
"""`CO_GENERATOR`, `CO_COROUTINE` and `CO_ASYNC_GENERATOR` of `inspect`."""


def _look_back() -> None:
    """Record the error that ended the program, which the interpreter keeps for debuggers."""
    global _looked
    try:
        process: Any = sys.modules.get("multiprocessing.process")
        error: object = getattr(sys, "last_value", None)
        # A child of multiprocessing has been forked with what its parent keeps there, and handles its own.
        if (
            _looked
            or not isinstance(error, BaseException)
            or (process is not None and process.parent_process() is not None)
        ):
            return
        _looked = True
        # A hook of the program may have taken it from the error.
        trace: TracebackType | None = getattr(sys, "last_traceback", None) or error.__traceback__
        if trace is not None and _is_last(trace):
            _record(error, trace, ends=not _goes_on())
    except BaseException:  # noqa: S110 - what runs at the end of the program must not fail
        pass


def _is_last(trace: "TracebackType") -> bool:
    """Whether an error has ended the program.

    pytest and IPython keep errors for debuggers that they have handled. The one that ended the program has been in its
    outermost frame, which went no further; the frame of a coroutine that is done is in none either.
    """
    frame = trace.tb_frame
    if frame.f_back is not None or frame.f_code.co_flags & _SUSPENDS:
        return False
    if trace.tb_lasti == frame.f_lasti:
        return True
    from opcode import opname

    # Caught and raised again.
    return opname[frame.f_code.co_code[frame.f_lasti]] in {"RAISE_VARARGS", "RERAISE"}


def _goes_on() -> bool:
    """Whether an interactive interpreter has gone on after an error."""
    # `code.interact` leaves prompts behind; without a script the first argument is empty.
    return bool(sys.flags.interactive) or (hasattr(sys, "ps1") and not any(sys.argv[:1]))


def _record(error: BaseException, trace: "TracebackType | None", *, ends: bool) -> None:
    try:
        was_up = _API not in _waiting
        _waiting.difference_update(_ANY_USE)
        _lender.lends = True
        from tachograph.distro.wake import escaped

        escaped(error, trace, ends=ends)
    except BaseException:
        was_up = False
    # A hook of the program may have evaluated something, and so may we: bringing recording up does.
    if ends and isinstance(error, KeyboardInterrupt) and not (was_up and sys.excepthook is not sys.__excepthook__):
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


# Programs in another environment


class _Lender:
    """Last on the import path: lends what recording needs to programs whose environment does not have it.

    Tachograph itself is there for any program in a run. What it needs appears only once something is recorded, so that
    a program that asks whether OpenTelemetry is installed gets the answer of its environment, and never replaces what
    is installed there.
    """

    paths: "Sequence[str]" = ()
    lends = False

    _ours = frozenset(
        {
            "tachograph",
            "tachograph_anthropic",
            "tachograph_executors",
            "tachograph_http",
            "tachograph_logging",
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
        if not self.lends or (context is not None and (context.name not in {None, name} or "path" in vars(context))):
            return
        from importlib.metadata import DistributionFinder, MetadataPathFinder

        find: Callable[..., Iterable[Distribution]] = MetadataPathFinder.find_distributions
        if any(True for _ in find(DistributionFinder.Context(name=name))):
            # The program has its own.
            return
        yield from find(DistributionFinder.Context(name=name, path=list(self.paths)))


_lender: "Any" = _Lender()
