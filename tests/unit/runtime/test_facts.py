"""What is known of a run at its start, and what is left out where it cannot be known."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tachograph import __version__
from tachograph.run.facts import run_facts
from tachograph.run.git import git_facts

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *words: str) -> str:
    """Run git with an identity of its own."""
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "init.defaultBranch=main"]
    allowed = ["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"]
    environ = {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")}, "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", *identity, *allowed, *words], cwd=folder, capture_output=True, text=True, check=True, env=environ
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init")
    git(folder, "commit", "--allow-empty", "-m", "one")
    return folder


def test_all_of_them(tmp_path: Path) -> None:
    facts = run_facts(["python", "agent.py"], tmp_path, {"CIRCLECI": "true", "CIRCLE_BUILD_NUM": "25"})
    version = facts.pop("os_version")
    assert version
    assert facts == {
        "host": platform.node(),
        "os": sys.platform,
        "arch": platform.machine(),
        "python": platform.python_version(),
        "tachograph": __version__,
        "directory": str(tmp_path),
        "command": ["python", "agent.py"],
        "ci": {"provider": "circleci", "build_id": "25"},
    }


def test_nothing_is_asked_of_opentelemetry() -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom tachograph.run.facts import run_facts\n"
        "run_facts([], Path('/'))\nprint(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"False\n"


def test_a_branch_and_its_commit(repository: Path) -> None:
    below = repository / "a" / "b"
    below.mkdir(parents=True)
    expected = {"branch": "main", "commit": git(repository, "rev-parse", "HEAD")}
    assert git_facts(below) == expected
    git(repository, "pack-refs", "--all")
    assert git_facts(below) == expected
    assert run_facts([], repository, {})["git"] == expected


def test_a_branch_with_a_slash(repository: Path) -> None:
    git(repository, "checkout", "-b", "feature/one")
    assert git_facts(repository) == {"branch": "feature/one", "commit": git(repository, "rev-parse", "HEAD")}


def test_a_detached_head(repository: Path) -> None:
    git(repository, "checkout", "--detach")
    assert git_facts(repository) == {"commit": git(repository, "rev-parse", "HEAD")}


def test_before_the_first_commit(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    git(tmp_path, "init")
    assert git_facts(tmp_path) == {"branch": "main"}


@pytest.mark.parametrize("packed", [False, True])
def test_a_linked_work_tree(repository: Path, tmp_path: Path, packed: bool) -> None:
    linked = tmp_path / "linked"
    git(repository, "worktree", "add", "-b", "other", str(linked))
    git(linked, "commit", "--allow-empty", "-m", "two")
    if packed:
        git(repository, "pack-refs", "--all")
    assert git_facts(linked) == {"branch": "other", "commit": git(linked, "rev-parse", "HEAD")}


def test_a_submodule(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init")
    git(outer, "submodule", "add", str(repository), "inner")
    assert git_facts(outer / "inner") == {"branch": "main", "commit": git(repository, "rev-parse", "HEAD")}


def test_what_is_not_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").write_bytes(b"\xff\xfe nonsense")
    assert "git" not in run_facts([], tmp_path, {})
    (tmp_path / ".git").unlink()
    (tmp_path / ".git").mkdir()
    assert "git" not in run_facts([], tmp_path, {})
    (tmp_path / ".git" / "HEAD").write_bytes(b"ref: refs/heads/" + b"\xff" * 5000)
    assert "command" in run_facts(["x"], tmp_path, {})
