"""Slows down whoever tries wrong codes: counted in memory, by address, for a while."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from math import ceil

MISSES = 20
WINDOW = timedelta(minutes=10)
ADDRESSES = 10_000


class Misses:
    """Wrong codes by address within a sliding window; the addresses least heard of are forgotten first."""

    def __init__(self, *, limit: int = MISSES, window: timedelta = WINDOW, addresses: int = ADDRESSES) -> None:
        self._limit, self._window, self._addresses = limit, window, addresses
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, address: str, now: datetime) -> None:
        """One more wrong code from there."""
        with self._lock:
            times = self._seen.setdefault(address, deque(maxlen=self._limit))
            times.append(now)
            self._seen.move_to_end(address)
            while len(self._seen) > self._addresses:
                self._seen.popitem(last=False)

    def seconds_to_wait(self, address: str, now: datetime) -> int:
        """How long that address must wait before any code of it is looked at; 0: not at all."""
        with self._lock:
            times = self._seen.get(address)
            if times is None or len(times) < self._limit:
                return 0
            return max(0, ceil((times[0] + self._window - now).total_seconds()))

    def clear(self) -> None:
        """Nobody has tried anything."""
        with self._lock:
            self._seen.clear()
