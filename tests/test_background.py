"""A disk that is slow, full or gone delays nobody."""

from __future__ import annotations

from threading import Event

import pytest

from voice_coach import background
from voice_coach.background import BackgroundWriter, if_longer


def test_all_that_was_given_is_written_in_its_order_before_it_closes():
    written = []
    writer = BackgroundWriter("test", written.extend)
    writer.start()
    for number in range(100):
        writer.put(number)
    assert writer.close()
    assert written == list(range(100))


def test_a_disk_that_hangs_is_left_behind(monkeypatch):
    monkeypatch.setattr(background, "LAST_ITEMS", 0.05)
    free = Event()
    writer = BackgroundWriter("test", lambda _: free.wait(10))
    writer.start()
    writer.put("news")
    assert not writer.idle
    assert not writer.close()
    free.set()


def test_what_nobody_takes_any_more_is_not_kept():
    writer = BackgroundWriter("test", next)
    writer.start()
    writer.put("the last that is taken")
    writer.close()
    waiting = writer._queue.qsize()  # noqa: SLF001 - memory is not to be seen from outside
    writer.put("more")
    assert writer._queue.qsize() == waiting  # noqa: SLF001


@pytest.mark.parametrize(("seconds", "told"), [(0.0, ["Loading ..."]), (60.0, [])])
def test_what_is_waited_for_is_told_if_it_takes_a_while(seconds, told):
    announced = Event()
    sentences = []

    def announce(sentence):
        sentences.append(sentence)
        announced.set()

    with if_longer(seconds, announce, "Loading ..."):
        announced.wait(5 if told else 0)
    assert sentences == told
