"""Sound that is rendered ahead of what is played, and taken back for the sake of silence."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from voice_coach.audio.ahead_mixer import AheadMixer
from voice_coach.audio.mixer import Mixer
from voice_coach.core.events import ClipDropped, ClipFinished, ClipStarted

AHEAD = 4000
PIECE = 384
FADE, GLIDE = 80, 320
"""Samples of a cut, and of a change of the loudness."""


def noise(samples, seed=0):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, samples).astype(np.float32)


class Phone:
    """Plays what it is sent, each sample as it stands when its turn comes."""

    def __init__(self, mixer):
        self.mixer = mixer
        self.store = np.zeros(2_000_000, np.float32)
        self.events = []
        mixer.advance(AHEAD)
        self.take()

    @property
    def sound(self):
        return self.store[: self.mixer.played]

    def take(self):
        for start, samples in self.mixer.take_changes():
            assert start >= self.mixer.played
            self.store[start : start + len(samples)] = samples
        self.events += self.mixer.take_events()

    def play(self, pieces):
        for _ in range(pieces):
            self.mixer.follow(self.mixer.played + PIECE)
            self.mixer.advance(self.mixer.played + AHEAD)
            self.take()

    def do(self, name, *arguments, **named):
        getattr(self.mixer, name)(*arguments, **named)
        self.take()


@pytest.fixture
def phone():
    return Phone(AheadMixer())


def test_what_is_played_is_what_the_mixer_alone_would_give(phone):
    clip = noise(9000)
    phone.do("play", 1, clip, at=5000)
    phone.play(40)
    assert np.array_equal(phone.sound[5000:14000], clip)
    assert phone.events == [ClipStarted(1), ClipFinished(1)]


def test_a_cut_silences_what_lies_in_advance(phone):
    phone.do("play", 1, noise(60_000), at=4000)
    phone.play(30)
    cut_at = phone.mixer.played
    phone.do("cut")
    phone.play(30)
    assert phone.sound[cut_at - 100 : cut_at].any()
    assert not phone.sound[cut_at + FADE :].any()


def test_a_cut_directly_after_a_resume_silences_what_lies_in_advance(phone):
    """The resume takes effect only later; the cut must not wait for that."""
    phone.do("play", 1, noise(60_000), at=4000)
    phone.play(30)
    phone.do("duck")
    phone.play(1)
    phone.do("resume")
    phone.do("duck")
    phone.do("cut")
    cut_at = phone.mixer.played
    phone.play(30)
    assert not phone.sound[cut_at + FADE :].any()


def test_after_a_cut_the_clock_goes_on_where_it_was_and_the_next_clip_is_whole(phone):
    phone.do("play", 1, noise(60_000), at=4000)
    phone.play(30)
    position, clip = phone.mixer.position, noise(5000, 2)
    phone.do("cut")
    assert phone.mixer.position == position
    phone.do("play", 2, clip, at=0)
    phone.play(30)
    assert np.array_equal(phone.sound[position : position + 5000], clip)
    assert phone.events == [ClipStarted(1), ClipStarted(2), ClipFinished(2)]


def test_a_clip_that_a_hush_takes_back_is_said_whole_and_told_once(phone):
    phone.play(10)
    clip = noise(2000)
    phone.do("play", 1, clip, at=0)
    phone.play(6)  # rendered to its end, but not played
    assert phone.events == [ClipStarted(1), ClipFinished(1)]
    phone.do("hush")
    phone.play(40)
    assert not phone.sound.any()
    phone.do("resume")
    phone.play(40)
    end = int(np.flatnonzero(phone.sound)[-1]) + 1
    assert np.array_equal(phone.sound[end - 2000 + GLIDE : end], clip[GLIDE:])
    assert phone.events == [ClipStarted(1), ClipFinished(1)]


def test_a_cue_that_a_hush_takes_back_is_over_and_not_dropped(phone):
    phone.play(10)
    at = phone.mixer.position
    phone.do("play", 1, noise(20_000), at=at, latest=at + 100)
    phone.play(5)
    assert phone.events == [ClipStarted(1)]
    phone.do("hush")
    phone.play(40)
    phone.do("resume")
    phone.play(20)
    assert not phone.sound.any()
    assert phone.events == [ClipStarted(1), ClipFinished(1)]


def test_a_cue_that_is_too_late_is_dropped(phone):
    phone.play(10)
    phone.do("play", 1, noise(2000), at=0, latest=100)
    phone.play(2)
    assert phone.events == [ClipDropped(1)]


def test_a_coach_that_no_longer_moves_says_its_last_words(phone):
    words = noise(3000, 9)
    phone.mixer.guard(8000, words)
    phone.mixer.hold()
    phone.do("play", 1, noise(90_000), at=0)
    phone.play(60)
    end = int(np.flatnonzero(phone.sound)[-1]) + 1
    assert np.array_equal(phone.sound[end - 3000 + FADE : end], words[FADE:])


def test_after_a_standstill_the_words_of_the_session_are_heard(phone):
    """The order to cut comes from a coach that moves again, though what it takes back does not."""
    phone.mixer.guard(8000, noise(3000, 9))
    phone.mixer.hold()
    phone.play(100)
    assert phone.mixer.dead
    phone.do("cut")
    note = noise(6000, 3)
    phone.do("play", 2, note, at=0)
    for _ in range(60):
        phone.mixer.hold()
        phone.play(1)
    assert ClipDropped(2) not in phone.events
    end = int(np.flatnonzero(phone.sound)[-1]) + 1
    assert np.array_equal(phone.sound[end - 6000 : end], note)


@pytest.mark.parametrize("seed", range(12))
def test_any_orders_sound_as_if_each_had_come_to_the_sample_that_it_was_for(seed):
    """A mixer that knew all of it from the beginning renders the same."""
    draw = np.random.default_rng(seed)
    phone = Phone(AheadMixer())
    script, last_order = [], 0
    for number in range(60):
        phone.play(int(draw.integers(0, 6)))
        newest, played = phone.mixer.position, phone.mixer.played
        match draw.choice(["play", "play", "cue", "cut", "duck", "hush", "resume", "set_volume"]):
            case "play":
                words = (number, noise(int(draw.integers(100, 9000)), number))
                named = {"at": newest + int(draw.integers(-500, 3000))}
                script.append((newest, "play", words, named))
            case "cue":
                words = (number, noise(3000, number))
                at = newest + int(draw.integers(-3000, 6000))
                script.append((newest, "play", words, {"at": at, "latest": at + 2400}))
            case "set_volume":
                script.append((newest, "set_volume", (float(draw.integers(-20, 6)),), {}))
            case "resume":
                script.append((newest, "resume", (), {}))
                last_order = newest
            case "cut":
                script = [one for one in script if one[0] <= played or one[1] == "set_volume"]
                script.append((played, "cut", (), {}))
                last_order = played
            case order:
                last_order = max(played, last_order)
                script.append((last_order, str(order), (), {}))
        phone.do(*(script[-1][1], *script[-1][2]), **script[-1][3])
    phone.play(60)
    plain, pieces = Mixer(), []
    script.sort(key=lambda one: one[0])
    for at, name, words, named in script:
        pieces.append(plain.render(at - plain.position))
        getattr(plain, name)(*words, **named)
    pieces.append(plain.render(phone.mixer.played - plain.position))
    np.testing.assert_allclose(phone.sound, np.concatenate(pieces), atol=1e-6)
    starts = [event.say_id for event in phone.events if isinstance(event, ClipStarted)]
    assert len(starts) == len({*starts}), "each is told once"
    assert all(one < two for one, two in pairwise(starts))
