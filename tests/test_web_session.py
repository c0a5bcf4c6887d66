"""Whole sessions in the studio, on the page in a real browser, begun and steered there.

In one a second voice says "it hurts", and the real recogniser hears it; audio time passes as fast
as it can be computed. In the other nobody speaks, and while the person breathes audio time passes
as it does for them, so that what moves on the page can be measured.
"""

from __future__ import annotations

import math
import time
from bisect import bisect
from contextlib import closing, contextmanager
from threading import Thread

import numpy as np
import pytest
from screens.chromium import chromium, complaints_of, window

from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.actions import Say
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipStarted
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.routine import parse_routine
from voice_coach.core.safety import safety_note, vital_sentences
from voice_coach.core.session import Session
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.demo import PERSON, PERSON_RATE
from voice_coach.display.web.display import WebDisplay
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.no_recogniser import NoRecogniser
from voice_coach.hearing.recognisers import Recognisers, open_recognisers
from voice_coach.runner import Runner
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice
from voice_coach.speech.voices import open_voice

pytestmark = pytest.mark.real_parts

PATIENCE = 120_000
"""Milliseconds the studio gets to come to the next moment."""
HASTE = 4
"""How many times as fast as for a person time passes until they breathe, where nobody listens."""
LATE = 0.03
"""Seconds by which audio time may lag before it no longer counts as a clock."""
IN_STEP = 0.1
"""Seconds by which the circle may miss the spoken breath."""
STILL_IN_STEP = 0.35
"""The same for nine of ten frames: above 0.25 s the page leaps into step at once."""
WATCH = """() => {
  window.seen = { circle: [], headlines: [], screens: [], heard: [], figures: [] };
  const note = (list, what) => { if (what && list.at(-1) !== what) list.push(what); };
  const look = () => {
    requestAnimationFrame(look);
    const at = (id) => document.getElementById(id);
    note(seen.screens, document.body.dataset.screen);
    note(seen.headlines, at("headline").textContent);
    note(seen.heard, at("heard-words").textContent);
    note(seen.figures, at("figure").shadowRoot?.querySelector("svg title")?.textContent);
    if (at("stage").dataset.phase === "breath") {
      const size = at("breath").getBoundingClientRect().width;
      seen.circle.push([Date.now() / 1000, size / at("rings").getBoundingClientRect().width]);
    }
  };
  look();
}"""


ROUTINE = """
id = "short-press"
title = "Short press"
names = ["short press"]
summary = "Face down, a partner presses with each breath out."
twist = true
partner = true
caution = ["Be careful."]
place = ["Lie on a mat."]

[[steps]]
title = "Lie face down"
say = ["Lie face down."]
pose = { view = "side", torso = 0 }

[[steps]]
title = "Partner: press with the breath out"
say = ["Press with each breath out."]
to = "partner"
pose = { view = "side", torso = 0, left_arm = [90, 0] }

[steps.breathing]
rounds = 12
breath_in = 3
breath_out = 4
cue_in = "Breathe in."
cue_out = "And out."
press = true
cue_push = "And press."
cue_let_go = "Let go."
"""
CUES = ("Breathe in.", "And out.")
CRIES = 2
"""In which of the breaths, in and out, the person says that it hurts."""
BREATHS = 4
"""How many are watched, at least."""
FRAMES = 100
"""How many there must be in them; a busy computer draws few of a breath."""
IN_TIME = 0.5
"""Share of them that must be in step: on a busy computer the browser learns late of a breath that
began, and the page then moves into step slowly on purpose."""
SMALLEST, LARGEST = 0.272, 0.8
"""The circle's size against the rings, without breath and full of it."""


class Theatre:
    """Watches a session in the studio: keeps its time, and speaks for the person."""

    def __init__(self, session, studio, cry):
        self.session = session
        self.cues = []
        """When each breath began, in seconds of audio time, and the cue."""
        self.ticks = []
        """Moments of the audio clock: of this computer's clock, and of audio time, in seconds."""
        self._studio = studio
        self._cry = cry
        self._texts = {}
        self._began = None
        self._paced = 0.0

    def __call__(self, now, what):
        checks = self.session.state is State.SOUND_CHECK
        breathes = self.session.state is State.BREATHING
        if checks or breathes == (self._cry is not None):
            # Else it would be over before a busy browser has pressed a key, or shown it.
            time.sleep(max(0.0, now - self._paced) / HASTE)
            self._paced = max(now, self._paced)
        elif self._cry is None:
            self._began = self._began or time.time() - now
            time.sleep(max(0.0, self._began + now - time.time()))
            self.ticks.append((time.time(), now))
        if isinstance(what, Say):
            self._texts[what.say_id] = what.text
        if isinstance(what, ClipStarted) and self._texts[what.say_id] in CUES:
            self.cues.append((now, self._texts[what.say_id]))
            if self._cry is not None and len(self.cues) == CRIES:
                self._studio.speak(self._cry, now + 1.5)

    def audio_time(self, wall):
        """Say what the audio clock shows at `wall`; None where the studio could not keep up."""
        place = bisect(self.ticks, (wall,))
        if not 0 < place < len(self.ticks):
            return None
        late = [at - self._began - now for at, now in self.ticks[place - 1 : place + 1]]
        return wall - self._began if max(late) < LATE else None


