"""The phone's page in a real browser, with a virtual sound card: it sounds, and it fails safely.

Chromium plays into the virtual loudspeaker and hears the virtual room. Nobody listens to what it
hears, and each side waits for the other ten times as long as in earnest, so that a busy computer
does not matter. ``test_phone_player`` and ``audio/test_phone`` test the true times, and
``test_live_phone`` leads whole sessions.
"""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager, suppress
from threading import Thread

import numpy as np
import pytest
from trials.browser_phone import begin_on, browser_on, open_page
from trials.virtual_sound_card import VirtualSoundCard

from voice_coach.audio import stream_health
from voice_coach.audio.hearing_thread import DeafListener
from voice_coach.audio.phone import PhoneDevice
from voice_coach.audio.phone_line import PhoneLine
from voice_coach.certificate import certificate_for
from voice_coach.core.events import Fault
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.display.web import routes
from voice_coach.display.web.display import WebDisplay
from voice_coach.display.web.server import Network

pytestmark = pytest.mark.sound_card

SOON = 20.0
"""Seconds within which what must happen has happened, on a busy computer."""
SPEECH, WORDS = 440.0, 1000.0
"""Hertz of a tone in place of the coach's speech, and of one in place of its last words."""
LAST = 1.0
"""Seconds of the last words."""


class Clip:
    def __init__(self, frequency, seconds):
        time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
        self.samples = (0.3 * np.sin(2 * np.pi * frequency * time)).astype(np.float32)
        self.seconds = seconds


