"""A network that is partitioned: no session notices, the board says what it does not know."""

import time
from dataclasses import replace

import pytest
from display.sample_views import BREATHING_IN, CHOOSING
from rooms.mosquitto import Watcher, until
from trials import network
from trials.watched_session import Blank, WatchedSession

from voice_coach.board import Wording
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.display.web.board_page import read_board_words
from voice_coach.rooms import broker
from voice_coach.rooms.board import SILENCE
from voice_coach.rooms.board_store import open_store
from voice_coach.rooms.desk import Desk, this_instant
from voice_coach.rooms.room import Room

pytestmark = pytest.mark.real_parts

HURT = replace(CHOOSING, outcome=Outcome.PAIN, state=State.HURT)
BREATHING = replace(BREATHING_IN, routine_id="rocking")
SOON = 2.0
"""Seconds after the return of the network in which pain is at the board."""


def room_over(link):
    at = broker.Broker(host=link.host, port=link.port)
    return Room("mat", at.client("mat"), str(at))


def desk_over(link, store):
    return Desk(broker.Broker(host=link.host, port=link.port).board_client(store.identifier), store)


def shown(desk, language):
    """Give the tile of the room; None if there is none."""
    words = Wording(read_board_words(), language)
    tiles = words.screen(desk.board, desk.problem, this_instant()).rooms
    return tiles[0] if tiles else None


def lasts(seconds, holds):
    """Let so many seconds pass in which it holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert holds()
        time.sleep(0.02)


@pytest.fixture(params=["network", "relays"])
def links(request, tmp_path, monkeypatch):
    """Two links to a broker, as they can be made here, and as they can be made everywhere."""
    if request.param == "relays":
        monkeypatch.setattr(network, "has_namespaces", lambda: False)
    with network.network(tmp_path, 2) as (broker, links):
        broker.start()
        yield links


def test_the_cues_of_a_session_are_the_same_in_a_partitioned_network(links, language):
    alone = WatchedSession(language, Blank())
    link, other = links
    at_first = {8: link.cut, 16: link.mend, 24: link.cut}
    with (
        room_over(link) as room,
        room.session(language, print) as shown,
        Watcher(other.port, host=other.host) as watcher,
    ):
        assert WatchedSession(language, shown, at_first).cues == alone.cues
        assert watcher.events() == []
        link.mend()
        until(watcher.events)


@pytest.mark.parametrize("seconds", [1.5, 9.0])
def test_pain_in_a_partition_is_at_the_board_soon_after_it(
    links, tmp_path, language, seconds, monkeypatch
):
    """And the broker, which misses the old connection only then, does not hide the room again."""
    monkeypatch.setattr(broker, "KEEP_ALIVE", 7)
    with (
        open_store(tmp_path / "board.db") as store,
        desk_over(links[1], store) as desk,
        room_over(links[0]) as room,
        room.session(language, print),
    ):
        room.show(BREATHING)
        until(lambda: shown(desk, language) and shown(desk, language).look == "busy")
        for link in links:
            link.cut()
        room.show(HURT)
        lasts(seconds, lambda: shown(desk, language).look != "pain")
        if seconds > SILENCE / 2:
            assert shown(desk, language).headline.startswith("not known since ")
        for link in links:
            link.mend()
        until(lambda: shown(desk, language).look == "pain", SOON)
        until(lambda: shown(desk, language).headline == "It hurts")
        lasts(3.0, lambda: shown(desk, language).headline == "It hurts")
