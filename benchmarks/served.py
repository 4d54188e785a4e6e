"""The server that is measured: FastAPI, one call of a model for each request."""

from __future__ import annotations

import os

import openai
from fastapi import FastAPI, Request

_SYSTEM = "You are a careful reviewer; answer in plain words. " * 20
_client = openai.AsyncOpenAI(api_key="none", base_url=os.environ["BENCHMARK_PROVIDER"], max_retries=0)

app = FastAPI()


@app.post("/ask")
async def ask(request: Request) -> dict[str, str | None]:
    """Ask the model what the request asks."""
    question = (await request.body()).decode()
    answer = await _client.chat.completions.create(
        model="gpt-5.1", messages=[{"role": "system", "content": _SYSTEM}, {"role": "user", "content": question}]
    )
    return {"answer": answer.choices[0].message.content}
