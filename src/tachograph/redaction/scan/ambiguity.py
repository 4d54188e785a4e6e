"""Decides whether matching an expression can take a time that doubles with each character.

A search by backtracking can do so if a loop can match a text in two ways. With the expression as an automaton of
its positions (Glushkov 1961), that is a cycle in the product of the automaton with itself that leads from a pair of
equal states over a pair of different ones back to it: Weber and Seidl, "On the degree of ambiguity of finite automata",
Theoretical Computer Science 88 (1991), https://doi.org/10.1016/0304-3975(91)90381-B.
"""

from __future__ import annotations

import importlib
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_parser: Any = importlib.import_module("re._parser")
_FOREVER = _parser.MAXREPEAT
_MOST_COPIES = 6
_MOST_POSITIONS = 400
_ASCII = range(128)
_OTHER = 128
"""Represents every character beyond ASCII; they are not distinguished."""
_ALL = frozenset(range(129))
_CLASSES: dict[str, frozenset[int]] = {
    "CATEGORY_DIGIT": frozenset(range(48, 58)) | {_OTHER},
    "CATEGORY_SPACE": frozenset({9, 10, 11, 12, 13, 32, _OTHER}),
    "CATEGORY_WORD": frozenset(c for c in _ASCII if chr(c).isalnum() or c == 95) | {_OTHER},
}


class UnsupportedError(ValueError):
    """An expression that cannot be judged; the message says why."""


class _Part(NamedTuple):
    first: frozenset[int]
    last: frozenset[int]
    empty: bool


_NOTHING = _Part(frozenset(), frozenset(), empty=True)


class _Automaton:
    def __init__(self) -> None:
        self.signs: list[frozenset[int]] = []
        self.follow: list[Counter[int]] = []

    def position(self, signs: frozenset[int]) -> _Part:
        if len(self.signs) >= _MOST_POSITIONS:
            raise UnsupportedError("it is too long")
        self.signs.append(signs)
        self.follow.append(Counter())
        here = frozenset({len(self.signs) - 1})
        return _Part(here, here, empty=False)

    def joined(self, left: _Part, right: _Part) -> _Part:
        for place in left.last:
            self.follow[place].update(right.first)
        return _Part(
            left.first | right.first if left.empty else left.first,
            left.last | right.last if right.empty else right.last,
            empty=left.empty and right.empty,
        )

    def either(self, parts: Sequence[_Part]) -> _Part:
        return _Part(
            frozenset[int]().union(*(part.first for part in parts)),
            frozenset[int]().union(*(part.last for part in parts)),
            empty=any(part.empty for part in parts),
        )

    def row(self, items: Iterable[Any], *, fold: bool) -> _Part:
        whole = _NOTHING
        for item in items:
            whole = self.joined(whole, self.item(item, fold=fold))
        return whole

    def item(self, item: Any, *, fold: bool) -> _Part:
        name, value = str(item[0]), item[1]
        if name in {"LITERAL", "NOT_LITERAL", "ANY", "IN"}:
            return self.position(_signs(name, value, fold=fold))
        if name == "BRANCH":
            return self.either([self.row(branch, fold=fold) for branch in value[1]])
        if name == "SUBPATTERN":
            return self.row(value[-1], fold=fold)
        if name == "ATOMIC_GROUP":
            return self.row(value, fold=fold)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            return self.repeat(*value, fold=fold)
        if name == "AT":
            return _NOTHING
        if name in {"ASSERT", "ASSERT_NOT"}:
            # A look-around is a search by itself.
            if is_exponential(value[1], fold=fold):
                raise UnsupportedError("it may take a time that doubles with each character")
            return _NOTHING
        raise UnsupportedError("it refers to a group, as \\1 does")

    def repeat(self, least: int, most: Any, inner: Any, *, fold: bool) -> _Part:
        if most == _FOREVER or most > _MOST_COPIES:
            part = self.row(inner, fold=fold)
            if part.empty and most != _FOREVER:
                raise UnsupportedError("it repeats, a number of times, what may be empty")
            for place in part.last:
                self.follow[place].update(part.first)
            return part._replace(empty=part.empty or least == 0)
        whole = _NOTHING
        for copy in range(most):
            part = self.row(inner, fold=fold)
            whole = self.joined(whole, part._replace(empty=part.empty or copy >= least))
        return whole


