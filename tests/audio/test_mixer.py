"""The loudspeaker's sound, sample by sample."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest

from voice_coach.audio.mixer import Mixer
from voice_coach.core.events import ClipDropped, ClipFinished, ClipStarted
from voice_coach.core.ports import SAMPLE_RATE

FADE, GLIDE, FADE_OUT, RISE = 80, 320, 480, 1600
"""Samples that a cut, a change of loudness, a hush and its end take: 5, 20, 30 and 100 ms."""
DUCKED = 0.1
"""The gain of -20 dB."""
PAUSE = 1280
"""Samples of quiet between two clauses: 80 ms."""


def noise(samples, seed=0, loudness=0.5):
    """Give a sound no two samples of which are alike."""
    return np.random.default_rng(seed).uniform(-loudness, loudness, samples).astype(np.float32)


def tone(samples, frequency=200.0, loudness=0.5):
    """Give a smooth sound, in which any click is a jump."""
    time = np.arange(samples) / SAMPLE_RATE
    return (loudness * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def largest_step(sound):
    """Give the largest jump from one sample to the next, silence before and after."""
    return np.max(np.abs(np.diff(sound, prepend=0, append=0)))


def test_a_clip_begins_on_its_sample():
    """What is asked for at a sample starts there, neither before nor after."""
    mixer, clip = Mixer(), noise(1000)
    mixer.play(1, clip, at=1234)
    sound = mixer.render(4000)
    assert np.array_equal(sound[1234:2234], clip)
    assert not sound[:1234].any()
    assert not sound[2234:].any()
    assert mixer.take_events() == [ClipStarted(1), ClipFinished(1)]


def test_a_clip_without_a_moment_begins_at_once():
    """As soon as possible is with the next sample."""
    mixer, clip = Mixer(), noise(100)
    mixer.render(77)
    mixer.play(1, clip)
    assert np.array_equal(mixer.render(100), clip)


def test_clips_never_overlap():
    """What is asked for while something sounds waits until that is over, in order."""
    mixer, one, two, three = Mixer(), noise(500, 1), noise(300, 2), noise(200, 3)
    mixer.play(1, one, at=100)
    mixer.play(2, two, at=200)
    mixer.play(3, three, at=0)
    sound = mixer.render(1200)
    assert np.array_equal(sound[100:1100], np.concatenate((one, two, three)))


def test_a_clip_in_the_past_begins_at_once():
    """A sentence that was ready too late is spoken now, if nothing forbids it."""
    mixer, clip = Mixer(), noise(100)
    mixer.render(5000)
    mixer.play(1, clip, at=4000)
    assert np.array_equal(mixer.render(100), clip)


@pytest.mark.parametrize(("latest", "played"), [(4999, False), (5000, True), (5001, True)])
def test_a_clip_that_would_come_too_late_is_dropped(latest, played):
    """A cue may begin up to its last sample, and not one later."""
    mixer, clip, after = Mixer(), noise(100, 1), noise(100, 2)
    mixer.render(5000)
    mixer.play(1, clip, at=4000, latest=latest)
    mixer.play(2, after)
    sound = mixer.render(300)
    told = mixer.take_events()
    if played:
        assert np.array_equal(sound[:200], np.concatenate((clip, after)))
        assert told[:2] == [ClipStarted(1), ClipFinished(1)]
    else:
        assert np.array_equal(sound[:100], after)
        assert told == [ClipDropped(1), ClipStarted(2), ClipFinished(2)]


def test_a_cue_behind_a_sentence_that_takes_too_long_is_dropped():
    """A cue that has to wait beyond its moment is never spoken late."""
    mixer = Mixer()
    mixer.play(1, noise(3000), at=0)
    mixer.play(2, noise(100), at=1000, latest=2000)
    mixer.render(4000)
    assert mixer.take_events() == [ClipStarted(1), ClipFinished(1), ClipDropped(2)]


def test_events_come_in_the_order_in_which_things_sound():
    """Begun, ended, begun, ended: each once, and not before its sample was rendered."""
    mixer = Mixer()
    mixer.play(1, noise(100), at=50)
    mixer.play(2, noise(0), at=60)
    mixer.play(3, noise(100), at=300)
    told = []
    for _ in range(10):
        mixer.render(40)
        told.append(mixer.take_events())
    assert told == [
        [],
        [ClipStarted(1)],
        [],
        [ClipFinished(1), ClipStarted(2), ClipFinished(2)],
        [],
        [],
        [],
        [ClipStarted(3)],
        [],
        [ClipFinished(3)],
    ]
    assert mixer.take_events() == []


@pytest.mark.parametrize("seed", range(20))
def test_a_cut_is_silent_after_five_milliseconds(seed):
    """From the very next sample on it fades, and after 5 ms there is nothing."""
    rng = np.random.default_rng(seed)
    mixer = Mixer()
    mixer.play(1, tone(16_000))
    before = mixer.render(int(rng.integers(1, 8000)))
    mixer.cut()
    after = mixer.render(4000)
    assert not after[FADE:].any()
    sound = np.concatenate((before, after))
    assert largest_step(sound) <= largest_step(tone(16_000)) + 0.5 / FADE
    assert mixer.take_events() == [ClipStarted(1)]


def test_a_cut_forgets_what_waits():
    """Nothing that was queued before a cut is ever heard, nor told of."""
    mixer = Mixer()
    mixer.play(1, tone(1000))
    mixer.play(2, tone(1000), at=5000)
    mixer.render(500)
    mixer.cut()
    mixer.take_events()
    assert not mixer.render(20_000)[FADE:].any()
    assert mixer.take_events() == []


def test_a_cut_before_a_clip_has_begun_is_silence():
    """Of a clip that only waits not one sample is heard."""
    mixer = Mixer()
    mixer.play(1, noise(1000), at=100)
    mixer.render(100)
    mixer.cut()
    assert not mixer.render(2000).any()


def test_a_cut_in_the_last_samples_of_a_clip_adds_nothing():
    """The fade never goes beyond the clip."""
    mixer = Mixer()
    mixer.play(1, np.full(1000, 0.5, np.float32))
    mixer.render(990)
    mixer.cut()
    sound = mixer.render(200)
    assert sound[:10].any()
    assert not sound[10:].any()


def test_the_safety_note_begins_over_the_fade():
    """What is played right after a cut need not wait for the fade."""
    mixer, note = Mixer(), noise(1000, loudness=0.3)
    mixer.play(1, tone(16_000))
    mixer.render(1000)
    mixer.cut()
    mixer.play(2, note)
    sound = mixer.render(1000)
    assert np.array_equal(sound[FADE:], note[FADE:])
    assert ClipStarted(2) in mixer.take_events()


def test_a_second_cut_does_not_click():
    """A cut upon a cut lets the first one fade to its end."""
    mixer, slow = Mixer(), tone(16_000, frequency=20)
    mixer.play(1, slow)
    before = mixer.render(200)
    mixer.cut()
    mixer.play(2, slow)
    between = mixer.render(20)
    mixer.cut()
    after = mixer.render(400)
    sound = np.concatenate((before, between, after))
    assert not after[FADE:].any()
    assert largest_step(sound) <= 2 * largest_step(slow) + 2 * 0.5 / FADE


def test_a_cut_of_silence_is_silence():
    """There is nothing to fade."""
    mixer = Mixer()
    mixer.cut()
    assert not mixer.render(1000).any()


@pytest.mark.parametrize("decibels", [-16, -4, 4, 6])
def test_loudness_glides(decibels):
    """A change of loudness takes its time, does not click, and arrives."""
    mixer, clip = Mixer(), tone(16_000, loudness=0.25)
    mixer.play(1, clip)
    before = mixer.render(4020)
    mixer.set_volume(decibels)
    after = mixer.render(11_980)
    gain = 10 ** (decibels / 20)
    glide = int(abs(gain - 1) * GLIDE) + 1
    assert np.allclose(after[glide:], gain * clip[4020 + glide :], atol=1e-6)
    sound = np.concatenate((before, after))
    assert largest_step(sound) <= max(1, gain) * largest_step(clip) + 0.25 / GLIDE


def test_loudness_can_turn_round_in_its_glide():
    """Louder and softer within a moment do not click either."""
    mixer, clip = Mixer(), tone(16_000, loudness=0.25)
    mixer.play(1, clip)
    sound = []
    for decibels in (4, 8, -16, 12, 0):
        mixer.set_volume(decibels)
        sound.append(mixer.render(150))
    sound.append(mixer.render(16_000))
    assert largest_step(np.concatenate(sound)) <= 4 * largest_step(clip) + 0.25 / GLIDE


def test_loudness_stays_through_a_cut():
    """The safety note is as loud as the person made the coach."""
    mixer, note = Mixer(), noise(3000, loudness=0.1)
    mixer.set_volume(8)
    mixer.play(1, noise(5000, loudness=0.1))
    mixer.render(3000)
    mixer.cut()
    mixer.play(2, note)
    assert np.allclose(mixer.render(3000)[FADE:], 10**0.4 * note[FADE:], atol=1e-6)


def test_nothing_is_louder_than_full_scale():
    """However loud it is made, and also where a fade and a new clip meet."""
    mixer = Mixer()
    mixer.play(1, np.ones(2000, np.float32))
    mixer.render(1000)
    mixer.cut()
    mixer.play(2, np.ones(20_000, np.float32))
    assert np.max(np.abs(mixer.render(500))) == 1
    mixer.set_volume(12)
    assert np.max(np.abs(mixer.render(5000))) == 1


# Giving way to a person


def test_a_duck_is_twenty_decibels_softer_within_twenty_milliseconds():
    """From the next sample on it gets softer, without a click, and then stays at a tenth."""
    mixer, clip = Mixer(), tone(16_000)
    mixer.play(1, clip)
    before = mixer.render(4000)
    mixer.duck()
    after = mixer.render(4000)
    assert np.allclose(after[GLIDE:], 0.1 * clip[4000 + GLIDE : 8000], atol=1e-6)
    sound = np.concatenate((before, after))
    assert largest_step(sound[:-1]) <= largest_step(clip) + 0.5 / GLIDE
    assert np.max(np.abs(sound[4160:4320])) < 0.5 * 0.6, "half-way after half the time"


def test_a_duck_comes_upon_the_loudness_the_person_chose():
    """Ducked, louder is still louder, and nobody's choice is lost when the duck is over."""
    mixer, clip = Mixer(), tone(16_000, loudness=0.1)
    mixer.play(1, clip)
    mixer.set_volume(6)
    mixer.duck()
    ducked = mixer.render(4000)
    assert np.allclose(ducked[GLIDE:], DUCKED * 10**0.3 * clip[GLIDE:4000], atol=1e-6)
    mixer.resume()
    again = mixer.render(4000)
    assert np.allclose(again[RISE:], 10**0.3 * clip[4000 + RISE : 8000], atol=1e-6)


