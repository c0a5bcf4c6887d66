"""Writes in a thread of its own, so that a disk that is slow, full or gone holds up nobody."""

from __future__ import annotations

from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 5.0
"""Seconds the last of it may take to be written."""

News = TypeVar("News")


class BackgroundWriter(Generic[News]):
    """Hands on what it is given to a function that writes, one thing after another."""

    def __init__(self, name: str, write: Callable[[Iterator[News]], None]) -> None:
        """Take what writes; it ends when there is nothing more to come, or when it cannot go on."""
        self._queue: Queue[News | None] = Queue()
        self._write = write
        self._thread = Thread(target=self._run, name=name, daemon=True)

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be written."""
        return self._queue.unfinished_tasks == 0

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, news: News) -> None:
        """Let this be written; returns at once."""
        if self._thread.is_alive():  # what nobody takes any more would fill the memory
            self._queue.put(news)

    def close(self) -> bool:
        """Let what waits be written; tell whether the disk took it in time."""
        self._queue.put(None)
        self._thread.join(PATIENCE)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._write(self._news())

    def _news(self) -> Iterator[News]:
        while (news := self._queue.get()) is not None:
            yield news
            self._queue.task_done()
