"""Runs the provider stub by itself: `python -m tachograph.demo --port 8080`."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from typing import Any, cast

from tachograph.demo.provider import Provider


def main() -> None:
    """Serve until interrupted; the address is the first line of standard output."""
    parser = argparse.ArgumentParser(prog="python -m tachograph.demo", description="Run the provider stub.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    options = cast("Any", parser.parse_args())
    with Provider(options.port) as provider, contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(f"{provider.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
