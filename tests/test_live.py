"""The real program as a process of its own, on a sound card without hardware.

A person's voice is played into its microphone, its loudspeaker is recorded, and what it prints is
read line by line. Nothing in it is replaced: pyttsx3 speaks, vosk hears, PortAudio carries.
"""

import os
import signal
import time
from contextlib import closing
from functools import partial

import numpy as np
import pytest
from live_program import remembered
from trials import alone
from trials.coach import Coach, begin
from trials.moments import Moment, Trial, outcomes
from trials.virtual_sound_card import VirtualSoundCard

from voice_coach.catalogue import read_language
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.transitions import State
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.sound_card

PATIENCE = 90.0
"""Seconds to wait for a line before the test has failed."""


SLOW_LOADING = """
import sys, time
from pathlib import Path
from voice_coach import app, cli
from voice_coach.hearing import loaded_later

load, loaded = loaded_later.load_recognisers, Path(sys.argv.pop(1))

def slow(*words):
    while not loaded.exists():
        time.sleep(0.01)
    return load(*words)

loaded_later.load_recognisers, app.USUAL_START = slow, float("inf")
cli.app()
"""
"""The coach with a model that is loaded once a file is there."""


def run(card, folder, routine):
    """Begin ``voice-coach run``."""
    return Coach(card, folder, "-m", "voice_coach", "run", routine)


def expect(coach, *texts):
    """Wait for a line with each of these texts, one after the other."""
    for text in texts:
        until = time.monotonic() + PATIENCE
        line = coach.wait_for(lambda line, text=text: text in f"{line.label} {line.text}", until)
        assert line, f"'{text}' never came in:\n{coach.shown}"


@pytest.fixture(scope="module")
def person():
    with closing(PromptNarrator(Pyttsx3Voice("en-gb+f2"), clip_store())) as narrator:
        yield lambda words: narrator.clip(words, 140).samples


@pytest.fixture
def card():
    with VirtualSoundCard() as card:
        yield card


def level(samples):
    return 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12)


def test_next_moves_on_and_it_hurts_gives_silence_and_then_the_safety_note(card, person, tmp_path):
    with run(card, tmp_path, "gentle-bends") as coach:
        say_ready(card, person, coach)
        say_next_and_it_hurts(
            card, person, coach, "With each breath in, lift", "Do not go on today"
        )
    session = remembered(tmp_path)
    assert (session["routine"], session["outcome"]) == ("gentle-bends", "pain")
    assert session["step"] == session["reached"] > 1


@pytest.mark.nightly
def test_in_the_press_both_prove_the_stop_and_it_hurts_frees_the_back_first(
    card, person, language, tmp_path
):
    with run(card, tmp_path, "assisted-press") as coach:
        expect(coach, *language.teaching.screening.questions.values())
        say_ready(card, person, coach)
        for _ in ("the one who lies down", "the partner"):
            expect(coach, "One, two")
            time.sleep(1.0)
            card.say(person("it hurts")).wait()
        # The words before the last of these change from session to session.
        expect(coach, "Good.", "Be very careful")
        say_next_and_it_hurts(
            card, person, coach, "Stack both hands", "Partner: hands off", "Do not go on today"
        )
    session = remembered(tmp_path)
    assert (session["routine"], session["outcome"]) == ("assisted-press", "pain")
    assert session["step"] == session["reached"] > 1


def say_ready(card, person, coach):
    """Answer the sound check."""
    expect(coach, "say: ready")
    time.sleep(6.5)  # the sentence takes five seconds
    card.say(person("ready")).wait()


def say_next_and_it_hurts(card, person, coach, step, *note):
    """Go on to the step and cry into its first sentence: silence, then the safety note."""
    expect(coach, "say: next")
    time.sleep(4.0)
    card.say(person("next")).wait()
    expect(coach, "next", step)
    with card.record_loudspeaker() as recording:
        time.sleep(0.6)
        card.say(person("it hurts")).wait()
        expect(coach, "it hurts", *note)
        samples = recording.samples
    speaking = [level(samples[at : at + 800]) > -50 for at in range(0, len(samples) - 800, 800)]
    pauses = "".join("x" if loud else "." for loud in speaking)
    assert "x" in pauses.lstrip(".")
    assert "......" in pauses.strip("."), "no silence between the cut and the note"
    assert coach.ended(PATIENCE) == 3


