"""Many hands at once: every one in a thread of its own, all let go by one barrier."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import current_app

WAIT_SECONDS = 60


def at_once(*hands: Callable[[], Any]) -> list[Any]:
    """What each hand returned, or the exception it raised, in their order; all inside the running app."""
    context = current_app.app_context
    barrier = threading.Barrier(len(hands))
    results: list[Any] = [None] * len(hands)

    def run(place: int, hand: Callable[[], Any]) -> None:
        barrier.wait(WAIT_SECONDS)
        try:
            with context():
                results[place] = hand()
        except Exception as fault:  # noqa: BLE001 - what was raised is a result like any other
            results[place] = fault

    threads = [threading.Thread(target=run, args=each) for each in enumerate(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    return results


def faults(results: Sequence[Any]) -> list[Exception]:
    """The exceptions among the results."""
    return [result for result in results if isinstance(result, Exception)]
