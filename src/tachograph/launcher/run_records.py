"""The records that the launcher writes: the start of the run, its facts, and how it ended."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING, Any

from tachograph.journal import JournalWriter, RecordBuilder, SpanIds, this_process
from tachograph.redaction import Sealer, installation_key
from tachograph.run.resource import resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tachograph.redaction.policy import Policy
    from tachograph.run.environment import RunSpan

_logger = logging.getLogger("tachograph")


class LauncherJournal:
    """The launcher's journal of one run.

    Parameters
    ----------
    run_id
        The run's UUID4.
    run_dir
        The run's folder.
    environ
        The environment of the command; the values of its secrets are not written.
    policy
        What is redacted besides secrets.
    """

    def __init__(self, run_id: str, run_dir: Path, environ: Mapping[str, str], policy: Policy) -> None:
        self._builder = RecordBuilder(run_id, Sealer(installation_key(), environ, policy))
        self._start_ns = time.time_ns()
        self._run_dir = run_dir
        self._failure: OSError | None = None
        self._writer = JournalWriter(run_dir, self._process, on_stop=self._stopped)

    @property
    def opened(self) -> bool:
        """Whether its file was opened."""
        return self._writer.opened

    def begin(self, facts: Mapping[str, Any], span: RunSpan, start_ns: int) -> bool:
        """Write that the run has begun.

        Parameters
        ----------
        facts
            What is known of it.
        span
            The span it is.
        start_ns
            When the command was started, in ns since the epoch.

        Returns
        -------
        bool
            Whether it is in the file.
        """
        self._start_ns = start_ns
        ids = SpanIds(span.trace_id, span.span_id, span.sampled)
        return self._writer.write(self._builder.run_start(facts, start_ns, ids, span.parent_id))

    def end(self, how: Mapping[str, Any]) -> None:
        """Write how the run ended, and close the journal. A failure to write is reported only now, after the command.

        Parameters
        ----------
        how
            ``outcome``, ``reason``, ``exit_code`` and ``signal``.
        """
        now = time.time_ns()
        self._writer.write(self._builder.run_end(how, now))
        self._writer.close(self._builder.process_end({"records": self._writer.dropped}, now))
        if self._failure is not None:
            _logger.warning(
                "tachograph: how the run began or ended is not recorded: %s (%s).",
                self._failure.strerror or self._failure,
                self._run_dir,
            )

    def _stopped(self, failure: OSError) -> None:
        # That the folder was deleted is reported for the run as a whole.
        if not isinstance(failure, FileNotFoundError | NotADirectoryError):
            self._failure = failure

    def _process(self) -> bytes:
        return self._builder.process_start(
            this_process(),
            ppid=os.getppid(),
            start_ns=self._start_ns,
            resource=resource(os.environ),
            role="launcher",
        )
