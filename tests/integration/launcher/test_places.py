"""Where a run is kept when the project's folder cannot be used, and what is said of it."""

from __future__ import annotations

import json
import os
import pty
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.users import NOBODY, bound, nobody

from tachograph.journal import run_dirs

from .conftest import TACHO, Recorded

INSTRUMENT = str(Path(sys.executable).with_name("opentelemetry-instrument"))

WORK = "import os, tachograph\nwith tachograph.phase('work'): print(os.environ.get('TACHOGRAPH_RUN') is not None)\n"
START = "import tachograph\nprint(tachograph.start() is not None)\n" + WORK

JOURNALS = ".tachograph/runs/*/*/journal-*"
UNTIL_IT_IS_WRITTEN = f"until grep -q facts {JOURNALS}; do sleep 0.02; done 2>/dev/null"
"""The launcher begins its journal while the command runs."""


class Project:
    """A project, and a home folder with nothing in it."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        self.home = folder / "home"
        self.home.mkdir()
        # The compiled rules may be those of the other tests: compiling them takes a second or two.
        kept = {name: value for name, value in environ.items() if name not in {"XDG_DATA_HOME", "XDG_STATE_HOME"}}
        self.environ = {**kept, "HOME": str(self.home)}
        self.base = self.folder / ".tachograph"
        self.state = self.home / ".local" / "state" / "tachograph"

    def call(self, *words: str | Path, cwd: Path | None = None, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a program in the project's folder."""
        command = list(map(str, words))
        environ = {**self.environ, **more.pop("env", {})}
        return subprocess.run(
            command,
            cwd=cwd or self.folder,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            **more,
        )

    def python(self, *words: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        """Record a Python program; the project's folder need not have it."""
        return self.call(TACHO, "run", "--", sys.executable, *words, **more)

    def runs(self, **more: Any) -> tuple[list[str], str]:
        """The runs that `tacho list` has, and what it prints on standard error."""
        done = self.call(TACHO, "list", "--json", **more)
        assert done.returncode == 0, done.stderr
        return [row["run"] for row in json.loads(done.stdout)], done.stderr

    def shown(self, *words: str, **more: Any) -> tuple[dict[str, Any], str]:
        """The report that `tacho show` has, and what it prints on standard error."""
        done = self.call(TACHO, "show", "--json", *words, **more)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout), done.stderr

    def kept(self, base: Path) -> Path:
        """The only run in a folder."""
        (run_dir,) = run_dirs(base)
        return run_dir

    def note(self, reason: str) -> str:
        """What is said of a run that is kept in the state folder."""
        return f"{self.base} cannot be written ({reason}); this run is kept in {self.state}\n"

    def reading(self, why: str) -> str:
        """What is said when it is read from there."""
        return f"tacho: the runs of this project are read from {self.state}: {self.base} {why}\n"


@pytest.fixture
def project(tmp_path: Path, home: dict[str, str]) -> Project:
    """A project in an environment of its own."""
    return Project(tmp_path, home)


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_project_that_cannot_be_written(project: Project) -> None:
    project.folder.chmod(0o555)
    done = project.python("-c", WORK, preexec_fn=bound)
    assert (done.returncode, done.stdout) == (0, "True\n")
    assert done.stderr == "tacho: " + project.note("Permission denied")
    assert _files(project.folder) == []
    run_dir = project.kept(project.state)
    assert Recorded(run_dir).spans() == ["work"]
    made = (*run_dir.parents[:5], project.state.parents[1])
    assert {path: oct(stat.S_IMODE(path.stat().st_mode)) for path in made} == dict.fromkeys(made, "0o700")

    assert project.runs(preexec_fn=bound) == ([run_dir.name], project.reading("does not exist"))
    report, said = project.shown(preexec_fn=bound)
    assert (report["run"]["directory"], said) == (str(project.folder), project.reading("does not exist"))


