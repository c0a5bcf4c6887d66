"""The real program as a process of its own, on a sound card without hardware.

A person's voice is played into its microphone, its loudspeaker is recorded, and what it prints is
read line by line. Nothing in it is replaced: pyttsx3 speaks, vosk hears, PortAudio carries.
"""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import closing

import numpy as np
import pytest
from trials import alone
from trials.coach import NO
from trials.moments import Moment, outcomes
from trials.virtual_sound_card import VirtualSoundCard

from voice_coach.app import clip_store
from voice_coach.catalogue import read_language
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.sound_card

PATIENCE = 90.0
"""Seconds to wait for a line before the test has failed."""


class Coach:
    """A running ``voice-coach run`` and what it has printed."""

    def __init__(self, card, output, *words):
        self.output = output
        self.seen = 0
        self.keys, terminal = pty.openpty()
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "voice_coach", "run", *words],
                env={**os.environ, **card.env, "XDG_DATA_HOME": str(output.parent)},
                stdin=terminal,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        os.close(terminal)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.keys)

    def wait_for(self, words):
        """Wait until a line that was not waited for yet holds these words; give it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            lines = self.output.read_text().splitlines()
            for number, line in enumerate(lines[self.seen :], self.seen):
                if words in line:
                    self.seen = number + 1
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"'{words}' never came in:\n{self.output.read_text()}")


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


def test_next_moves_on_and_it_hurts_gives_silence_and_then_the_safety_note(
    card, person, language, tmp_path
):
    with Coach(card, tmp_path / "out", "assisted-press") as coach:
        for question in language.teaching.screening.questions.values():
            coach.wait_for(question)
            os.write(coach.keys, NO)
        coach.wait_for("say: ready")
        time.sleep(6.5)  # the sentence takes five seconds
        card.say(person("ready")).wait()
        coach.wait_for("One, two")
        time.sleep(1.0)
        card.say(person("it hurts")).wait()
        coach.wait_for("Good.")
        coach.wait_for("Be very careful")
        coach.wait_for("say: next")  # the words before it change from session to session
        time.sleep(4.0)
        card.say(person("next")).wait()
        coach.wait_for("next")
        coach.wait_for("Stack both hands")
        with card.record_loudspeaker() as recording:
            time.sleep(0.6)
            card.say(person("it hurts")).wait()
            coach.wait_for("it hurts")
            coach.wait_for("Partner: hands off")
            coach.wait_for("Do not go on today")
            samples = recording.samples
        speaking = [level(samples[at : at + 800]) > -50 for at in range(0, len(samples) - 800, 800)]
        pauses = "".join("x" if loud else "." for loud in speaking)
        assert "x" in pauses.lstrip(".")
        assert "......" in pauses.strip("."), "no silence between the cut and the note"
        assert coach.process.wait(PATIENCE) == 3
    history = subprocess.run(
        [sys.executable, "-m", "voice_coach", "history", "--json"],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    (session,) = json.loads(history.stdout)
    assert (session["routine"], session["outcome"]) == ("assisted-press", "pain")
    assert session["step"] == session["reached"] > 1


def test_it_hurts_is_heard_in_the_middle_of_the_coachs_sentences(card, tmp_path):
    """Its own voice comes back as loud as the person's; `scripts/stop_trial` tries fifty moments.

    There are six to choose three from, for some may fall between two sentences.
    """
    card.echo(100)
    moments = [
        Moment("gentle-bends", 2, 0.2, "f2", 150),
        Moment("assisted-press", 0, 0.5, "paul", 140),
        Moment("leg-over-leg", 4, 0.4, "quincy", 160),
    ]
    found = list(outcomes(card, read_language(), moments * 2, wanted=3, folder=tmp_path))
    assert [str(cry) for cry in found if cry.before.ends or cry.before.questions] == []
    assert [str(cry) for cry in found if cry.fit and cry.missed] == []


def test_half_a_minute_of_its_own_voice_ends_nothing_and_asks_nothing(card, tmp_path):
    card.echo(100)
    found = list(alone.solos(card, read_language(), seconds=25, folder=tmp_path))
    assert sum(solo.log.spoken for solo in found) >= 25
    assert [str(solo) for solo in found if solo.log.ends or solo.log.questions] == []


def test_stop_is_obeyed_and_the_program_ends_well(card, person, tmp_path):
    with Coach(card, tmp_path / "out", "gentle-bends") as coach:
        coach.wait_for("First, a sound check")
        time.sleep(0.3)
        card.say(person("stop")).wait()
        coach.wait_for("We end here")
        assert coach.process.wait(PATIENCE) == 0


def test_a_polite_kill_says_goodbye_first(card, tmp_path):
    with Coach(card, tmp_path / "out", "gentle-bends") as coach:
        coach.wait_for("First, a sound check")
        coach.process.send_signal(signal.SIGTERM)
        coach.wait_for("We end here")
        assert coach.process.wait(PATIENCE) == 0


def test_a_second_control_c_does_not_wait_for_the_goodbye(card, tmp_path):
    with Coach(card, tmp_path / "out", "gentle-bends") as coach:
        coach.wait_for("First, a sound check")
        coach.process.send_signal(signal.SIGINT)
        coach.wait_for("We end here")
        coach.process.send_signal(signal.SIGINT)
        assert coach.process.wait(PATIENCE) == 0
    (log,) = (tmp_path / "voice-coach" / "sessions").iterdir()
    _, _, goodbye = log.read_text("utf-8").rpartition("We end here")
    assert "ClipStarted" in goodbye
    assert "ClipFinished" not in goodbye


def test_a_sound_server_that_dies_ends_the_session_with_one_clear_sentence(card, tmp_path):
    with Coach(card, tmp_path / "out", "gentle-bends") as coach:
        coach.wait_for("First, a sound check")
        card.kill()
        # Both streams end at once; either may be seen first.
        coach.wait_for("stopped: see that it is plugged in")
        assert coach.process.wait(PATIENCE) == 4


def test_without_a_sound_server_it_says_what_is_missing(card, tmp_path):
    card.kill()
    with Coach(card, tmp_path / "out", "gentle-bends") as coach:
        assert coach.process.wait(PATIENCE) == 1
        said = coach.output.read_text()
        assert "no microphone" in said
        assert "Traceback" not in said
