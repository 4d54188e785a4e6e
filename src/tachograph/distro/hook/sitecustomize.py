"""Tachograph's first code in a recorded Python process; Python's `site` module imports it.

Its folder is put first on PYTHONPATH by `tacho run`. A child may be any Python, also one that could not read the rest:
nothing here is newer than what Python 2 can read.
"""

import sys

_here = __file__.replace("\\", "/").rpartition("/")[0]

try:
    if sys.version_info >= (3, 11):  # noqa: UP036 - see above
        from _tachograph_hook import install  # pyright: ignore - its folder is on the path of recorded processes only

        install()
except Exception:  # noqa: S110 - a program must start as it would without us
    pass
finally:
    sys.path[:] = [_entry for _entry in sys.path if _entry.replace("\\", "/").rstrip("/") != _here]

# The site customisation that ours hides, if there is one, runs as if ours were not there.
try:
    # What `importlib` itself is made of; importing that would cost more than all the rest.
    from _frozen_importlib import module_from_spec as _module_from_spec
    from _frozen_importlib_external import PathFinder as _PathFinder
except ImportError:
    pass
else:
    _next = _PathFinder.find_spec("sitecustomize", sys.path)
    if _next is not None and _next.loader is not None:
        _module = _module_from_spec(_next)
        sys.modules["sitecustomize"] = _module
        _next.loader.exec_module(_module)