def test_a_folder_that_root_made_and_another_user_finds(project: Project) -> None:
    """With a whole run in it, that everybody may read; where the tests are not root's, the folder is made read-only."""
    assert project.python("-c", WORK).returncode == 0
    theirs = project.kept(project.base).name
    if os.geteuid() == 0:
        for folder in (project.home, *project.home.rglob("*")):
            os.chown(folder, NOBODY, NOBODY)
    else:
        for folder in (project.base, *project.base.rglob("*")):
            folder.chmod(0o555)
    before = _files(project.base)
    done = project.python("-c", WORK, preexec_fn=nobody)
    assert (done.returncode, done.stdout) == (0, "True\n")
    assert done.stderr == "tacho: " + project.note("Permission denied")
    assert _files(project.base) == before
    ours = project.kept(project.state)
    if os.geteuid() == 0:
        assert {path.stat().st_uid for path in (ours, *ours.rglob("*"))} == {NOBODY}
    assert Recorded(ours).spans() == ["work"]
    assert project.runs(preexec_fn=nobody) == ([ours.name], project.reading("cannot be written"))
    if os.geteuid() == 0:
        assert project.runs() == ([theirs], "")
    report, said = project.shown(theirs, "--dir", str(project.base), preexec_fn=nobody)
    assert (report["run"]["id"][:8], said) == (theirs, "")


def test_a_home_that_may_not_be_entered(project: Project, tmp_path: Path) -> None:
    """As `su` and `docker --user` leave it in the environment."""
    project.home.chmod(0)
    project.environ["XDG_CACHE_HOME"] = ""
    options = ["--dir", str(tmp_path / "kept")]
    done = project.call(TACHO, "run", *options, "--", sys.executable, "-c", WORK, preexec_fn=bound)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
    assert Recorded(project.kept(tmp_path / "kept")).spans() == ["work"]
    project.folder.chmod(0o555)
    done = project.python("-c", f"{WORK}raise SystemExit(7)", preexec_fn=bound)
    assert (done.returncode, done.stdout) == (7, "False\n")
    assert done.stderr == (
        f"tacho: this command is not recorded: {project.base} cannot be written (Permission denied); "
        f"{project.state} cannot be written (Permission denied). Choose a folder with --dir or TACHOGRAPH_DIR\n"
    )
    project.home.chmod(0o700)
    assert _files(project.home) == []


