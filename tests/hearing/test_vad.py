"""Whether the person makes a sound, and whether it is a voice, in made-up rooms and sounds."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
from benchmark.backgrounds import background
from benchmark.cries import Cry
from benchmark.noises import Noise

from voice_coach.aec.canceller import EchoCanceller
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.hearing.barge_in import BARGE_IN_THRESHOLD
from voice_coach.hearing.endpointer import ACTIVITY_THRESHOLD, SPEECH_THRESHOLD
from voice_coach.hearing.vad import CRY, SUM_LIMIT, NearEndVad

pytestmark = pytest.mark.real_parts


def talker(seconds, seed, pitch):
    """Make a voice: syllables of a gliding pulse train through formants, some of them left out."""
    rng = np.random.default_rng(seed)
    syllable = SAMPLE_RATE // 5
    sound = []
    for _ in range(int(seconds * 5)):
        frequency = pitch * np.linspace(rng.uniform(0.85, 1.2), rng.uniform(0.85, 1.2), syllable)
        phase = 2 * np.pi * np.cumsum(frequency) / SAMPLE_RATE
        source = sum(np.sin(k * phase) / k**0.5 for k in range(1, int(6000 / pitch)))
        source = source + rng.standard_normal(syllable) * 0.1
        bins = np.fft.rfftfreq(syllable, 1 / SAMPLE_RATE)
        shape = sum(
            strength / (1 + ((bins - rng.uniform(low, high)) / 120) ** 2)
            for low, high, strength in ((250, 800, 1), (900, 2200, 0.5), (2300, 3500, 0.2))
        )
        voiced = np.fft.irfft(np.fft.rfft(source) * shape, syllable) * np.hanning(syllable)
        sound.append(voiced * rng.choice((0, 0.5, 1, 1)))
    joined = np.concatenate(sound)
    return 0.1 * joined / np.sqrt(np.mean(joined**2))


def breath(seconds, seed):
    """Make a breath: noise through the wide resonances of an open mouth, swelling and fading."""
    rng = np.random.default_rng(seed)
    size = int(seconds * SAMPLE_RATE)
    bins = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    shape = sum(1 / (1 + ((bins - centre) / 350) ** 2) for centre in (600, 1500, 2600, 4200))
    sound = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * shape, size) * np.hanning(size)
    return 0.1 * sound / np.sqrt(np.mean(sound**2))


def echo_of(far, seed=1, delay=0.06):
    rng = np.random.default_rng(seed)
    tail = rng.standard_normal(SAMPLE_RATE // 4)
    tail *= np.exp(-6.9 * np.arange(len(tail)) / len(tail))
    tail *= 0.4 / np.sqrt(np.sum(tail**2))
    tail[0] += 1
    path = 0.5 * np.concatenate((np.zeros(int(delay * SAMPLE_RATE)), tail))
    size = len(far) + len(path)
    return np.fft.irfft(np.fft.rfft(far, size) * np.fft.rfft(path, size), size)[: len(far)]


def placed(sound, seconds, start):
    whole = np.zeros(int(seconds * SAMPLE_RATE))
    begin = int(start * SAMPLE_RATE)
    whole[begin : begin + len(sound)] = sound[: len(whole) - begin]
    return whole


def judged(near, far, person=None):
    """Judge a whole recording: one score for each block of 20 ms.

    `person` is how loud the person's loudest block is known to be, in dB of full scale.
    """
    return judged_on((EchoCanceller(), NearEndVad()), recorded(near, far), far, person)


def recorded(near, far):
    """Give what the microphone hears: the person, the coach's echo and some hiss."""
    hiss = np.random.default_rng(3).standard_normal(len(near)) * 2e-3
    return near + echo_of(far) + hiss


def judged_on(parts, microphone, far, person=None):
    """Judge a recording with a canceller and a detector that may have heard others before."""
    canceller, near_end = parts
    microphone, far = microphone.astype(np.float32), far.astype(np.float32)
    scores = []
    for k in range(0, len(far) - BLOCK + 1, BLOCK):
        frame = canceller.process(microphone[k : k + BLOCK], far[k : k + BLOCK])
        scores.append(near_end.judge(frame, person))
    return scores


def between(scores, start, end):
    return scores[int(start * 50) : int(end * 50)]


def a_sound(scores):
    return any(score.activity > ACTIVITY_THRESHOLD for score in scores)


def a_voice(scores):
    return any(
        score.activity > ACTIVITY_THRESHOLD and score.speech > SPEECH_THRESHOLD for score in scores
    )


def test_a_silent_room_is_not_taken_for_the_person():
    """Hiss alone is neither a sound nor a voice."""
    quiet = np.zeros(6 * SAMPLE_RATE)
    assert not a_sound(between(judged(quiet, quiet), 1, 6))


def test_the_coach_does_not_hush_himself():
    """Once it knows the room, nothing of its own voice is taken for the person's."""
    far = talker(20, 2, 110)
    scores = judged(np.zeros(len(far)), far)
    assert not a_voice(between(scores, 8, 20))


