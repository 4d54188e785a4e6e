"""The key under which secrets are tagged."""

from __future__ import annotations

import os

from tachograph import user_folders
from tachograph.redaction import user_files

KEY_BYTES = 32

_key: bytes | None = None


def installation_key() -> bytes:
    """The key of this installation; it is created at the first use.

    It is kept in ``$XDG_DATA_HOME/tachograph/key`` (``~/.local/share`` without the variable), readable for this user
    only, so that equal secrets get equal tags in all runs on this machine and nobody else can try secrets against a
    tag. If it cannot be kept, or if others could have written it, each process has a different key.

    Returns
    -------
    bytes
        32 random bytes.
    """
    global _key
    if _key is None:
        _key = _kept() or os.urandom(KEY_BYTES)
    return _key


def _kept() -> bytes | None:
    folder = user_folders.folder(user_folders.Base.DATA)
    if folder is None:
        return None
    path = folder / "key"
    key = user_files.read(path, KEY_BYTES)
    if key is None:
        try:
            user_folders.make(user_folders.Base.DATA)
        except OSError:
            return None
        user_files.write(path, os.urandom(KEY_BYTES), replace=False)
        # Not what was just written: another process may have been first.
        key = user_files.read(path, KEY_BYTES)
    return key if key is not None and len(key) == KEY_BYTES else None
