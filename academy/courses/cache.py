"""A cache for what never changes, bounded in bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.pool import Pool

from academy.foundation.db import current

MOST_BYTES = 32 * 1024 * 1024


class BoundedCache:
    """Keeps what was used last, up to a number of bytes. Safe for threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """What was put under the key, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Keeps the value, and drops what was not used for longest where there is no room."""
        with self._lock:
            if size > self.most_bytes or key in self._kept:
                return
            self._kept[key] = (value, size)
            self.bytes += size
            while self.bytes > self.most_bytes:
                _, (_, dropped) = self._kept.popitem(last=False)
                self.bytes -= dropped


# A pool ends when its database is closed, and so does what was kept of that database.
_caches: WeakKeyDictionary[Pool, BoundedCache] = WeakKeyDictionary()


def cache() -> BoundedCache:
    """The cache of the running database, as long as it is open."""
    return _caches.setdefault(current().engine.pool, BoundedCache())
