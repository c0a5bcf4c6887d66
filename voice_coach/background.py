"""Runs work in threads, so that a lost disk or a hanging sound system delays nobody."""

from __future__ import annotations

import os
import sys
from concurrent.futures import Future
from contextlib import contextmanager
from queue import Queue
from threading import Thread, Timer, get_native_id
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENT, NICEST = 10, 19
"""Niceness added to a thread that then gets a tenth of what others get, while these want a
processor too; and the most there is (sched(7))."""
LAST_ITEMS = 5.0
"""Seconds in which the last items must be written."""

Item = TypeVar("Item")
T = TypeVar("T")


def in_background(name: str, act: Callable[..., T], *arguments: object) -> Future[T]:
    """Call `act` in a thread of this `name`; the program can end without it."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(act(*arguments))
        except BaseException as error:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(error)

    Thread(target=run, name=name, daemon=True).start()
    return future


def let_others_go_first() -> None:
    """Lower the priority of the calling thread, where threads have one of their own: on Linux."""
    if sys.platform == "linux":
        thread = get_native_id()
        niceness = os.getpriority(os.PRIO_PROCESS, thread) + PATIENT
        os.setpriority(os.PRIO_PROCESS, thread, min(niceness, NICEST))


@contextmanager
def if_longer(seconds: float, act: Callable[..., None], *arguments: object) -> Iterator[None]:
    """Call `act` in another thread, if the block takes longer than these seconds."""
    timer = Timer(seconds, act, arguments)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


class BackgroundWriter(Generic[Item]):
    """Passes items to a function that writes them, in order."""

    def __init__(self, name: str, write: Callable[[Iterator[Item]], None]) -> None:
        """Take the function that writes; it returns at the end of the items, or when it fails."""
        self._queue: Queue[Item | None] = Queue()
        self._write = write
        self._thread = Thread(target=self._run, name=name, daemon=True)

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be written."""
        return self._queue.unfinished_tasks == 0

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, item: Item) -> None:
        """Queue an item; returns at once."""
        if self._thread.is_alive():  # otherwise nobody would take it, and it would fill the memory
            self._queue.put(item)

    def close(self) -> bool:
        """Wait until the queued items are written; tell whether that was in time."""
        self._queue.put(None)
        self._thread.join(LAST_ITEMS)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._write(self._items())

    def _items(self) -> Iterator[Item]:
        while (item := self._queue.get()) is not None:
            yield item
            self._queue.task_done()
