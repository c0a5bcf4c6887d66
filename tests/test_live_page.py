"""The real program with its page, on a sound card without hardware: all of it is done there."""

import json
import signal
import time
from urllib.request import Request, urlopen

import pytest
from trials.coach import serve_page
from trials.virtual_sound_card import VirtualSoundCard

pytestmark = pytest.mark.sound_card

PATIENCE = 60.0
"""Seconds to wait for a snapshot before the test has failed."""


class Visitor:
    """Whoever has the page open: reads its snapshots, and asks for things."""

    def __init__(self, address):
        self._address = address
        self._events = urlopen(f"{address}events", timeout=PATIENCE)

    def until(self, wanted):
        """Give the next snapshot that is `wanted`, within PATIENCE."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and (line := self._events.readline()):
            if line.startswith(b"data: ") and wanted(told := json.loads(line[6:])):
                return told
        raise AssertionError("no such snapshot came")

    def order(self, what):
        """Ask for something as the page does."""
        origin = self._address.rsplit("/", 2)[0]
        headers = {"Content-Type": "application/json", "Origin": origin}
        with urlopen(
            Request(f"{self._address}command", json.dumps(what).encode(), headers)
        ) as done:
            assert done.status == 204

    def close(self):
        """Go away."""
        self._events.close()


def in_state(*states):
    """Wait for one of these states."""
    return lambda told: bool(told["view"]) and told["view"]["state"] in states


def test_a_session_is_begun_steered_and_ended_on_the_page_and_then_one_is_back_home(tmp_path):
    with VirtualSoundCard() as card, serve_page(card, tmp_path) as coach:
        try:
            visitor = Visitor(coach.stdout.readline().split()[-1])
            assert not visitor.until(lambda told: told["home"])["running"]
            visitor.order({"choose": "gentle-bends"})
            visitor.until(lambda told: told["starting"])
            visitor.until(lambda told: told["view"] and told["view"]["saying"].endswith("check."))
            visitor.order({"key": " "})
            level = visitor.until(in_state("briefing"))["view"]["level"]
            assert level is not None
            visitor.order({"command": "pain"})
            told = visitor.until(lambda told: told["ending"])
            assert told["view"]["outcome"] == "pain"
            assert told["ending"]["sentences"][0] == "Gentle bends"
            visitor.until(lambda told: not told["running"] and not told["starting"])
            visitor.close()
            coach.send_signal(signal.SIGINT)
            assert coach.wait(PATIENCE) == 0
        finally:
            coach.kill()  # one that is not ended would be waited for


@pytest.mark.nightly
def test_a_polite_kill_in_a_session_says_goodbye_and_ends_the_page_too(tmp_path):
    """A service manager waits for that, and kills a program that goes on waiting."""
    with VirtualSoundCard() as card, serve_page(card, tmp_path) as coach:
        try:
            visitor = Visitor(coach.stdout.readline().split()[-1])
            visitor.order({"choose": "gentle-bends"})
            visitor.until(lambda told: told["view"] and told["view"]["saying"].endswith("check."))
            coach.send_signal(signal.SIGTERM)
            visitor.until(lambda told: "We end here" in told["view"]["saying"])
            visitor.close()
            assert coach.wait(PATIENCE) == 0
        finally:
            coach.kill()
