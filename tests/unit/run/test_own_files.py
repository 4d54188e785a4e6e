"""Which source files belong to the program."""

from __future__ import annotations

import inspect
import json

import orjson
import pytest

from tachograph.run.own_files import is_installed, is_library

INSTALLED = [
    "/home/me/app/.venv/lib/python3.12/site-packages/openai/_base_client.py",
    "/usr/lib/python3/dist-packages/yaml/loader.py",
    "C:\\app\\venv\\Lib\\site-packages\\httpx\\_client.py",
]
STANDARD_LIBRARY = [
    "/usr/lib/python3.11/json/decoder.py",
    "/usr/lib64/python3.13/json/decoder.py",
    "/opt/python/lib/python3.13t/threading.py",
    "/opt/lambda/python311.zip/json/decoder.py",
    "<frozen importlib._bootstrap>",
    inspect.getfile(json),
]
PROGRAM = [
    "/home/me/app/agent.py",
    "agent.py",
    "random.py",
    "<string>",
    "<stdin>",
    "/home/me/lib/python3-examples/agent.py",
    "/home/me/site-packages-mirror/agent.py",
    "/srv/lib/agent.py",
]


@pytest.mark.parametrize("file", INSTALLED)
def test_an_installed_file(file: str) -> None:
    assert (is_installed(file), is_library(file)) == (True, True)


@pytest.mark.parametrize("file", STANDARD_LIBRARY)
def test_a_file_of_the_standard_library(file: str) -> None:
    assert (is_installed(file), is_library(file)) == (False, True)


@pytest.mark.parametrize("file", PROGRAM)
def test_a_file_of_the_program(file: str) -> None:
    assert (is_installed(file), is_library(file)) == (False, False)


def test_a_package_of_this_environment() -> None:
    assert is_installed(inspect.getfile(orjson))