def test_a_home_that_does_not_exist_is_not_made(project: Project, tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path / "none" / "home"), "XDG_CACHE_HOME": ""}
    done = project.python("-c", WORK, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
    assert Recorded(project.kept(project.base)).spans() == ["work"]
    done = project.call(TACHO, "run", "--dir", "~/kept", "--", "echo", "not started", env=env)
    assert (done.returncode, done.stdout) == (125, "")
    assert done.stderr.startswith(f"tacho: the run cannot be kept in {env['HOME']}/kept: No such file or directory")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(("below", "made"), [("base", True), ("none/base", False)])
def test_a_base_that_a_variable_names_is_made_without_what_is_above(
    project: Project, tmp_path: Path, below: str, made: bool
) -> None:
    project.base.write_text("in the way")
    bases = {name: str(tmp_path / name / below) for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
    for name in bases:
        (tmp_path / name).mkdir()
    done = project.python("-c", WORK, env=bases)
    assert (done.returncode, done.stdout) == (0, f"{made}\n")
    assert done.stderr.count("\n") == 1
    for name, base in bases.items():
        found = [path.name for path in (tmp_path / name).iterdir()]
        assert found == (["base"] if made else [])
        if made:
            folders = (Path(base), Path(base) / "tachograph")
            assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700, 0o700]
    assert _files(project.home) == []


@pytest.mark.parametrize(
    ("words", "said", "outcome"),
    [
        ([TACHO, "run", "-q", "--", sys.executable, "-c", WORK], "tacho: this command is not recorded: ", "False\n"),
        ([sys.executable, "-c", START], "tachograph: this process is not recorded: ", "False\nFalse\n"),
        ([INSTRUMENT, sys.executable, "-c", WORK], "tachograph: this process is not recorded: ", "False\n"),
    ],
    ids=["tacho run", "start()", "opentelemetry-instrument"],
)
def test_a_run_that_can_be_kept_nowhere(project: Project, words: list[str], said: str, outcome: str) -> None:
    project.base.write_text("in the way")
    (project.home / ".local").write_text("in the way")
    done = project.call(*words)
    assert (done.returncode, done.stdout) == (0, outcome)
    assert done.stderr == (
        f"{said}{project.base} cannot be written (File exists); "
        f"{project.state} cannot be written (File exists). Choose a folder with --dir or TACHOGRAPH_DIR\n"
    )


def test_a_state_folder_that_is_not_this_users_alone(project: Project) -> None:
    project.base.write_text("in the way")
    project.state.mkdir(parents=True)
    project.state.chmod(0o777)
    done = project.call(TACHO, "run", "--", "echo", "done")
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert f"{project.state} cannot be written (it belongs to another user or others can write it)." in done.stderr
    assert _files(project.state) == []
    done = project.call(TACHO, "run", "--", "echo", "done", env={"HOME": ""})
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert done.stderr == (
        f"tacho: this command is not recorded: {project.base} cannot be written (File exists); "
        "there is no home folder and XDG_STATE_HOME is not set. Choose a folder with --dir or TACHOGRAPH_DIR\n"
    )


@pytest.mark.parametrize(
    "words",
    [[sys.executable, "-c", START], [INSTRUMENT, sys.executable, "-c", START]],
    ids=["start()", "opentelemetry-instrument"],
)
def test_a_process_that_records_itself(project: Project, words: list[str]) -> None:
    project.base.write_text("in the way")
    done = project.call(*words)
    assert (done.returncode, done.stdout) == (0, "True\nTrue\n")
    assert done.stderr == "tachograph: " + project.note("File exists")
    assert Recorded(project.kept(project.state)).spans() == ["work"]


def test_a_command_that_is_not_recorded_takes_the_place_of_the_launcher(project: Project) -> None:
    project.base.write_text("in the way")
    (project.home / ".local").write_text("in the way")
    code = "import os, signal; print(os.getppid()); os.kill(os.getpid(), signal.SIGTERM)"
    done = project.call(TACHO, "run", "--", sys.executable, "-uc", code)
    assert (done.returncode, done.stdout) == (-15, f"{os.getpid()}\n")
    done = project.call(TACHO, "run", "--", "no-such-command")
    said = 'tacho: command not found: "no-such-command". Check its spelling, or give its path\n'
    assert (done.returncode, done.stderr) == (127, said)


@pytest.mark.parametrize("way", ["variable", "file"])
def test_a_folder_that_a_setting_names_has_no_other_in_its_place(project: Project, way: str) -> None:
    (project.folder / "taken").write_text("in the way")
    if way == "file":
        (project.folder / "tachograph.toml").write_text('dir = "taken"\n')
    done = project.python("-c", WORK, env={"TACHOGRAPH_DIR": "taken"} if way == "variable" else {})
    taken = project.folder / "taken"
    assert (done.returncode, done.stdout) == (125, "")
    assert done.stderr == (
        f"tacho: the run cannot be kept in {taken}: File exists ({taken}). "
        "Choose another folder with --dir, or run without recording: --level off\n"
    )
    assert _files(project.home) == []


def test_no_room_for_a_file(project: Project) -> None:
    """A limit on the size of files stands for a disk that is full: folders can be made and no file can be written."""
    words = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", TACHO, "run", "--", "sh", "-c", "echo done; exit 3"]
    done = project.call(*words)
    assert (done.returncode, done.stdout) == (3, "done\n")
    assert done.stderr == (
        f"tacho: this command is not recorded: {project.base} cannot be written (File too large); "
        f"{project.state} cannot be written (File too large). Choose a folder with --dir or TACHOGRAPH_DIR\n"
    )
    assert _files(project.folder) == []
    assert _files(project.state) == []


def test_a_working_directory_that_was_deleted(project: Project) -> None:
    gone = project.folder / "gone"
    gone.mkdir()
    within = ["sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh"]
    done = project.call(*within, TACHO, "run", "--", sys.executable, "-c", WORK, cwd=gone)
    said = f"the working directory does not exist any more; this run is kept in {project.state}\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", f"tacho: {said}")
    run_dir = project.kept(project.state)
    assert Recorded(run_dir).facts()["directory"] == str(gone)
    shutil.rmtree(run_dir)
    gone.mkdir()
    done = project.call(*within, sys.executable, "-c", START, cwd=gone)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\nTrue\n", f"tachograph: {said}")
    run_dir = project.kept(project.state)
    assert Recorded(run_dir).facts()["directory"] == str(gone)
    for command in ("list", "show", "push"):
        gone.mkdir()
        done = project.call(*within, TACHO, command, cwd=gone)
        assert (done.returncode, done.stdout) == (1, "")
        assert (
            done.stderr == "tacho: the working directory does not exist any more. Name a folder of runs: --dir FOLDER\n"
        )
    gone.mkdir()
    done = project.call(*within, TACHO, "list", "--json", "--dir", project.state, cwd=gone)
    assert [row["run"] for row in json.loads(done.stdout)] == [run_dir.name]
    assert not gone.exists()


