"""Whole sessions of the real program on a phone: Chromium is microphone, loudspeaker and screen.

Its sound comes back into its own microphone from a virtual room, and a second voice speaks there. A
computer that is busy with something else cannot do all this in time: ``docs/phone.md`` tells what
was seen. ``test_phone_session`` does the same in virtual time, without a browser.
"""

from __future__ import annotations

import re
import time
from contextlib import closing
from functools import partial

import pytest
from live_program import remembered
from trials.browser_phone import BLOCK, begin_on, begin_on_phone, browser_on, open_page
from trials.coach import Coach
from trials.moments import Moment, Trial, outcomes
from trials.virtual_sound_card import VirtualSoundCard

from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = [pytest.mark.sound_card, pytest.mark.nightly]

PATIENCE = 90.0
"""Seconds to wait for a line before the test has failed."""
HALF = 79
"""Volume in percent at which the coach is half as loud in the room as the person."""


@pytest.fixture
def card():
    with VirtualSoundCard(block=BLOCK) as card:
        card.hiss()
        card.echo(HALF)
        yield card


@pytest.fixture
def browser(card):
    with browser_on(card) as browser:
        yield browser


def expect(coach, *texts):
    """Wait for a line with each of these texts, one after the other."""
    for text in texts:
        until = time.monotonic() + PATIENCE
        line = coach.wait_for(lambda line, text=text: text in f"{line.label} {line.text}", until)
        assert line, f"'{text}' never came in:\n{coach.shown}"


def test_a_session_is_begun_by_touch_led_by_voice_and_ended_by_it_hurts(
    card, browser, language, tmp_path
):
    with closing(PromptNarrator(Pyttsx3Voice("en-gb+f2"), clip_store())) as narrator:
        ready, hurts = (narrator.clip(words, 140).samples for words in ("ready", "it hurts"))
    ids = [routine.id for routine in language.routines]
    words = ("-m", "voice_coach", "serve", "--host", "127.0.0.1", "--port", "0")
    with Coach(card, tmp_path, *words) as coach:
        expect(coach, "on the phone:")
        address = re.search(r"https://\S+", coach.shown)[0]
        page = open_page(browser, address)
        begin_on(page, ids.index("gentle-bends"))
        expect(coach, "First, a sound check")
        time.sleep(6.5)  # the sentences take five seconds
        card.say(ready).wait()
        expect(coach, "ready")
        with card.record_loudspeaker() as sound:
            time.sleep(3.0)
            card.say(hurts).wait()
            expect(coach, "it hurts")
            page.wait_for_selector("body[data-screen='alarm']")
            assert sound.samples.any()
        expect(coach, "Do not go on today")
        page.wait_for_selector("#back-home", timeout=1000 * PATIENCE)
        assert page.locator("#phone-lost").is_hidden()
    session = remembered(tmp_path)
    assert (session["routine"], session["outcome"]) == ("gentle-bends", "pain")


def test_it_hurts_is_heard_in_the_middle_of_the_coachs_sentences(card, browser, language, tmp_path):
    """``scripts/stop_trial --phone`` tries more moments."""
    moments = [
        Moment("gentle-bends", turns, 0.3, voice, 150)
        for turns, voice in ((1, "f2"), (2, "m2"), (1, "f4"), (2, "m4"))
    ]
    trial = Trial(card, language, begin=partial(begin_on_phone, browser, card))
    found = list(outcomes(trial, moments, wanted=2, folder=tmp_path))
    assert not [str(each) for each in found if each.fit and each.missed]