def lead(language, web, theatres, *, hears):
    """Lead one session of the routine that is chosen on the page."""
    routine = language.routine(web.choice())
    recognisers = (
        open_recognisers(language)
        if hears
        else Recognisers(NoRecogniser(), NoRecogniser(), deaf=True)
    )
    studio = Studio(Mixer(), open_listener(language, recognisers), Room(-10.0))
    with (
        closing(PromptNarrator(open_voice(language), clip_store())) as coach,
        closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person,
    ):
        coach.hold(vital_sentences(language), DEFAULT_RATE)
        session = Session(
            SessionConfig(
                language=language,
                routine=routine.id,
                stop_tested=True,
                press_by_breath=False,
                known_routines=frozenset({routine.id}),
            )
        )
        cry = person.clip("it hurts", PERSON_RATE).samples if hears else None
        theatre = Theatre(session, studio, cry)
        theatres.append(theatre)
        with web.session(language, studio.post):
            Runner(session, studio, coach, web, theatre).run()


@pytest.fixture(scope="module")
def taught(language):
    """Give the coach a short routine more, the first of all."""
    routines = (parse_routine(ROUTINE, "short"), *language.routines)
    return language.model_copy(update={"routines": routines})


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@contextmanager
def led(browser, taught, *, hears):
    """Choose the routine at home, and press and touch what leads on until it is breathed."""
    theatres = []
    with WebDisplay(taught, home=True) as web:
        leading = Thread(target=lead, args=(taught, web, theatres), kwargs={"hears": hears})
        leading.daemon = True
        leading.start()
        page = window(browser, "laptop")
        complaints = complaints_of(page)
        page.goto(web.address)
        page.evaluate(WATCH)
        page.get_by_role("button", name="Short press").click()
        page.wait_for_selector("body[data-state='sound check']")
        page.keyboard.press(" ")
        # A step may be told before the page has shown it.
        page.wait_for_selector(
            "body:is([data-state=telling], [data-state=waiting])", timeout=PATIENCE
        )
        page.get_by_role("button", name="next", exact=True).click()
        page.wait_for_selector("#stage[data-phase=breath]", timeout=PATIENCE)
        yield page, theatres, leading
        assert complaints == []


def over(page, leading):
    """Wait until the session is over."""
    while leading.is_alive():
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)


@pytest.fixture(scope="module")
def hurt(browser, taught):
    """Lead a session to the safety note; give it, the page, and what was seen on it."""
    with led(browser, taught, hears=True) as (page, theatres, leading):
        page.wait_for_selector("body[data-screen=alarm]", timeout=PATIENCE)
        over(page, leading)
        yield theatres[0], page, page.evaluate("seen")


def test_the_page_led_from_home_through_the_session_to_the_red_screen(hurt):
    theatre, _, seen = hurt
    assert theatre.session.outcome is Outcome.PAIN
    assert [screen for screen in seen["screens"] if screen != "waiting"] == [
        *("home", "starting", "session", "alarm"),
    ]


def test_the_steps_and_what_was_heard_were_shown_in_their_order(hurt):
    _, _, seen = hurt
    steps = ["Lie face down", "Press with the breath out"]
    shown = [headline for headline in seen["headlines"] if headline in steps]
    assert list(dict.fromkeys(shown)) == steps  # a question stands between two rounds of presses
    assert seen["figures"][-2:] == ["Lie face down", "Partner: press with the breath out"]
    assert seen["heard"] == ["ready", "next", "it hurts"]


def test_after_pain_the_whole_page_is_red_and_tells_the_note_and_the_signs(hurt, taught):
    _, page, _ = hurt
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(140, 12, 23)"
    assert page.locator("#alarm-headline").inner_text() == "Hands off"
    note = safety_note(taught, taught.routines[0])
    assert page.locator("#note li").all_inner_texts() == [*note]
    signs = taught.safety.soon[1:]
    assert page.locator("#signs-list li").all_inner_texts() == [*signs]


def test_the_circle_breathes_with_the_voice_within_a_tenth_of_a_second(browser, taught):
    with led(browser, taught, hears=False) as (page, theatres, leading):
        (theatre,) = theatres
        while len(theatre.cues) < BREATHS or len(errors := missed(page, theatre)) <= FRAMES:
            page.wait_for_timeout(200)
        page.keyboard.press("q")
        over(page, leading)
        assert page.evaluate("document.body.dataset.screen") == "end"
    assert np.quantile(np.abs(errors), IN_TIME) < IN_STEP
    assert np.quantile(np.abs(errors), 0.9) < STILL_IN_STEP


def missed(page, theatre):
    """Give by how many seconds the circle missed the spoken breath in each frame that counts."""
    circle = page.evaluate("seen.circle")
    errors = []
    for wall, size in circle:
        now = theatre.audio_time(wall)
        place = bisect(theatre.cues, (now,)) if now else 0
        if not 0 < place < len(theatre.cues):
            continue
        (start, cue), (end, _) = theatre.cues[place - 1 : place + 1]
        if not 0.1 < (expected := (now - start) / (end - start)) < 0.9:
            continue
        full = (size - SMALLEST) / (LARGEST - SMALLEST)
        fraction = math.acos(1 - 2 * full) / math.pi
        shown = fraction if cue == CUES[0] else 1 - fraction
        errors.append((shown - expected) * (end - start))
    return errors