@pytest.fixture(scope="module")
def coaches():
    """Four coaches who have spoken for seven of nine seconds, and who has heard them."""
    heard = []
    for seed, pitch in ((2, 110), (3, 120), (5, 100), (6, 130)):
        far, parts = talker(9, seed, pitch), (EchoCanceller(), NearEndVad())
        before = slice(0, 7 * SAMPLE_RATE)
        judged_on(parts, recorded(np.zeros(len(far)), far)[before], far[before])
        heard.append((far, parts))
    return heard


@pytest.mark.parametrize(
    ("loudness", "within", "of_four"), [(0.15, 0.35, 3), (0.5, 0.2, 4), (1.5, 0.2, 4)]
)
def test_a_voice_over_the_coach_is_noticed_at_once(coaches, loudness, within, of_four):
    """From 10 dB below the echo to 10 above it: in 0.2 s, and as a voice in 0.6.

    Far below the echo it takes a syllable longer, and one coach of four hides it.
    """
    word = talker(1, 4, 210)
    start = np.flatnonzero(np.abs(word) > 0.02)[0] / SAMPLE_RATE
    noticed = 0
    for far, parts in coaches:
        now = slice(7 * SAMPLE_RATE, 9 * SAMPLE_RATE)
        microphone = recorded(placed(loudness * word, 9, 7), far)[now]
        scores = judged_on(deepcopy(parts), microphone, far[now])
        first = between(scores, start, start + within)
        heard = a_sound(first) or any(each.speech > BARGE_IN_THRESHOLD for each in first)
        noticed += heard and a_voice(between(scores, start, start + 0.6))
    assert noticed >= of_four


def test_a_breath_is_a_sound_and_no_voice():
    """While the coach is silent, breathing out aloud is heard but does not pass for a voice."""
    near = sum(placed(breath(1.5, seed), 12, 2 + 3 * seed) for seed in range(3))
    scores = judged(near, np.zeros(12 * SAMPLE_RATE))
    assert a_sound(scores)
    assert not a_voice(scores)


def lived_in(kind, seconds, below):
    """Make a room's sound so many dB below a voice of rms 0.05."""
    sound = background(kind, seconds, np.random.default_rng(5), "report")
    return 0.05 * 10 ** (-below / 20) * sound


def loudest(sound):
    """Give the level of the loudest 40 ms, in dB."""
    blocks = sound[: len(sound) // 640 * 640].reshape(-1, 640)
    return 10 * np.log10(np.max(np.mean(blocks**2, axis=1)))


@pytest.mark.parametrize("kind", ["music", "water", "fan", "vacuum"])
def test_what_sounds_in_the_room_all_the_time_does_not_silence_the_coach(kind):
    """12 dB below a person who is known, it is no voice; a word in it is one, at once."""
    word = 0.5 * talker(1, 4, 210)
    room = lived_in(kind, 18, 12)
    room += placed(word, 18, 16)
    scores = judged(room, np.zeros(18 * SAMPLE_RATE), loudest(word))
    hushed = [score.speech > BARGE_IN_THRESHOLD for score in between(scores, 6, 16)]
    assert np.mean(hushed) < 0.02
    assert a_voice(between(scores, 16, 17.2))


def test_a_cry_without_words_is_told_from_a_laugh_and_a_cough():
    """Screams and groans are cries; most laughs, coughs and words are none."""
    silence = np.zeros(4 * SAMPLE_RATE)

    def cries(sound):
        near = placed(0.1 * sound / np.std(sound), 4, 2)
        return any(score.cry > CRY for score in judged(near, silence))

    screams = [cries(Cry(kind, 9).make()) for kind in ("aah", "scream", "groan", "argh", "ow")]
    others = [cries(Noise(kind, 9).make()) for kind in ("laugh", "cough", "throat", "chair")]
    assert sum(screams) >= 4
    assert sum(others) <= 1
    assert not cries(talker(1, 4, 210))


def test_the_evidence_ends_when_the_person_does():
    """Half a second after a word nothing is held against the person any more."""
    quiet = np.zeros(6 * SAMPLE_RATE)
    scores = judged(placed(0.5 * talker(1, 4, 210), 6, 3), quiet)
    assert a_voice(between(scores, 3, 4))
    assert not a_sound(between(scores, 4.6, 6))


def test_digital_silence_is_no_evidence():
    """A microphone that gives nothing but zeros gives finite evidence, and none of a sound."""
    near_end, canceller = NearEndVad(), EchoCanceller()
    nothing = np.zeros(BLOCK, np.float32)
    for _ in range(100):
        score = near_end.judge(canceller.process(nothing, nothing))
        assert 0 <= score.activity <= ACTIVITY_THRESHOLD
        assert 0 <= score.speech <= SUM_LIMIT
        assert np.isfinite(score.level)
