"""A small load program: a few connections that are kept open, each asking for one thing after the other."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles

Headers = dict[str, str]
# Makes the next request: method, path, body, headers.
Request = Callable[[], tuple[str, str, bytes | None, Headers]]


@dataclass
class Measured:
    """What came of a run: latencies in seconds, bytes of a body, and what went wrong."""

    latencies: list[float] = field(default_factory=list)
    bytes: int = 0
    faults: int = 0
    seconds: float = 0.0

    @property
    def rps(self) -> float:
        """Answers in a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, percent: int) -> float:
        """The latency below which that share of the answers lies, in milliseconds."""
        if len(self.latencies) < 2:
            return 1000 * sum(self.latencies)
        return 1000 * quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


def run(port: int, requests: list[Request], *, seconds: float, expect: tuple[int, ...]) -> Measured:
    """One connection for each of *requests*, all at once, for that long."""
    total, lock = Measured(), threading.Lock()
    stop = time.perf_counter() + seconds

    def client(request: Request) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        own = Measured()
        while time.perf_counter() < stop:
            method, path, body, headers = request()
            began = time.perf_counter()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            data = answer.read()
            own.latencies.append(time.perf_counter() - began)
            own.bytes = len(data)
            own.faults += answer.status not in expect
        connection.close()
        with lock:
            total.latencies += own.latencies
            total.faults += own.faults
            total.bytes = own.bytes

    began = time.perf_counter()
    threads = [threading.Thread(target=client, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total.seconds = time.perf_counter() - began
    return total