def loudness(samples, frequency):
    """Give how much of a tone is in each tenth of a second."""
    pieces = samples[: len(samples) // 1600 * 1600].reshape(-1, 1600) * np.hanning(1600)
    spectra = np.abs(np.fft.rfft(pieces)) / 400
    return spectra[:, round(frequency / 10)]


def until(true, what, within=SOON):
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"never {what}"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def card():
    with VirtualSoundCard() as card:
        card.hiss()
        yield card


@pytest.fixture(scope="module")
def browser(card):
    with browser_on(card) as browser:
        yield browser


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    host = "127.0.0.1"
    return Network(host, certificate_for(host, tmp_path_factory.mktemp("certificate")))


class Session:
    """A session on the phone: the coach speaks without end, and what happens is kept."""

    def __init__(self, web, line, page):
        self.web, self.line, self.page = web, line, page
        self.events = []
        self.stage = PhoneDevice(line, DeafListener(), last_words=Clip(WORDS, LAST))
        self._thread = Thread(target=self._run, daemon=True)

    def _run(self):
        with suppress(KeyboardInterrupt):
            while True:
                self.events.append(self.stage.wait(self.stage._now() + 0.1)[0])  # noqa: SLF001

    @property
    def faults(self):
        return [event for event in self.events if isinstance(event, Fault)]

    def __enter__(self):
        begin_on(self.page, 0)
        assert self.web.choice()
        self.stage.__enter__()
        self._thread.start()
        self.stage.play(1, Clip(SPEECH, 60), at=0)
        return self

    def __exit__(self, *_):
        self.stage.leave()
        self._thread.join()
        self.stage.__exit__()


WAITS = (("phone_player.js", "PATIENCE = 8000;"), ("phone_line.js", "STILL = 600;"))
"""How long the phone waits, and where that is said."""


@pytest.fixture(scope="module")
def patient_pages(tmp_path_factory):
    """Give the files of the page, in which the phone waits ten times as long."""
    folder = tmp_path_factory.mktemp("pages") / "static"
    shutil.copytree(routes.STATIC, folder)
    for name, wait in WAITS:
        text = (folder / name).read_text("utf-8")
        assert wait in text
        (folder / name).write_text(text.replace(wait, wait.replace(";", "0;")), "utf-8")
    return folder


@contextmanager
def session(browser, network, language):
    line = PhoneLine()
    with WebDisplay(language, home=True, network=network, phone=line) as web:
        page = open_page(browser, web.address)
        try:
            with Session(web, line, page) as session:
                yield session
        finally:
            page.context.close()


@pytest.fixture(autouse=True)
def _patience(patient_pages, monkeypatch):
    monkeypatch.setattr(stream_health, "STALL", 5.0)
    monkeypatch.setattr(routes, "STATIC", patient_pages)


@pytest.fixture
def running(browser, network, language, card):
    """Give a session whose coach is heard, and a recording of the loudspeaker."""
    with card.record_loudspeaker() as sound, session(browser, network, language) as running:
        running.sound = sound
        until(
            lambda: running.faults or loudness(sound.samples, SPEECH)[-1:] > 0.1,
            "does the coach sound",
        )
        assert running.faults == [], running.page.locator("#phone-why").text_content()
        yield running


def fails_safely(running, why):
    """See that the phone falls silent, shows red and says its last words, and the session ends."""
    page = running.page
    page.wait_for_selector("#phone-lost", timeout=1000 * SOON)
    assert page.locator("#phone-lost h1").text_content() == "Hands off"
    assert page.locator("#phone-why").text_content() == page.locator(f"#why-{why}").text_content()
    until(lambda: running.faults, "does the session end as a fault")
    assert running.faults[0].part == "sound"
    time.sleep(LAST + 0.5)
    samples = running.sound.samples
    speech, words = loudness(samples, SPEECH) > 0.02, loudness(samples, WORDS) > 0.02
    assert 0.8 * LAST <= np.count_nonzero(words) / 10 < 2 * LAST, "the last words, once"
    assert not np.any(speech[np.flatnonzero(words)[1] :]), "and nothing after them"


def test_the_phone_plays_what_is_sent_and_silence_within_a_tenth_of_a_second(running):
    began = time.monotonic()
    running.stage.cut()
    time.sleep(1.0)
    times = running.sound.times[: len(running.sound.samples)]
    loud = times[np.abs(running.sound.samples[: len(times)]) > 0.01]
    assert loud[-1] - began < 0.3
    assert running.faults == []
    assert running.page.locator("#phone-lost").is_hidden()


def test_what_was_played_is_reported(running):
    """It comes back for the canceller, as loud as it was sent; a busy computer leaves gaps."""
    far_end = []
    hear = running.stage._hearing.follow  # noqa: SLF001
    running.stage._hearing.follow = lambda piece: (far_end.append(piece), hear(piece))  # noqa: SLF001
    until(lambda: sum(map(len, far_end)) > 3 * SAMPLE_RATE, "is anything reported")
    assert np.max(loudness(np.concatenate(far_end), SPEECH)) == pytest.approx(0.3, abs=0.01)


def test_a_page_that_is_left_fails_safely(running):
    running.page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
        }"""
    )
    fails_safely(running, "hidden")


def test_a_coach_that_says_nothing_more_fails_safely(running):
    """The computer froze, or the network is gone: no frame reaches the phone."""
    running.line.send = lambda _message: None
    running.line.take_frames = lambda: b""
    fails_safely(running, "silent")


def test_a_second_phone_fails_safely(running):
    assert running.line.connect(lambda: None) is None
    running.stage.__exit__()
    fails_safely(running, "ended")


def test_a_page_that_is_closed_ends_the_session_at_once(running):
    began = time.monotonic()
    running.page.close()
    until(lambda: running.faults, "does the session end")
    assert time.monotonic() - began < 2
    assert running.faults[0].part == "sound"


def test_a_browser_that_stands_still_ends_the_session(running):
    """As where the phone's system puts the page to sleep: nothing is sent any more."""
    running.page.context.set_offline(True)
    until(lambda: running.faults, "does the session end")
    assert running.faults[0].part == "sound"


def test_after_the_end_the_microphone_is_closed_and_a_touch_begins_anew(running):
    running.stage.__exit__()
    Thread(target=running.web.choice, daemon=True).start()
    running.page.wait_for_selector("#cards li button", state="visible")
    assert running.page.locator("#phone-lost").is_hidden()
    begin_on(running.page, 0)
    until(lambda: running.line._line, "does it connect again")  # noqa: SLF001


def test_a_phone_that_may_not_use_its_microphone_is_told_what_to_do(browser, network, language):
    line = PhoneLine()
    with WebDisplay(language, home=True, network=network, phone=line) as web:
        page = open_page(browser, web.address)
        page.evaluate(
            "() => { navigator.mediaDevices.getUserMedia = async () => { throw new Error() } }"
        )
        begin_on(page, 0)
        page.wait_for_selector("#phone-trouble", timeout=1000 * SOON)
        assert "may not use its microphone" in page.locator("#phone-trouble").text_content()
        assert not line._line  # noqa: SLF001
        page.context.close()