def test_a_working_directory_that_may_not_be_entered(project: Project) -> None:
    within = ["sh", "-c", 'chmod 0 .; exec "$@"', "sh"]
    done = project.call(*within, TACHO, "run", "--", sys.executable, "-c", WORK, preexec_fn=bound)
    assert (done.returncode, done.stdout) == (0, "True\n")
    assert done.stderr == "tacho: " + project.note("Permission denied")
    run_dir = project.kept(project.state)
    project.folder.chmod(0o700)
    done = project.call(*within, TACHO, "list", "--json", preexec_fn=bound)
    assert [row["run"] for row in json.loads(done.stdout)] == [run_dir.name]
    assert done.stderr == project.reading("does not exist")
    project.folder.chmod(0o700)


def test_a_run_within_a_run_that_may_not_be_entered(project: Project) -> None:
    """As for another user, who has the environment of the first."""
    script = f'{UNTIL_IT_IS_WRITTEN}; chmod 0 .tachograph; exec "$@"'
    inner = [TACHO, "run", "--", sys.executable, "-c", WORK]
    done = project.call(TACHO, "run", "--", "sh", "-c", script, "sh", *inner, preexec_fn=bound)
    assert (done.returncode, done.stdout) == (0, "True\n")
    assert done.stderr == "tacho: " + project.note("Permission denied")
    assert Recorded(project.kept(project.state)).spans() == ["work"]
    project.base.chmod(0o700)
    assert Recorded(project.kept(project.base)).end()["exit_code"] == 0


def test_runs_that_may_not_be_read(project: Project) -> None:
    assert project.python("-c", WORK).returncode == 0
    run = project.kept(project.base).name
    project.base.chmod(0)
    for words in (["list"], ["show"], ["show", run], ["list", "--dir", str(project.base)]):
        done = project.call(TACHO, *words, preexec_fn=bound)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"tacho: {project.base / 'runs'}: Permission denied\n"
    project.base.chmod(0o700)


@pytest.mark.parametrize("name", ["tachograph.toml", "pyproject.toml"])
def test_settings_that_may_not_be_read(project: Project, name: str) -> None:
    path = project.folder / name
    path.write_text("[tool.tachograph]\n")
    path.chmod(0)
    said = f"{path}: Permission denied. Fix the file, or set TACHOGRAPH_CONFIG to another one."
    for words in (["run", "--", "echo", "not started"], ["list"], ["show"]):
        done = project.call(TACHO, *words, preexec_fn=bound)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"tacho: {said}\n")
    done = project.call(sys.executable, "-c", START, preexec_fn=bound)
    assert (done.returncode, done.stdout) == (0, "True\nTrue\n")
    assert done.stderr == f"tachograph: {said} Default settings are used.\n"


def test_several_projects_share_the_state_folder(project: Project, tmp_path: Path) -> None:
    """Each finds its own runs, and any of them by its id."""
    other = tmp_path / "other"
    (project.folder / ".git").mkdir()
    (project.folder / "sub").mkdir()
    other.mkdir()
    for folder in (project.folder, other):
        (folder / ".tachograph").write_text("in the way")
    names: list[str] = []
    for folder in (project.folder, project.folder / "sub", other):
        known = {path.name for path in run_dirs(project.state)}
        assert project.python("-c", WORK, cwd=folder).returncode == 0
        names += {path.name for path in run_dirs(project.state)} - known
    first, in_sub, of_other = names
    for folder in (project.folder, project.folder / "sub"):
        assert project.runs(cwd=folder) == ([in_sub, first], project.reading("cannot be written"))
        report, _ = project.shown(cwd=folder)
        assert (report["run"]["id"][:8], report["run"]["directory"]) == (in_sub, str(project.folder / "sub"))
    assert project.runs(cwd=other)[0] == [of_other]
    assert project.shown(of_other)[0]["run"]["directory"] == str(other)
    done = project.call(TACHO, "list", "--json", "--dir", project.state)
    assert [row["run"] for row in json.loads(done.stdout)] == [of_other, in_sub, first]
    # Nothing there is of a third one, and what it can write comes before it.
    third = tmp_path / "third"
    third.mkdir()
    done = project.call(TACHO, "list", cwd=third)
    assert (done.stdout, done.stderr) == (
        f"No runs in {third}/.tachograph yet. Record one: tacho run -- COMMAND\n",
        "",
    )
    (project.folder / ".tachograph").unlink()
    assert project.python("-c", WORK).returncode == 0
    assert project.runs() == ([project.kept(project.base).name], "")