def _signs(name: str, value: Any, *, fold: bool) -> frozenset[int]:
    if name == "ANY":
        return _ALL
    if name == "NOT_LITERAL":
        return _ALL - {value} if value < _OTHER else _ALL
    signs: set[int] = set()
    turned = False
    for kind, argument in [("LITERAL", value)] if name == "LITERAL" else [(str(k), v) for k, v in value]:
        if kind == "NEGATE":
            turned = True
        elif kind == "LITERAL":
            signs.add(min(argument, _OTHER))
        elif kind == "RANGE":
            signs.update(range(argument[0], min(argument[1], _OTHER) + 1) if argument[0] < _OTHER else [_OTHER])
        else:
            category = str(argument)
            plain = _CLASSES.get(category.replace("_NOT_", "_"), _ALL)
            signs |= (_ALL - plain) | {_OTHER} if "_NOT_" in category else plain
    if fold:
        signs |= {ord(chr(c).swapcase()) for c in signs if c < _OTHER and chr(c).isalpha()}
    return frozenset(_ALL - signs | {_OTHER} if turned else signs)


def is_exponential(parsed: Any, *, fold: bool = False) -> bool:
    """Whether the worst time of a parsed expression doubles with each character.

    Parameters
    ----------
    parsed
        What `re._parser.parse` gives, or a part of it.
    fold
        Whether it is matched without regard to case.

    Raises
    ------
    UnsupportedError
        If that cannot be decided: it is very long, or refers to its own groups.
    """
    automaton = _Automaton()
    automaton.row(parsed, fold=fold)
    return _has_two_readings(automaton)


def exponential(pattern: str) -> bool:
    """Whether the worst time of an expression doubles with each character; see :func:`is_exponential`."""
    parsed = _parser.parse(pattern)
    return is_exponential(parsed, fold=bool(parsed.state.flags & 2))


def _has_two_readings(automaton: _Automaton) -> bool:
    follow, signs = automaton.follow, automaton.signs
    shared = [[not signs[p].isdisjoint(signs[q]) for q in range(len(signs))] for p in range(len(signs))]

    def onward(pair: tuple[int, int]) -> Iterator[tuple[int, int]]:
        for p in follow[pair[0]]:
            for q in follow[pair[1]]:
                if shared[p][q]:
                    yield p, q

    # Two loops around one position are two ways from it to itself.
    twice = [(p, q) for p, ways in enumerate(follow) for q, number in ways.items() if number > 1]
    for component in _components([(p, p) for p in range(len(signs))], onward):
        equal = {p for p, q in component if p == q}
        if any(p in equal and q in equal for p, q in twice):
            return True
        if equal and any(p != q for p, q in component):
            return True
    return False


def _components(starts: Iterable[tuple[int, int]], onward: Any) -> Iterator[list[tuple[int, int]]]:
    """The strongly connected components that can be reached (Tarjan 1972), without recursion."""
    index: dict[tuple[int, int], int] = {}
    low: dict[tuple[int, int], int] = {}
    stack: list[tuple[int, int]] = []
    on_stack: set[tuple[int, int]] = set()
    for start in starts:
        if start in index:
            continue
        work = [(start, onward(start))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    component = stack[cut:]
                    del stack[cut:]
                    on_stack.difference_update(component)
                    yield component
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                on_stack.add(following)
                work.append((following, onward(following)))
            elif following in on_stack:
                low[node] = min(low[node], index[following])
