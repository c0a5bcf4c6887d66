"""A routine as a sound file, with the real voice."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.sound_reader import read_sound
from voice_coach.core.breathing import Pattern
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.script import write_out
from voice_coach.render import render, render_file

pytestmark = pytest.mark.real_parts


@pytest.fixture(scope="module")
def short(language):
    """Give a routine of a minute: the first three steps of one."""
    routine = language.routine("leg-over-leg")
    return routine.model_copy(update={"steps": routine.steps[:3], "caution": routine.caution[:1]})


@pytest.fixture(scope="module")
def recording(language, short):
    return render(language, short)


def test_a_recording_has_a_chapter_for_its_beginning_and_for_each_step(language, short, recording):
    """Whoever follows it can go back to the step they want, on the side they want."""
    steps = write_out(short, language.coach)
    titles = [f"{step.title} ({step.side})" if step.side else step.title for step in steps]
    assert [chapter.title for chapter in recording.chapters] == [short.title, *titles]
    starts = [chapter.start for chapter in recording.chapters]
    assert starts == sorted(starts)
    assert starts[0] == 0
    for start in starts[1:]:
        before = recording.samples[round(start * SAMPLE_RATE) :][: SAMPLE_RATE // 10]
        assert not before.any(), "a chapter begins with a moment of quiet"


def test_the_same_routine_gives_the_same_recording(language, short, recording, tmp_path):
    """Nothing in it is left to chance, and the file holds all of it."""
    seconds = render_file(language, short, tmp_path / "one.wav")
    assert seconds == len(recording.samples) / SAMPLE_RATE
    written = read_sound(tmp_path / "one.wav")
    np.testing.assert_allclose(written, recording.samples, atol=1e-4)


def test_a_recording_breathes_as_one_wishes(language):
    """With longer breaths it lasts longer by just so much."""
    routine = language.routine("gentle-bends")
    breathed = routine.model_copy(update={"steps": routine.steps[-2:-1]})
    usual, longer = render(language, breathed), render(language, breathed, Pattern(5, 7))
    more = (len(longer.samples) - len(usual.samples)) / SAMPLE_RATE
    assert more == pytest.approx(3 * 2, abs=0.05)