def test_after_a_duck_the_voice_comes_back_slowly_and_has_lost_nothing():
    """Back at full loudness after 100 ms, with not a sample left out or said twice."""
    mixer, clip = Mixer(), tone(16_000)
    mixer.play(1, clip)
    mixer.duck()
    mixer.render(4000)
    mixer.resume()
    sound = mixer.render(12_000)
    assert np.allclose(sound[RISE:], clip[4000 + RISE :], atol=1e-6)
    assert np.max(np.abs(sound[: RISE // 2])) < 0.5 * 0.6
    assert largest_step(sound[1:]) <= largest_step(clip) + 0.5 / RISE
    assert mixer.take_events() == [ClipStarted(1), ClipFinished(1)]


def test_a_hush_fades_to_silence_and_stays_silent():
    """After 30 ms there is nothing, for as long as it lasts, and no clip begins."""
    mixer, clip = Mixer(), tone(16_000)
    mixer.play(1, clip)
    mixer.play(2, tone(1000), at=5000)
    before = mixer.render(4010)
    mixer.hush()
    after = mixer.render(40_000)
    assert after[: FADE_OUT // 2].any()
    assert not after[FADE_OUT:].any()
    assert largest_step(np.concatenate((before, after))) <= largest_step(clip) + 0.5 / FADE_OUT
    assert mixer.take_events() == [ClipStarted(1)]


def clauses():
    """Give a clip of three clauses, quiet before, between and after, and where each begins."""
    quiet, word = np.zeros(2000, np.float32), tone(6001, frequency=310)[1:]
    short = np.zeros(PAUSE - 100, np.float32)
    first = np.concatenate((quiet, word, short, word))
    begins = [len(quiet), len(first) + len(quiet), len(first) + 2 * len(quiet) + len(word)]
    return np.concatenate((first, quiet, word, quiet, word, quiet)), begins


@pytest.mark.parametrize(
    ("clause", "played"), [(0, 10), (0, 5000), (0, 10_000), (1, 300), (1, 5900), (2, 200)]
)
def test_a_hushed_sentence_is_taken_up_from_its_last_pause(clause, played):
    """Who coughs hears the broken clause again from its beginning, none of those before it."""
    clip, begins = clauses()
    mixer = Mixer()
    mixer.play(1, clip)
    mixer.render(begins[clause] + played - FADE_OUT)
    mixer.hush()
    mixer.render(30_000)
    mixer.resume()
    again = mixer.render(40_000)
    rest = clip[begins[clause] :]
    assert np.allclose(again[PAUSE : PAUSE + len(rest)], rest, atol=1e-6)
    assert not again[: PAUSE - 100].any(), "it begins in the pause before"
    assert not again[PAUSE + len(rest) :].any()
    assert mixer.take_events() == [ClipStarted(1), ClipFinished(1)]


def test_a_pause_that_is_still_quiet_counts():
    """Who is heard between two clauses hears the next one, and none again."""
    clip, begins = clauses()
    mixer = Mixer()
    mixer.play(1, clip)
    mixer.render(begins[1] - 500 - FADE_OUT)
    mixer.hush()
    mixer.render(30_000)
    mixer.resume()
    again = mixer.render(40_000)
    assert np.allclose(again[PAUSE + 500 :][: len(clip) - begins[1]], clip[begins[1] :])


def test_a_sentence_without_a_pause_is_taken_up_from_its_beginning():
    """A short word that broke off is said again in whole, fading in."""
    mixer, clip = Mixer(), tone(16_000)
    mixer.play(1, clip)
    mixer.render(7000)
    mixer.hush()
    mixer.render(5000)
    mixer.resume()
    again = mixer.render(20_000)
    assert np.allclose(again[GLIDE:16_000], clip[GLIDE:], atol=1e-6)
    assert np.max(np.abs(again[: GLIDE // 2])) < 0.5 * 0.6
    assert mixer.take_events() == [ClipStarted(1), ClipFinished(1)]


def test_a_hush_that_is_taken_back_at_once_breaks_nothing_off():
    """Within the 30 ms of its fade the voice comes back where it was."""
    mixer, clip = Mixer(), tone(16_000)
    mixer.play(1, clip)
    before = mixer.render(4000)
    mixer.hush()
    during = mixer.render(FADE_OUT - 1)
    mixer.resume()
    after = mixer.render(12_000)
    sound = np.concatenate((before, during, after))
    assert np.allclose(sound[4000 + FADE_OUT + RISE : 16_000], clip[4000 + FADE_OUT + RISE :])
    assert largest_step(sound) <= largest_step(clip) + 0.5 / FADE_OUT


def test_a_hush_out_of_a_duck_ends_at_full_loudness():
    """First softer, then silent, and after that as loud as before."""
    mixer, clip = Mixer(), tone(16_000)
    mixer.play(1, clip)
    mixer.render(2000)
    mixer.duck()
    mixer.render(2000)
    mixer.hush()
    assert not mixer.render(5000)[FADE_OUT:].any()
    mixer.resume()
    assert np.allclose(mixer.render(16_000)[GLIDE:], clip[GLIDE:], atol=1e-6)


def test_a_cue_is_never_taken_up_again():
    """A cue that was hushed counts as over, and what follows it is played."""
    mixer, after = Mixer(), noise(500)
    mixer.play(1, tone(16_000), at=0, latest=2400)
    mixer.play(2, after)
    mixer.render(4000)
    mixer.hush()
    mixer.render(1000)
    mixer.resume()
    sound = mixer.render(2000)
    assert np.allclose(sound[GLIDE:500], after[GLIDE:], atol=1e-6)
    assert mixer.take_events() == [
        *(ClipStarted(1), ClipFinished(1)),
        *(ClipStarted(2), ClipFinished(2)),
    ]


@pytest.mark.parametrize(("quiet", "played"), [(1000, True), (1001, False)])
def test_a_cue_whose_moment_passes_in_a_hush_is_dropped(quiet, played):
    """Late is never, whatever it waited for."""
    mixer = Mixer()
    mixer.play(1, noise(500), at=0, latest=1000)
    mixer.hush()
    mixer.render(quiet)
    assert mixer.take_events() == []
    mixer.resume()
    mixer.render(2000)
    told = [ClipStarted(1), ClipFinished(1)] if played else [ClipDropped(1)]
    assert mixer.take_events() == told


def test_what_is_asked_for_in_a_hush_waits_for_its_end():
    """The queue stands still, and then goes on in its order."""
    mixer, one, two = Mixer(), noise(500, 1), noise(500, 2)
    mixer.hush()
    mixer.play(1, one)
    mixer.render(100)
    mixer.play(2, two)
    assert not mixer.render(5000).any()
    mixer.resume()
    sound = mixer.render(2000)
    assert np.allclose(sound[GLIDE:1000], np.concatenate((one, two))[GLIDE:], atol=1e-6)


@pytest.mark.parametrize("giving_way", [Mixer.duck, Mixer.hush])
@pytest.mark.parametrize("since", [0, 1, 100, 479, 480, 5000])
def test_a_cut_ends_every_duck_and_hush(giving_way, since):
    """The safety note sounds at once and at full loudness, whatever went on before it."""
    mixer, note = Mixer(), noise(3000, loudness=0.3)
    mixer.play(1, tone(16_000))
    before = mixer.render(3210)
    giving_way(mixer)
    between = mixer.render(since)
    mixer.cut()
    silence = mixer.render(FADE)
    mixer.play(2, note)
    assert np.array_equal(mixer.render(3000), note)
    assert mixer.take_events() == [ClipStarted(1), ClipStarted(2), ClipFinished(2)]
    sound = np.concatenate((before, between, silence))
    assert largest_step(sound) <= largest_step(tone(16_000)) + 0.5 / FADE


def test_a_note_may_begin_over_the_end_of_a_hushed_sentence():
    """What is played right after a cut is at full loudness even while the old sound fades."""
    mixer, note = Mixer(), np.full(1000, 0.3, np.float32)
    mixer.play(1, tone(16_000, loudness=0.2))
    mixer.render(3000)
    mixer.duck()
    mixer.render(1000)
    mixer.cut()
    mixer.play(2, note)
    sound = mixer.render(1000)
    assert np.allclose(sound, note, atol=0.2 * DUCKED)
    assert np.array_equal(sound[FADE:], note[FADE:])


def test_resuming_what_goes_on_anyway_changes_nothing():
    """An end of a hush that never was is no event."""
    mixer, clip = Mixer(), noise(4000)
    mixer.play(1, clip)
    before = mixer.render(1000)
    mixer.resume()
    assert np.array_equal(np.concatenate((before, mixer.render(3000))), clip)


def performance(sizes):
    """Give sound and events of one and the same row of calls, rendered in pieces of such sizes."""
    calls = {
        0: lambda mixer: mixer.play(1, noise(2500, 1), at=300),
        1000: lambda mixer: mixer.set_volume(-9),
        1100: lambda mixer: mixer.set_volume(5),
        2000: lambda mixer: mixer.cut(),
        2030: lambda mixer: mixer.play(2, noise(700, 2), at=2040),
        2050: lambda mixer: mixer.cut(),
        2051: lambda mixer: mixer.play(3, noise(900, 3), at=2500, latest=2600),
        2052: lambda mixer: mixer.play(4, noise(10, 4), at=2600, latest=3000),
        2053: lambda mixer: mixer.play(5, noise(0, 4), at=3700),
        3600: lambda mixer: mixer.set_volume(0),
        3605: lambda mixer: mixer.play(6, clauses()[0], at=4000),
        6400: lambda mixer: mixer.duck(),
        6500: lambda mixer: mixer.hush(),
        6990: lambda mixer: mixer.play(7, noise(100), at=7000, latest=7100),
        7050: lambda mixer: mixer.resume(),
        9000: lambda mixer: mixer.hush(),
        9100: lambda mixer: mixer.cut(),
        9110: lambda mixer: mixer.play(8, noise(300, 5)),
    }
    mixer = Mixer()
    sound, told = [], []
    moments = [*calls, 10_000]
    for size in cycle(sizes):
        if mixer.position in calls:
            calls[mixer.position](mixer)
        following = next((m for m in moments if m > mixer.position), None)
        if following is None:
            break
        block = mixer.render(min(size, following - mixer.position))
        assert block.dtype == np.float32
        sound.append(block)
        told += mixer.take_events()
    assert mixer.position == 10_000
    return np.concatenate(sound), told


@pytest.mark.parametrize("sizes", [[1], [7], [320], [1000], [1, 400, 37, 256]])
def test_the_size_of_the_blocks_does_not_matter(sizes):
    """Whatever number of samples the device asks for at a time, every sample is the same."""
    sound, told = performance([10_000])
    again, told_again = performance(sizes)
    assert np.array_equal(sound, again)
    assert (
        told
        == told_again
        == [
            ClipStarted(1),
            ClipStarted(2),
            ClipStarted(3),
            ClipFinished(3),
            ClipDropped(4),
            ClipStarted(5),
            ClipFinished(5),
            ClipStarted(6),
            ClipStarted(8),
            ClipFinished(8),
        ]
    )


LEFT = SAMPLE_RATE


def left_alone(held=True):
    """Give a mixer in the midst of a clip, whose switch may be left for a second."""
    mixer = Mixer()
    mixer.guard(LEFT, noise(800, 7))
    if held:
        mixer.hold()
    mixer.play(1, tone(5 * SAMPLE_RATE))
    mixer.play(2, tone(100), at=4 * SAMPLE_RATE)
    return mixer


def test_a_coach_that_no_longer_moves_falls_silent_and_says_its_last_words():
    """A second after the switch was left nothing sounds but what was given for that."""
    mixer = left_alone()
    assert mixer.render(LEFT + 1).any()
    sound = mixer.render(20_000)
    np.testing.assert_array_equal(sound[FADE:800], noise(800, 7)[FADE:])
    assert not sound[800:].any()
    assert not mixer.render(4 * SAMPLE_RATE).any()


def test_a_switch_that_is_held_again_and_again_changes_nothing():
    """Nor does one that was never held, as in a recording."""
    plain, held, never = Mixer(), left_alone(), left_alone(held=False)
    plain.play(1, tone(5 * SAMPLE_RATE))
    plain.play(2, tone(100), at=4 * SAMPLE_RATE)
    for _ in range(12):
        held.hold()
        sound = plain.render(LEFT // 2)
        np.testing.assert_array_equal(held.render(LEFT // 2), sound)
        np.testing.assert_array_equal(never.render(LEFT // 2), sound)


def test_who_comes_back_too_late_is_not_heard_before_a_cut():
    """What was meant for a moment long ago is dropped; after a cut all is as ever."""
    mixer = left_alone()
    mixer.render(2 * SAMPLE_RATE)
    mixer.render(SAMPLE_RATE)
    mixer.take_events()
    mixer.hold()
    mixer.play(3, tone(100))
    assert not mixer.render(1000).any()
    assert mixer.take_events() == [ClipDropped(3)]
    mixer.cut()
    mixer.play(4, noise(100))
    assert np.array_equal(mixer.render(100), noise(100))
