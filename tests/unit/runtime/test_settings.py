"""Settings: environment over file over defaults, and a clear word for what cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tachograph.errors import SettingsError
from tachograph.run import Settings, load
from tachograph.run.settings import from_json

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder that is a project's root."""
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_defaults(project: Path) -> None:
    assert load({}, project) == Settings()


def test_everything_in_a_file(project: Path) -> None:
    (project / "tachograph.toml").write_text(
        """
        level = "debug"
        content = false
        dir = "records"
        name = "nightly"
        [journal]
        max_file_size_mb = 1.5
        max_files = 3
        [cost]
        currency = "eur"
        [cost.rates."my-model"]
        input = 1
        output = 2.5
        [events]
        disabled = ["thought"]
        """
    )
    inside = project / "a" / "b"
    inside.mkdir(parents=True)
    assert load({}, inside) == Settings(
        level="debug",
        content=False,
        directory="records",
        name="nightly",
        max_file_size_mb=1.5,
        max_files=3,
        currency="EUR",
        rates={"my-model": {"input": 1, "output": 2.5}},
        disabled=("thought",),
        source=str(project / "tachograph.toml"),
    )


def test_a_table_of_pyproject_is_read_and_others_are_not(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.other]\nlevel = 'x'\n")
    assert load({}, project) == Settings()
    (project / "pyproject.toml").write_text("[tool.tachograph]\nlevel = 'error'\n")
    assert load({}, project) == Settings(level="error", source=str(project / "pyproject.toml"))


def test_the_environment_wins(project: Path) -> None:
    (project / "tachograph.toml").write_text('level = "error"\nname = "file"\n')
    env = {
        "TACHOGRAPH_LEVEL": "INFO",
        "TACHOGRAPH_CONTENT": "off",
        "TACHOGRAPH_DIR": "/there",
        "TACHOGRAPH_NAME": "mine",
    }
    assert load(env, project) == Settings(
        level="info", content=False, directory="/there", name="mine", source=str(project / "tachograph.toml")
    )


def test_a_folder_in_the_place_of_the_file_is_no_silence(project: Path) -> None:
    (project / "tachograph.toml").mkdir()

    with pytest.raises(SettingsError, match="Is a directory"):
        load({}, project)


def test_a_named_file_is_read_instead(project: Path, tmp_path: Path) -> None:
    (project / "tachograph.toml").write_text('level = "error"\n')
    other = tmp_path / "other.toml"
    other.write_text('name = "other"\n')
    assert load({"TACHOGRAPH_CONFIG": str(other)}, project) == Settings(name="other", source=str(other))
    with pytest.raises(SettingsError, match="TACHOGRAPH_CONFIG names /nowhere, which is not a file"):
        load({"TACHOGRAPH_CONFIG": "/nowhere"}, project)


def test_a_file_above_the_project_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "tachograph.toml").write_text('level = "error"\n')
    (tmp_path / "project" / ".git").mkdir(parents=True)
    assert load({}, tmp_path / "project") == Settings()


def test_settings_survive_being_handed_on(project: Path) -> None:
    settings = Settings(level="debug", content=False, rates={"m": {"input": 1.5}}, disabled=("a", "b"))
    assert load({"TACHOGRAPH_SETTINGS": settings.to_json()}, project) == settings
    assert from_json('{"level":"error","of_a_newer_version":1}') == Settings(level="error")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("level = 'loud'", r"level must be one of off, error, info, debug, not 'loud'"),
        ("content = 1", "content must be true or false, not 1"),
        ("colour = 'red'", r"colour is not a setting. Known are: level, content"),
        ("journal = 3", "journal must be a table, not 3"),
        ("[journal]\nmax_files = 1.5", r"journal.max_files must be a whole number, not 1.5"),
        ("[journal]\nmax_file_size_mb = 0", r"journal.max_file_size_mb must be a positive number, not 0"),
        ("[journal]\nmax_file_size_mb = inf", r"journal.max_file_size_mb must be finite"),
        ("[journal]\nsize = 1", r"journal.size is not a setting. Known are: max_file_size_mb, max_files\."),
        ("[cost]\ncurrency = 'dollars'", r"cost.currency must be an ISO 4217 code such as USD, not 'dollars'"),
        ("[cost]\nrate = 1", r"cost.rate is not a setting. Did you mean cost.rates\?"),
        ("contnet = true", r"contnet is not a setting. Did you mean content\?"),
        ("max_files = 2", r"max_files is not a setting. Did you mean journal.max_files\?"),
        ("[jornal]\nmax_files = 2", r"jornal is not a setting. Did you mean \[journal\]\?"),
        ("[otlp]\nsignals = ['spans']", r"otlp.signals must be a list of traces, logs, metrics, not 'spans'"),
        ("[otlp]\nendpoint = 'here'", r"otlp.endpoint must be a URL such as http://localhost:4318, not 'here'"),
        ("[otlp]\nheaders = { a = 1 }", r"otlp.headers.a must be text, not 1"),
        ("[cost.rates.m]\ninput = -1", r"cost.rates.m.input must be zero or a positive number, not -1"),
        ("[cost.rates.m]\ninput = true", r"cost.rates.m.input must be zero or a positive number, not True"),
        ("[cost.rates.m]\nin = 1", r"cost.rates.m.in is not a rate. Known are: input, cache_read"),
        ("[events]\ndisabled = 'thought'", r"events.disabled must be a list of names, not 'thought'"),
        ("level = ", r"Fix the file, or set TACHOGRAPH_CONFIG to another one"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_place(project: Path, text: str, said: str) -> None:
    path = project / "tachograph.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=said) as caught:
        load({}, project)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"TACHOGRAPH_LEVEL": "loud"}, "TACHOGRAPH_LEVEL must be one of"),
        ({"TACHOGRAPH_CONTENT": "perhaps"}, "TACHOGRAPH_CONTENT must be on or off, not 'perhaps'"),
        ({"TACHOGRAPH_SETTINGS": "{"}, "TACHOGRAPH_SETTINGS is not JSON"),
        ({"TACHOGRAPH_SETTINGS": "[]"}, "TACHOGRAPH_SETTINGS must be a JSON object"),
    ],
)
def test_what_the_environment_says_wrongly(project: Path, env: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(env, project)
