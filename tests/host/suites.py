"""The suites of CPython that notice most easily what a recorder does to its host."""

from __future__ import annotations

SUITES: dict[str, tuple[str, ...]] = {
    "threads": (
        "test_thread",
        "test_threading",
        "test_threading_local",
        "test_threadedtempfile",
        "test_threadsignals",
        "test_queue",
        "test_sched",
        "test_concurrent_futures",
    ),
    "processes": (
        "test_subprocess",
        "test_popen",
        "test_fork1",
        "test_wait3",
        "test_wait4",
        "test_posix",
        "test_multiprocessing_main_handling",
        "test_multiprocessing_fork",
        "test_multiprocessing_spawn",
        "test_multiprocessing_forkserver",
    ),
    "asyncio": ("test_asyncio", "test_asyncgen", "test_coroutines", "test_selectors"),
    "signals": ("test_signal", "test_faulthandler", "test_eintr"),
    "start and end": ("test_site", "test_sys", "test_cmd_line", "test_cmd_line_script", "test_atexit", "test_audit"),
    "imports": (
        "test_import",
        "test_importlib",
        "test_pkgutil",
        "test_modulefinder",
        "test_runpy",
        "test_zipimport",
    ),
    "errors": (
        "test_exceptions",
        "test_exception_group",
        "test_except_star",
        "test_raise",
        "test_traceback",
        "test_code",
        "test_code_module",
        "test_logging",
        "test_warnings",
        "test_unittest",
    ),
    "objects": (
        "test_inspect",
        "test_pickle",
        "test_copyreg",
        "test_copy",
        "test_functools",
        "test_types",
        "test_descr",
        "test_generators",
        "test_weakref",
        "test_weakset",
        "test_gc",
        "test_finalization",
    ),
    "contexts": ("test_context", "test_contextlib", "test_contextlib_async"),
    "tracing": (
        "test_sys_settrace",
        "test_sys_setprofile",
        "test_bdb",
        "test_pdb",
        "test_trace",
        "test_tracemalloc",
    ),
    "servers": ("test_socketserver", "test_httpservers", "test_random"),
}
"""What `./dev host` runs, by what it is about. A suite that a Python does not have is named and left out."""

QUICK: tuple[str, ...] = (
    "test_thread",
    "test_threading_local",
    "test_concurrent_futures.test_thread_pool",
    "test_popen",
    "test_posix",
    "test_asyncio.test_threads",
    "test_asyncio.test_unix_events",
    "test_atexit",
    "test_runpy",
    "test_exception_group",
    "test_raise",
    "test_traceback",
    "test_code",
    "test_code_module",
    "test_warnings",
    "test_inspect",
    "test_copyreg",
    "test_context",
    "test_contextlib",
)
"""What `./dev host --quick` runs: suites that notice much in little time, four minutes together."""


def every() -> list[str]:
    """All suites, in order."""
    return [suite for suites in SUITES.values() for suite in suites]
