"""How our provider gives way to the program's, the same way for traces, logs and metrics."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from opentelemetry.util._once import Once

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_logger = logging.getLogger("tachograph")


class Seat(ABC):
    """The place of the global provider in one part of the OpenTelemetry API.

    The API keeps three globals: the provider that was set, the proxy it gives out as long as none is set, and whether
    one was set. A program that looks for a provider finds a stand-in with the shape of the API's proxy, so that it sets
    its own provider as it would without a recording. The API takes that provider, and the journal joins it.

    One lock guards the state. It is held while our provider is made and while the program's is adopted, so neither
    sees the other half done. The thread that makes our provider never waits for itself: if something it calls asks for
    a provider, it gets the API's proxy, which follows once the provider is in place. Whether other threads wait is the
    one difference between the signals, see `others_wait`.

    Parameters
    ----------
    kind
        The word for the signal in the names of the API's globals: ``TRACER``, ``LOGGER`` or ``METER``.
    title
        The name of the API in warnings, e.g. ``Logs API``.
    others_wait
        Whether other threads wait while our provider is made. If not, they get the API's proxy as well.
    """

    def __init__(self, kind: str, title: str, *, others_wait: bool) -> None:
        self._title = title
        self._others_wait = others_wait
        self._provider_name = f"_{kind}_PROVIDER"
        self._proxy_name = f"_PROXY_{kind}_PROVIDER"
        self._once_name = f"_{kind}_PROVIDER_SET_ONCE"
        self._lock = threading.RLock()
        self._making = False
        self._api: Any = None
        self._stand_in: Any = None
        # What answers behind the stand-in: our provider, or one without effect if ours could not be made.
        self._in_place: Any = None
        self._ours: Any = None

    def take(self, module: ModuleType) -> None:
        """Take the place of the API's proxy, or join the provider that the program has set.

        Parameters
        ----------
        module
            The module that keeps the API's globals.
        """
        self._api = api = module
        with getattr(api, self._once_name)._lock:
            # Nobody is in the middle of setting a provider.
            theirs = self._foreign()
            if theirs is None:
                setattr(api, self._once_name, ReplaceableOnce(self._adopt_late))
        if theirs is not None:
            self._adopt(theirs)
            return
        proxy = getattr(api, self._proxy_name)
        self._stand_in = self._new_stand_in(api, proxy)
        self._stand_by(module, proxy)

    def provider(self) -> Any:
        """The provider in force: the program's if it has set one, else ours, which is made for the first who asks."""
        if (theirs := self._foreign()) is not None:
            return theirs
        if self._in_place is not None:
            return self._in_place
        # A fork within puts another in its place.
        lock = self._lock
        if not lock.acquire(blocking=self._others_wait):
            return self._meanwhile()
        try:
            if self._making:
                return self._meanwhile()
            if self._in_place is None and self._foreign() is None:
                self._make_and_place()
            return self._in_place or self._foreign()
        finally:
            lock.release()

    def after_fork(self) -> None:
        """In a forked child: another thread of the parent may have held the lock."""
        self._lock = threading.RLock()
        self._making = False

    def _foreign(self) -> Any:
        """The provider that the program has set, None if it has set none."""
        provider = getattr(self._api, self._provider_name)
        return None if provider is self._stand_in or provider is self._in_place else provider

    def _make_and_place(self) -> None:
        api = self._api
        self._making = True
        try:
            provider: Any = self._make()
            self._ours = provider
        except Exception as error:
            _logger.warning("tachograph: what goes through the %s is not recorded: %s", self._title, error)
            provider = self._no_op(api)
        finally:
            self._making = False
        with getattr(api, self._once_name)._lock:
            # The program may have set its own in the meantime.
            if self._foreign() is None:
                self._in_place = provider
                setattr(api, self._provider_name, self._stand_in)
                self._placed(provider)
        if self._in_place is None and self._ours is not None:
            ours, self._ours = self._ours, None
            self._discard(ours)

    def _adopt_late(self) -> None:
        with self._lock:
            if (theirs := self._foreign()) is not None:
                self._adopt(theirs)

    # What a signal adds.

    @abstractmethod
    def _new_stand_in(self, api: Any, proxy: Any) -> Any:
        """What the API gives out in place of its proxy; it asks :meth:`provider` when it is used.

        Parameters
        ----------
        api
            The module that keeps the API's globals.
        proxy
            The API's proxy.
        """

    @abstractmethod
    def _stand_by(self, module: ModuleType, proxy: Any) -> None:
        """Put the stand-in where a program finds it; make our provider now if somebody waits for it already."""

    @abstractmethod
    def _make(self) -> Any:
        """Make our provider."""

    @abstractmethod
    def _no_op(self, api: Any) -> Any:
        """A provider without effect, if ours cannot be made."""

    @abstractmethod
    def _meanwhile(self) -> Any:
        """What is given out while our provider is being made."""

    @abstractmethod
    def _discard(self, ours: Any) -> None:
        """End our provider: the program has set its own while it was made."""

    @abstractmethod
    def _adopt(self, theirs: Any) -> None:
        """Record what goes to the provider that the program has set, and hand over to it."""

    @abstractmethod
    def _placed(self, provider: Any) -> None:
        """Called when the provider is in place, with the API's own lock held."""


class ReplaceableOnce(Once):
    """Takes the place of the object in which the API keeps whether a provider was set, and lets one more be set.

    The API takes the first provider and refuses all others. Recording must not use that up, so ours is replaced by the
    first provider that the program sets.

    Parameters
    ----------
    then
        Called once the program has set its provider.
    """

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self._then = then

    def do_once(self, func: Callable[[], None]) -> bool:
        """Set the program's provider by the API's own function; whether it was set."""
        if not super().do_once(func):
            return False
        try:
            self._then()
        except Exception:
            _logger.debug("tachograph: the program's provider could not be recorded", exc_info=True)
        return True
