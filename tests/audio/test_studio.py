"""The stage without a device is as exact as the real one, and repeats itself to the sample."""

import wave

import numpy as np
import pytest

from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.commands import Command
from voice_coach.core.events import ClipFinished, ClipStarted, Heard, TimeReached
from voice_coach.core.ports import SAMPLE_RATE


class Clip:
    """A tone of a given length."""

    def __init__(self, seconds, level=0.1):
        time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
        self.samples = (level * np.sin(2 * np.pi * 300 * time)).astype(np.float32)
        self.seconds = seconds


class BlockListener:
    """Keeps what it is given."""

    def __init__(self):
        self.microphone = []
        self.far_end = []
        self.commands = frozenset()

    def hear(self, microphone, far_end):
        self.microphone.append(microphone)
        self.far_end.append(far_end)
        return []

    def listen(self, commands):
        self.commands = commands


def events_until(studio, deadline):
    events = []
    while True:
        event, now = studio.wait(deadline)
        if isinstance(event, TimeReached):
            return events
        events.append((event, now))


def level(samples):
    return 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)))


def test_a_clip_starts_on_the_very_sample_it_was_asked_for():
    studio = Studio(Mixer(), BlockListener(), Room())
    studio.play(7, Clip(0.5), at=1.2345)
    events = [event for event, _ in events_until(studio, 3.0)]
    assert events == [ClipStarted(7), ClipFinished(7)]
    # The first sample of a sine is zero, the second is not.
    assert np.flatnonzero(studio.played)[0] == round(1.2345 * SAMPLE_RATE) + 1


def test_the_same_session_gives_the_same_samples_every_time():
    def session():
        studio = Studio(Mixer(), BlockListener(), Room(-5))
        studio.play(1, Clip(1.0), at=0.3)
        studio.speak(Clip(0.4).samples, 0.777)
        events_until(studio, 2.0)
        return studio.heard

    assert np.array_equal(session(), session())


@pytest.mark.parametrize("echo", [-10, 0, 10])
def test_the_echo_is_as_loud_as_was_asked_for_against_a_person_at_the_same_level(echo):
    studio = Studio(Mixer(), BlockListener(), Room(echo))
    noise = np.random.default_rng(0).standard_normal(4 * SAMPLE_RATE).astype(np.float32) * 0.03
    clip = Clip(1)
    clip.samples = noise
    studio.play(1, clip, at=0.0)
    events_until(studio, 4.0)
    middle = slice(SAMPLE_RATE, 3 * SAMPLE_RATE)
    assert level(studio.heard[middle]) - level(studio.played[middle]) == pytest.approx(echo, abs=1)


def test_a_person_is_heard_at_the_moment_they_speak_and_the_ear_gets_the_loudspeaker_too():
    listener = BlockListener()
    studio = Studio(Mixer(), listener, Room())
    studio.speak(np.full(1000, 0.5, np.float32), 0.5)
    studio.play(1, Clip(0.2), at=0.1)
    events_until(studio, 1.0)
    microphone = np.concatenate(listener.microphone)
    assert np.flatnonzero(microphone > 0.25)[[0, -1]].tolist() == [8000, 8999]
    assert np.array_equal(np.concatenate(listener.far_end), studio.played)


def test_what_is_posted_comes_out_of_the_next_wait():
    studio = Studio(Mixer(), BlockListener(), Room())
    studio.post(Heard(Command.STOP))
    assert studio.wait(5.0) == (Heard(Command.STOP), 0.0)


def test_a_session_can_be_listened_to_afterwards(tmp_path):
    studio = Studio(Mixer(), BlockListener(), Room(0))
    studio.play(1, Clip(0.5), at=0.0)
    events_until(studio, 1.0)
    with (tmp_path / "session.wav").open("wb") as file:
        studio.save(file)
    with wave.open(str(tmp_path / "session.wav")) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (
            2,
            SAMPLE_RATE,
            SAMPLE_RATE,
        )


def test_a_session_that_never_ends_is_given_up():
    studio = Studio(Mixer(), BlockListener(), Room())
    studio._mixer.position = 4000 * SAMPLE_RATE  # noqa: SLF001 - an hour would take a minute
    with pytest.raises(RuntimeError, match="did not end"):
        studio.wait(None)