DELETE = """
import os, shutil, subprocess, sys, tachograph
{start}
with tachograph.phase("before"): print(os.environ["TACHOGRAPH_RUN_DIR"])
{delete}
with tachograph.phase("after"): print("done", flush=True)
subprocess.run([sys.executable, "-c", "import tachograph\\nwith tachograph.phase('child'): print('child', flush=True)"])
pid = os.fork()
if not pid:
    with tachograph.phase("fork"): pass
    sys.exit(0)
os.waitpid(pid, 0)
sys.exit(3)
"""


REMOVE = "shutil.rmtree('.tachograph')"


@pytest.mark.parametrize(
    ("words", "start", "named", "delete"),
    [
        ([TACHO, "run", "-q", "--", sys.executable], "", "tacho", REMOVE),
        ([sys.executable], "tachograph.start()", "tachograph", REMOVE),
        ([INSTRUMENT, sys.executable], "", "tachograph", REMOVE),
        ([TACHO, "run", "--", sys.executable], "", "tacho", "os.rename('.tachograph', 'moved')"),
        ([TACHO, "run", "--", sys.executable], "", "tacho", f"{REMOVE}; open('.tachograph', 'w').close()"),
    ],
    ids=["tacho run", "start()", "opentelemetry-instrument", "moved", "replaced"],
)
def test_a_store_that_is_deleted_while_it_runs(
    project: Project, words: list[str], start: str, named: str, delete: str
) -> None:
    program = project.home / "program.py"
    program.write_text(DELETE.format(start=start, delete=delete))
    done = project.call(*words, program)
    run_dir, *rest = done.stdout.splitlines()
    assert (done.returncode, rest) == (3, ["done", "child"])
    assert Path(run_dir).is_relative_to(project.base)
    assert done.stderr == (
        f"{named}: the folder of this run was deleted or moved while it ran; nothing is kept in {run_dir}\n"
    )
    assert not project.base.is_dir()
    assert not project.state.exists()


def test_a_run_whose_journals_are_deleted_while_it_runs(project: Project) -> None:
    script = f"{UNTIL_IT_IS_WRITTEN}; rm {JOURNALS}; exit 3"
    done = project.call(TACHO, "run", "-q", "--", "sh", "-c", script)
    run_dir = project.kept(project.base)
    assert (done.returncode, done.stderr) == (
        3,
        f"tacho: the journals of this run were deleted or moved while it ran; nothing is kept in {run_dir}\n",
    )
    assert _files(run_dir) == []


def test_the_line_at_the_end_names_a_command_that_works(project: Project) -> None:
    project.base.write_text("in the way")
    environ = {**project.environ, "XDG_STATE_HOME": str(project.home / "state of mine")}
    terminal, theirs = pty.openpty()
    words = [TACHO, "run", "--", "true"]
    process = subprocess.Popen(words, cwd=project.folder, env=environ, stderr=theirs)
    os.close(theirs)
    assert process.wait(60) == 0
    seen = os.read(terminal, 65536).decode().splitlines()
    os.close(terminal)
    assert [line.split()[0] for line in seen] == ["tacho:", "tacho:"]
    _, _, command = seen[1].partition("See: ")
    done = project.call(*shlex.split(command.replace("tacho", TACHO, 1)), "--json", cwd=project.home)
    assert json.loads(done.stdout)["run"]["directory"] == str(project.folder)
