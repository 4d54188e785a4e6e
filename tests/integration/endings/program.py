"""A small program and how it is run."""

from __future__ import annotations

from typing import NamedTuple

MODEL = '''"""Calls of models, for the programs beside it."""

import os

import openai

URL = os.environ["MODEL_URL"]
MESSAGES = [{"role": "user", "content": "hello"}]
client = openai.OpenAI(base_url=f"{URL}/v1", api_key="x", max_retries=0)


def renew():
    global client
    client = openai.OpenAI(base_url=f"{URL}/v1", api_key="x", max_retries=0)


# Two processes cannot share a connection.
os.register_at_fork(after_in_child=renew)


def ask(**more):
    return client.chat.completions.create(model="gpt-5.1", messages=MESSAGES, **more).choices[0].message.content


def fail():
    return ask(extra_headers={"X-Demo-Fault": "always-500"})


def stream(fault="", chunks=6):
    headers = {"X-Demo-Fault": fault, "X-Demo-Chunks": str(chunks)}
    for chunk in client.chat.completions.create(
        model="gpt-5.1", messages=MESSAGES, stream=True, extra_headers=headers
    ):
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content
'''
"""The module `model`, which programs that call a model import."""


class Program(NamedTuple):
    """A program that ends in a way of its own."""

    text: str
    calls: int | None = 0
    """How many of its calls a recorder has to have; None where that depends on the moment."""
    options: tuple[str, ...] = ()
    """What Python is started with."""
    shell: str | None = None
    """A line of the shell that starts it, as `"$@"`."""
    stdin: bytes = b""
