"""Branch and commit of a work tree, read from git's files without running git."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_HEADS = "refs/heads/"
_MOST_STEPS = 5


def git_facts(directory: Path) -> dict[str, str]:
    """The branch and the commit a folder's work tree is at.

    Work trees, submodules and packed references are followed as
    https://git-scm.com/docs/gitrepository-layout says. Whether files were changed is not reported: that would mean
    comparing all of them.

    Parameters
    ----------
    directory
        A folder in the work tree.

    Returns
    -------
    dict
        ``branch`` (left out at a detached head) and ``commit`` (left out before the first); empty outside of a work
        tree.

    Raises
    ------
    OSError
        When a file of git's is there and cannot be read.
    """
    git_dir = _git_dir(directory.absolute())
    if git_dir is None:
        return {}
    common = _common_dir(git_dir)
    facts: dict[str, str] = {}
    value = _line(git_dir / "HEAD")
    for _ in range(_MOST_STEPS):
        if value is None or not value.startswith("ref:"):
            break
        ref = value.removeprefix("ref:").strip()
        if ref.startswith(_HEADS):
            # git names the unborn branch of a repository it cannot read this way.
            if ref == f"{_HEADS}.invalid":
                break
            facts["branch"] = ref.removeprefix(_HEADS)
        value = _line(git_dir / ref) or _line(common / ref) or _packed(common, ref)
    if value is not None and _COMMIT.match(value):
        facts["commit"] = value
    return facts


def _git_dir(here: Path) -> Path | None:
    for folder in (here, *here.parents):
        git = folder / ".git"
        if git.is_dir():
            return git
        if git.is_file():
            # A linked work tree or a submodule: the file names the folder.
            line = _line(git)
            return folder / line.removeprefix("gitdir:").strip() if line and line.startswith("gitdir:") else None
    return None


def _common_dir(git_dir: Path) -> Path:
    """The folder that holds the branches: a linked work tree has only a HEAD."""
    named = _line(git_dir / "commondir")
    return git_dir / named if named else git_dir


def _packed(common: Path, ref: str) -> str | None:
    try:
        with (common / "packed-refs").open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                commit, _, name = line.rstrip("\n").partition(" ")
                if name == ref:
                    return commit
    except FileNotFoundError:
        pass
    return None


def _line(path: Path) -> str | None:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline().strip()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
