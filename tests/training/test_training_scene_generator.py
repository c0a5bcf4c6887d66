"""The scenes are made of what may be tuned on, and the same seed gives the same ones."""

from __future__ import annotations

from itertools import chain, pairwise

import pytest
from benchmark.backgrounds import KINDS
from benchmark.rooms import ROOMS, draw_room
from benchmark.synthesisers import engines
from benchmark.voices import Utterance, voices
from training.scene import SECONDS, SPEECH, VOICED
from training.scene_generator import TrainingSceneGenerator

from voice_coach.catalogue import read_language

LANGUAGE = read_language()


def scenes(purpose, seed=1):
    generator = TrainingSceneGenerator(purpose, seed, LANGUAGE)
    return list(generator.fit(60) if purpose == "fit" else generator.trial(6))


def people(some):
    events = chain.from_iterable((*scene.events, *scene.background) for scene in some)
    return {event.sound.voice for event in events if isinstance(event.sound, Utterance)}


@pytest.mark.parametrize("purpose", ["fit", "trial"])
def test_nobody_speaks_and_no_room_sounds_that_the_benchmark_reports_on(purpose):
    some = scenes(purpose)
    reported = [draw_room("report", index).size for index in range(ROOMS)]
    assert people(some) <= set(voices("tune", engines()))
    assert not any(scene.room.size in reported for scene in some)


def test_the_trial_has_other_rooms_and_other_espeak_voices_than_the_fit():
    fitted, tried = scenes("fit"), scenes("trial")
    assert not {scene.room.size for scene in fitted} & {scene.room.size for scene in tried}
    espeak = [{v for v in people(some) if v.engine == "espeak"} for some in (fitted, tried)]
    assert not espeak[0] & espeak[1]


def test_the_same_seed_gives_the_same_takes_and_another_gives_others():
    assert scenes("fit") == scenes("fit")
    assert scenes("fit") != scenes("fit", seed=2)


def test_in_a_third_of_the_takes_nobody_makes_a_sound_and_a_third_begin_in_the_midst():
    fitted = scenes("fit")
    assert sum(not scene.events for scene in fitted) == len(fitted) / 3
    assert sum(scene.begun > 0 for scene in fitted) == len(fitted) / 3
    assert all(scene.seconds == SECONDS for scene in fitted)


def test_somebody_cries_in_the_coachs_first_words():
    spoken_over = [scene for scene in scenes("fit")[2::3] if scene.coach]
    assert spoken_over
    for scene in spoken_over:
        first = scene.events[0]
        assert first.kind == SPEECH
        assert scene.earliest + first.gap <= 2.5
        assert first.level == 0


def test_somebody_speaks_in_the_first_seconds_of_silence():
    silent = [scene for scene in scenes("fit")[2::3] if not scene.coach]
    assert silent
    for scene in silent:
        assert scene.events[0].kind == SPEECH
        assert scene.earliest + scene.events[0].gap <= 2.5


def test_somebody_cries_in_the_midst_of_a_breath_and_somebody_just_breathes():
    following = [
        after.gap
        for scene in scenes("fit")
        for before, after in pairwise(scene.events)
        if before.kind == "long breath"
    ]
    assert min(following) < 0 < max(following)


def test_two_thirds_of_the_rooms_are_lived_in_by_what_may_be_tuned_on():
    fitted = scenes("fit")
    lived_in = [each for scene in fitted for each in scene.surroundings]
    assert len(lived_in) == 2 * len(fitted) / 3
    assert {each.kind for each in lived_in} == set(KINDS)
    assert {each.part for each in lived_in} == {"tune"}


def test_every_row_of_the_trial_is_played():
    rows = {scene.row for scene in scenes("trial")}
    assert rows >= {
        *("over/+10 dB", "over/+0 dB", "over/-10 dB", "noises/over", "noises/silent"),
        *("alone/ordinary", "alone/distorted", "alone/moving"),
        *("alone/100 ppm", "alone/300 ppm", "alone/delay jumps 100 ms"),
        *("wordless/cry", "wordless/singing"),
    }
    assert rows & {f"alone/{kind}" for kind in KINDS}


def test_a_cry_in_the_trial_is_a_voice_and_a_noise_is_none():
    for scene in scenes("trial"):
        kinds = {event.kind for event in scene.events}
        if scene.row == "over/breath":
            assert kinds <= {SPEECH, "long breath"}
        elif scene.row.startswith("over/"):
            assert kinds == {SPEECH}
        elif scene.row.startswith("noises/"):
            assert not kinds & VOICED
