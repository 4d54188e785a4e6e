"""Finds literals that a text must have for an expression to match, without compiling the expression."""

from __future__ import annotations

import re

# Most expressions begin with a literal.
_BEGIN = re.compile(rb"([A-Za-z0-9_-]{3,})(?=[\[(:=\\]|\Z)")
_MOST_SIGNS = 5
_MOST_OPTIONS = 24
_META = b"()[]{}|.*+?^$\\"
_CLASSES = b"sSwWdDbBAZnrtfvux0123456789"


def required(expression: bytes) -> tuple[bytes, ...]:
    """Literals of which every match of an expression contains at least one; empty if none can be proved.

    Parameters
    ----------
    expression
        Of the kind that triggers are: groups do not capture, and there are no look-arounds. Without regard to case,
        ``(?i)``, what is returned is in small letters.
    """
    lower = expression.startswith(b"(?i)")
    body = expression[4:] if lower else expression
    begin = _BEGIN.match(body)
    if begin is not None and b"|" not in body:
        return (begin[1].lower() if lower else begin[1],)
    literals = _best(body)
    return tuple(one.lower() for one in literals) if lower else literals


def _best(body: bytes) -> tuple[bytes, ...]:
    alternatives = _split(body)
    if len(alternatives) > 1:
        every: list[bytes] = []
        for alternative in alternatives:
            inner = _best(alternative)
            if not inner:
                return ()
            every.extend(inner)
        return tuple(every)
    candidates: list[tuple[bytes, ...]] = []
    runs: tuple[bytes, ...] = (b"",)
    at = 0
    while at < len(body):
        signs, group, behind = _atom(body, at)
        after, least = _repeat(body, behind)
        wider = tuple(run + bytes([sign]) for run in runs for sign in signs)
        if least == 0 or not signs or len(wider) > _MOST_OPTIONS:
            candidates.append(runs)
            runs = (b"",)
            if group is not None and least:
                candidates.append(_best(group))
        elif after > behind:
            # It may be repeated.
            candidates.append(wider)
            runs = (b"",)
        else:
            runs = wider
        at = after
    candidates.append(runs)
    return max((c for c in candidates if c and all(c)), key=lambda c: (min(map(len, c)), -len(c)), default=())


def _split(body: bytes) -> list[bytes]:
    parts: list[bytes] = []
    begin = at = 0
    while at < len(body):
        if body[at] == 124:
            parts.append(body[begin:at])
            begin = at + 1
        _, _, at = _atom(body, at)
    parts.append(body[begin:])
    return parts


def _atom(body: bytes, at: int) -> tuple[bytes, bytes | None, int]:
    """The characters that can be at a place or the inside of the group there, and the place behind it."""
    char = body[at]
    if char == 92:
        escaped = body[at + 1 : at + 2]
        end = at + 4 if escaped == b"x" else at + 2
        return (b"" if escaped in _CLASSES else escaped), None, end
    if char == 91:
        end = at + 2 if body[at + 1] == 94 else at + 1
        end += body[end] == 93
        while body[end] != 93:
            end += 2 if body[end] == 92 else 1
        inside = body[at + 1 : end]
        return (inside if len(inside) <= _MOST_SIGNS and inside.isalnum() else b""), None, end + 1
    if char == 40:
        depth, end = 1, at + 1
        while depth:
            if body[end] in b"[\\":
                _, _, end = _atom(body, end)
                continue
            depth += (body[end] == 40) - (body[end] == 41)
            end += 1
        return b"", body[at + 1 : end - 1].removeprefix(b"?:"), end
    return (b"" if char in _META else bytes([char])), None, at + 1


def _repeat(body: bytes, at: int) -> tuple[int, int]:
    """The place behind a quantifier, if there is one, and the fewest repetitions."""
    sign = body[at : at + 1]
    if sign in {b"?", b"*"}:
        return at + 1, 0
    if sign == b"+":
        return at + 1, 1
    if sign == b"{":
        end = body.index(b"}", at)
        return end + 1, int(body[at + 1 : end].partition(b",")[0] or b"0")
    return at, 1
