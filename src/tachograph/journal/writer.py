"""The append-only file a process writes while it lives.

One `os.write` with `O_APPEND` per record, before the call returns: what was written survives any death of the process.
Nothing here raises into the program.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from tachograph.journal.layout import journal_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_logger = logging.getLogger("tachograph")

_HIGHEST_DESCRIPTOR = 4096
_ROOM_ABOVE = 128


class JournalWriter:
    """Appends records to the journal of a process.

    Parameters
    ----------
    run_dir
        The run's folder; it has to exist.
    header
        Builds the first line of each file, a process record, so that each file can be read alone.
    pid, start_ns
        The process that the journal is about, and when it began in ns since the epoch; the file is named by them. None
        means this process, also after a fork, and the time of the first record.
    max_file_bytes
        Size in bytes at which the next file is begun; None means never.
    max_files
        Number of files that are kept; when one more is begun, the oldest is deleted.
    on_rotate
        Called after a new file was begun, with the header written.
    on_open
        Called after the first file was opened, with the header written; after a fork once more.
    on_stop
        Called once with the error that stopped the recording; None means that it is logged as a warning.
    """

    def __init__(
        self,
        run_dir: Path,
        header: Callable[[], bytes],
        *,
        pid: int | None = None,
        start_ns: int | None = None,
        max_file_bytes: int | None = None,
        max_files: int = 8,
        on_rotate: Callable[[], None] | None = None,
        on_open: Callable[[], None] | None = None,
        on_stop: Callable[[OSError], None] | None = None,
    ) -> None:
        self._run_dir = run_dir
        self._header = header
        self._pid = pid
        self._given_start_ns = start_ns
        self._limit = max_file_bytes if max_file_bytes is not None else 1 << 62
        self._max_files = max(1, max_files)
        self._on_rotate = on_rotate
        self._on_open = on_open
        self._on_stop = on_stop or self._warn
        self._begin()

    @property
    def name(self) -> str | None:
        """Name of the current file, None if there is none yet."""
        return self._path(self._part).name if self._start_ns else None

    @property
    def opened(self) -> bool:
        """Whether a file was opened and its header written, since the start or the last fork."""
        return self._opened

    def _path(self, part: int) -> Path:
        return journal_path(self._run_dir, os.getpid() if self._pid is None else self._pid, self._start_ns, part)

    def _begin(self) -> None:
        self._opened = False
        self._lock = threading.RLock()
        self._fd = -1
        self._retired = -1
        self._size = 0
        self._part = 0
        self._start_ns = 0
        self._stopped = False
        self.dropped = 0

    def after_fork(self) -> None:
        """In a forked child, leave the parent's file alone and begin a new one with the next record."""
        inherited = (self._fd, self._retired)
        self._begin()
        for fd in inherited:
            if fd >= 0:
                _close(fd)

    def write(self, line: bytes) -> bool:
        """Append one record.

        Parameters
        ----------
        line
            The record as JSON with its newline.

        Returns
        -------
        bool
            Whether the record is in the file.
        """
        fd = self._fd
        if fd < 0:
            first = not self._start_ns
            fd = self._open()
            if fd < 0:
                self.dropped += 1
                return False
            if first and self._on_open is not None:
                self._on_open()
        try:
            written = os.write(fd, line)
        except OSError as error:
            return self._write_failed(fd, line, error)
        if written != len(line):
            self._stop(OSError(errno.ENOSPC, "only a part of a record could be written"))
            self.dropped += 1
            return False
        self._size += written
        if self._size > self._limit:
            self._rotate()
        return True

    def _write_failed(self, failed: int, line: bytes, error: OSError) -> bool:
        # A program that becomes a daemon closes every descriptor, also ours.
        if error.errno == errno.EBADF:
            with self._lock:
                if self._fd == failed:
                    self._fd = -1
                    self._part += 1
                fd = self._open()
            if fd >= 0:
                try:
                    if os.write(fd, line) == len(line):
                        self._size += len(line)
                        return True
                except OSError as second_error:
                    error = second_error
        self._stop(error)
        self.dropped += 1
        return False

    def _open(self) -> int:
        with self._lock:
            if self._fd >= 0 or self._stopped:
                return self._fd
            if not self._start_ns:
                self._start_ns = self._given_start_ns or time.time_ns()
            path = self._path(self._part)
            try:
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
                fd = _moved_to_high_number(fd)
                # The lock shows a reader that the owner of the file is alive.
                with suppress(OSError):
                    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                header = self._header()
                if os.write(fd, header) != len(header):
                    raise OSError(errno.ENOSPC, "the first record could not be written")  # noqa: TRY301
            except OSError as error:
                self._stop(error)
                return -1
            self._size = len(header)
            self._fd = fd
            self._opened = True
            return fd

    def _rotate(self) -> None:
        with self._lock:
            if self._size <= self._limit or self._fd < 0:
                return
            finished = self._fd
            self._fd = -1
            self._part += 1
            if self._open() < 0:
                return
            self._retire(finished)
            oldest = self._part - self._max_files
            if oldest >= 0:
                with suppress(OSError):
                    self._path(oldest).unlink()
        if self._on_rotate is not None:
            self._on_rotate()

    def _retire(self, fd: int) -> None:
        # Another thread may have read this descriptor and not written yet. It is closed one retirement later: closed
        # now, its number could belong to a file of the program by the time of that write.
        self._retired, before = fd, self._retired
        if before >= 0:
            _close(before)

    def _stop(self, error: OSError) -> None:
        with self._lock:
            self._fd, fd = -1, self._fd
            if self._stopped:
                return
            self._stopped = True
        if fd >= 0:
            self._retire(fd)
        self._on_stop(error)

    def _warn(self, error: OSError) -> None:
        # A folder that was deleted is reported once, at the end, by the process that opened the run.
        deleted = isinstance(error, FileNotFoundError | NotADirectoryError)
        _logger.log(
            logging.INFO if deleted else logging.WARNING,
            "tachograph: recording stopped: %s (%s). The program goes on; what follows is missing in the report.",
            error.strerror or error,
            self._run_dir,
        )

    def close(self, last: bytes | None = None) -> None:
        """Write a last record, if there is one, and close the file. Records that follow are dropped.

        After a failure the last record is still tried, because it has the number of dropped records, and there may be
        room again.
        """
        with self._lock:
            if last is not None and self._start_ns:
                if self._stopped:
                    self._append_last(last)
                elif self._fd >= 0:
                    self.write(last)
            self._stopped = True
            self._fd, fd = -1, self._fd
        if fd >= 0:
            _close(fd)

    def _append_last(self, last: bytes) -> None:
        path = self._path(self._part)
        with suppress(OSError):
            fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
            try:
                # The record the failure cut off may have left a torn line.
                os.write(fd, b"\n" + last)
            finally:
                os.close(fd)


def _moved_to_high_number(fd: int) -> int:
    """Move a descriptor to a high number, which programs do not use.

    A program that closes descriptors and opens files gets the lowest numbers. If the journal had one of these, it could
    write into a file of the program.
    """
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    ceiling = _HIGHEST_DESCRIPTOR if soft == resource.RLIM_INFINITY else min(soft, _HIGHEST_DESCRIPTOR)
    try:
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, max(ceiling - _ROOM_ABOVE, 0))
    except OSError:
        return fd
    os.close(fd)
    return high


def _close(fd: int) -> None:
    with suppress(OSError):
        os.close(fd)