def test_the_coach_speaks_before_its_model_is_loaded_and_then_hears_what_was_said(
    card, person, tmp_path
):
    """No key leads on before, and pain that was said meanwhile ends the routine then."""
    loaded = tmp_path / "loaded"
    with (
        card.record_loudspeaker() as loudspeaker,
        Coach(card, tmp_path, "-c", SLOW_LOADING, str(loaded), "run", "gentle-bends") as coach,
    ):
        expect(coach, "Gentle bends.")
        time.sleep(1.0)
        assert level(loudspeaker.samples[-SAMPLE_RATE:]) > -50
        coach.go_on()
        card.say(person("it hurts")).wait()
        assert {line[7:12] for line in coach.shown.splitlines()} == {"check"}
        loaded.touch()
        expect(coach, "it hurts")
        line = coach.wait_for(lambda line: line.text, time.monotonic() + PATIENCE)
        if line and coach.is_in(State.PAIN_CONFIRMATION, line):
            # It is decided with what was heard of the coach before, and may be asked about.
            coach.press(b"y")
        expect(coach, "Do not go on today")


@pytest.mark.nightly
def test_it_hurts_is_heard_in_the_middle_of_the_coachs_sentences(card, tmp_path):
    """Its own voice comes back as loud as the person's; `scripts/stop_trial` tries fifty moments.

    There are eight to choose two from, for some may fall between two sentences, or into sound with
    gaps, as a busy computer plays it.
    """
    card.echo(100)
    moments = [
        Moment("gentle-bends", 2, 0.2, "f2", 150),
        Moment("leg-over-leg", 4, 0.4, "quincy", 160),
    ]
    found = list(outcomes(Trial(card, read_language()), moments * 4, wanted=2, folder=tmp_path))
    whole = [cry for cry in found if not cry.gaps]
    assert [str(cry) for cry in whole if cry.before.ends or cry.before.questions] == []
    assert [str(cry) for cry in whole if cry.fit and cry.missed] == []


@pytest.mark.nightly
def test_half_a_minute_of_its_own_voice_ends_nothing_and_asks_nothing(card, tmp_path):
    card.echo(100)
    found = list(alone.solos(partial(begin, card), read_language(), seconds=25, folder=tmp_path))
    assert sum(solo.log.spoken for solo in found) >= 25
    assert [str(solo) for solo in found if solo.log.ends or solo.log.questions] == []


def test_stop_is_obeyed_and_the_program_ends_well(card, person, tmp_path):
    with run(card, tmp_path, "gentle-bends") as coach:
        expect(coach, "First, a sound check")
        time.sleep(0.3)
        card.say(person("stop")).wait()
        expect(coach, "We end here")
        assert coach.ended(PATIENCE) == 0


def test_a_polite_kill_says_goodbye_first(card, tmp_path):
    with run(card, tmp_path, "gentle-bends") as coach:
        expect(coach, "First, a sound check")
        os.kill(coach.pid, signal.SIGTERM)
        expect(coach, "We end here")
        assert coach.ended(PATIENCE) == 0


@pytest.mark.nightly
def test_a_second_control_c_does_not_wait_for_the_goodbye(card, tmp_path):
    with run(card, tmp_path, "gentle-bends") as coach:
        expect(coach, "First, a sound check")
        os.kill(coach.pid, signal.SIGINT)
        expect(coach, "We end here")
        os.kill(coach.pid, signal.SIGINT)
        assert coach.ended(PATIENCE) == 0
    (log,) = (tmp_path / "voice-coach" / "sessions").iterdir()
    _, _, goodbye = log.read_text("utf-8").rpartition("We end here")
    assert "ClipStarted" in goodbye
    assert "ClipFinished" not in goodbye


def test_a_sound_server_that_dies_ends_the_session_with_one_clear_sentence(card, tmp_path):
    with run(card, tmp_path, "gentle-bends") as coach:
        expect(coach, "First, a sound check")
        card.kill()
        # Both streams end at once; either may be seen first.
        expect(coach, "stopped: see that it is plugged in")
        assert coach.ended(PATIENCE) == 4


def test_without_a_sound_server_it_says_what_is_missing(card, tmp_path):
    card.kill()
    with run(card, tmp_path, "gentle-bends") as coach:
        expect(coach, "no microphone")
        assert coach.ended(PATIENCE) == 1
    assert "Traceback" not in coach.shown
