"""The user's folder is never one that somebody else has led to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tachograph.user_folders import Base, make

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a link of somebody else's")
def test_a_link_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, shared = tmp_path / "project", tmp_path / "shared"
    project.mkdir(mode=0o700)
    shared.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(shared))
    link = shared / "tachograph"
    link.symlink_to(project)
    assert make(Base.STATE) == link
    os.lchown(link, 65534, 65534)
    with pytest.raises(PermissionError):
        make(Base.STATE)
    assert list(project.iterdir()) == []
