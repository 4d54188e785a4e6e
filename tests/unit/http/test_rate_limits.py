"""Rate limits, picked from headers in whatever order they come."""

from __future__ import annotations

from typing import Any

import httpx
import httpx2
import pytest

from tachograph_http.rate_limits import rate_limits

X, Y = ("x-ratelimit-limit-requests", "60"), ("X-RateLimit-Remaining-%-Tokens", "5%")
BOTH = "limit-requests: 60, remaining-%-tokens: 5%"


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_wherever_they_stand(library: Any) -> None:
    a, b = ("a", "1"), ("b", "2")
    seen = [
        rate_limits(library.Headers(headers))
        for headers in ([], [a, b], [a, X], [a, X], [X, a], [b, a], [a, X, Y], [a, X, Y], [X, a, Y], [a, X, b])
    ]
    assert seen == [
        None,
        None,
        *["limit-requests: 60"] * 3,
        None,
        *[BOTH] * 3,
        "limit-requests: 60",
    ]


def test_servers_that_make_names_up() -> None:
    for count in range(200):
        headers = httpx2.Headers([*[("a", "1")] * count, ("anthropic-ratelimit-tokens-remaining", str(count))])
        assert rate_limits(headers) == f"tokens-remaining: {count}"
