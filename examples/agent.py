"""The demonstration's agent, for real keys: see README.md beside it.

It is an ordinary program. What it says to the recorder (phases, iterations, what the task is) stands in
`tachograph.demo.agent`; the calls of the models are recorded without its doing.
"""

from __future__ import annotations

import sys

from tachograph.demo.agent import main

if __name__ == "__main__":
    sys.exit(main())
