"""The place of a global provider, and how it is left to the program's."""

from __future__ import annotations

import logging
import threading
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.util._once import Once

from tachograph.distro.provider_seat import Seat

if TYPE_CHECKING:
    from collections.abc import Callable


class _Api(ModuleType):
    """The three globals of a part of the API, and the functions that look at them."""

    def __init__(self) -> None:
        super().__init__("api")
        self._METER_PROVIDER: object = None
        self._PROXY_METER_PROVIDER: object = "the API's proxy"
        self._METER_PROVIDER_SET_ONCE = Once()

    def set(self, provider: object) -> bool:
        def put() -> None:
            self.__dict__["_METER_PROVIDER"] = provider

        return self._METER_PROVIDER_SET_ONCE.do_once(put)

    def get(self) -> Any:
        return self._PROXY_METER_PROVIDER if self._METER_PROVIDER is None else self._METER_PROVIDER


class _StandIn:
    def __init__(self, ask: Callable[[], object]) -> None:
        self.ask = ask


class _Seat(Seat):
    """A seat that lists what happens to it."""

    def __init__(self, make: Callable[[], object] = lambda: "ours", *, others_wait: bool = True) -> None:
        super().__init__("METER", "Test API", others_wait=others_wait)
        self.happened: list[object] = []
        self._maker = make

    def _new_stand_in(self, api: Any, proxy: Any) -> Any:
        self.happened.append(("stand-in for", proxy))
        return _StandIn(self.provider)

    def _stand_by(self, module: ModuleType, proxy: Any) -> None:
        setattr(module, self._proxy_name, self._stand_in)

    def _make(self) -> object:
        self.happened.append("made")
        return self._maker()

    def _no_op(self, api: Any) -> Any:
        return "no effect"

    def _meanwhile(self) -> Any:
        return "meanwhile"

    def _discard(self, ours: Any) -> None:
        self.happened.append(("discarded", ours))

    def _adopt(self, theirs: Any) -> None:
        self.happened.append(("adopted", theirs))

    def _placed(self, provider: Any) -> None:
        self.happened.append(("placed", provider))


STAND_IN = ("stand-in for", "the API's proxy")


def test_ours_is_made_for_the_first_who_asks_and_once() -> None:
    api, seat = _Api(), _Seat()
    seat.take(api)
    assert seat.happened == [STAND_IN]
    assert [api.get().ask(), api.get().ask(), seat.provider()] == ["ours"] * 3
    assert seat.happened == [STAND_IN, "made", ("placed", "ours")]
    assert isinstance(api.get(), _StandIn)


def test_a_provider_that_is_set_already_is_adopted() -> None:
    api, seat = _Api(), _Seat()
    api.set("theirs")
    seat.take(api)
    assert (seat.happened, api.get(), seat.provider()) == ([("adopted", "theirs")], "theirs", "theirs")
    assert not api.set("another")


@pytest.mark.parametrize("used", [False, True])
def test_the_first_provider_that_is_set_later_takes_the_place(*, used: bool) -> None:
    api, seat = _Api(), _Seat()
    seat.take(api)
    if used:
        seat.provider()
    assert [api.set("theirs"), api.set("another")] == [True, False]
    assert (seat.happened[-1], api.get(), seat.provider()) == (("adopted", "theirs"), "theirs", "theirs")


def test_a_program_that_sets_the_stand_in_again_is_recorded_by_ours() -> None:
    api, seat = _Api(), _Seat()
    seat.take(api)
    api.set(api.get())
    assert seat.provider() == "ours"
    assert seat.happened == [STAND_IN, "made", ("placed", "ours")]


def test_the_thread_that_makes_ours_gets_what_is_given_out_meanwhile() -> None:
    api = _Api()
    asked: list[object] = []

    def make() -> object:
        asked.append(seat.provider())
        return "ours"

    seat = _Seat(make)
    seat.take(api)
    assert (seat.provider(), asked) == ("ours", ["meanwhile"])


@pytest.mark.parametrize(("others_wait", "expected"), [(True, "ours"), (False, "meanwhile")])
def test_another_thread_waits_or_does_not(expected: str, *, others_wait: bool) -> None:
    api = _Api()
    begun, done = threading.Event(), threading.Event()

    def make() -> object:
        begun.set()
        done.wait(10)
        return "ours"

    seat = _Seat(make, others_wait=others_wait)
    seat.take(api)
    maker = threading.Thread(target=seat.provider)
    maker.start()
    begun.wait(10)
    results: list[object] = []
    other = threading.Thread(target=lambda: results.append(seat.provider()))
    other.start()
    if not others_wait:
        other.join(10)
        assert results == ["meanwhile"]
    done.set()
    other.join(10)
    maker.join(10)
    assert (results, seat.happened.count("made")) == ([expected], 1)


def test_a_provider_that_is_set_while_ours_is_made_is_adopted_once_ours_is_given_up() -> None:
    api = _Api()
    setters: list[threading.Thread] = []

    def make() -> object:
        setter = threading.Thread(target=lambda: api.set("theirs"))
        setter.start()
        while api.get() != "theirs":
            pass
        setters.append(setter)
        return "ours"

    seat = _Seat(make)
    seat.take(api)
    assert seat.provider() == "theirs"
    setters[0].join(10)
    assert seat.happened == [STAND_IN, "made", ("discarded", "ours"), ("adopted", "theirs")]


def test_what_cannot_be_made_costs_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    api = _Api()

    def make() -> object:
        raise ValueError("no resource")

    seat = _Seat(make)
    seat.take(api)
    with caplog.at_level(logging.WARNING, "tachograph"):
        assert [seat.provider(), seat.provider()] == ["no effect"] * 2
    assert caplog.messages == ["tachograph: what goes through the Test API is not recorded: no resource"]


def test_a_forked_child_does_not_wait_for_a_thread_of_its_parent() -> None:
    api = _Api()
    begun, done = threading.Event(), threading.Event()

    def make() -> object:
        if not begun.is_set():
            begun.set()
            done.wait(10)
        return "ours"

    seat = _Seat(make)
    seat.take(api)
    parent = threading.Thread(target=seat.provider)
    parent.start()
    begun.wait(10)
    seat.after_fork()
    assert seat.provider() == "ours"
    done.set()
    parent.join(10)
