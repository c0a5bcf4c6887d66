"""What a routine says when it is done from beginning to end."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from scenes import BENDS, PRESS, begin, lead

from voice_coach.catalogue import read_language
from voice_coach.core.routine import parse_routine
from voice_coach.core.script import routine_sentences, write_out
from voice_coach.core.transitions import State

SIDED_ROUTINES = [
    routine.id for routine in read_language().routines if any(step.sided for step in routine.steps)
]
SIDED = """\
id = "turns"
title = "Turns"
names = ["turns"]
summary = "Turn."
place = ["Stand."]
sides = ["first side", "other side"]

[[steps]]
title = "Stand"
say = ["Stand."]

[[steps]]
title = "Turn [right|left]"
say = ["Turn [right|left].", "Look over your [right|left] shoulder, not your [left|right]."]
sided = true
hold = 5

[[steps]]
title = "Breathe"
say = ["Breathe."]
sided = true
breathing = { rounds = 1, cue_in = "In, [right|left].", cue_out = "Out." }

[[steps]]
title = "Done"
say = ["Done."]
"""


def test_what_is_written_once_is_spoken_for_both_sides(language):
    """Sided steps that stand together are done for the first side, then mirrored for the other."""
    script = write_out(parse_routine(SIDED, "turns.toml"), language.coach)
    assert [(step.side, step.say[-1]) for step in script] == [
        ("", "Stand."),
        ("first side", "Look over your right shoulder, not your left."),
        ("first side", "Breathe."),
        ("other side", "Look over your left shoulder, not your right."),
        ("other side", "Breathe."),
        ("", "Done."),
    ]
    assert [step.title for step in script if step.source.hold] == ["Turn right", "Turn left"]
    assert [step.breathing.cue_in for step in script if step.breathing] == [
        "In, right.",
        "In, left.",
    ]
    assert [step.mirrored for step in script] == [False, False, False, True, True, False]


@pytest.mark.parametrize("routine", SIDED_ROUTINES)
def test_both_sides_get_the_same_time(language, routine):
    """Neither side is stretched for longer than the other."""
    seen = []
    # Every sentence takes two seconds here, for "right" is longer to say than "left".
    lead(
        begin(
            language,
            routine,
            seconds=lambda _text, _rate: 2.0,
            known_routines=frozenset({"another"}),  # the first session teaches "help" on one side
        ),
        lambda view: seen.append((view.now, view.side)) or view.state is State.RATING,
    )
    spent = {}
    for (start, side), (end, _) in pairwise(seen):
        spent[side] = spent.get(side, 0) + end - start
    first, other = language.routine(routine).sides or language.coach.sides
    assert spent[first] == pytest.approx(spent[other], abs=1e-6)
    assert spent[first] > 15


def test_right_and_left_are_exchanged_everywhere(language):
    """On the other side every right is a left and every left a right, and nothing else differs."""
    swap = {"right": "left", "left": "right", "Right": "Left", "Left": "Right"}
    for routine in language.routines:
        script = write_out(routine, language.coach)
        first = [step for step in script if step.side and not step.mirrored]
        other = [step for step in script if step.mirrored]
        for one, two in zip(first, other, strict=True):
            mirrored = [re.sub("(?i)right|left", lambda m: swap[m[0]], text) for text in one.say]
            assert mirrored == list(two.say)


def test_the_partner_is_addressed(language):
    """What is meant for the partner begins with "Partner"."""
    for step in write_out(language.routine(PRESS), language.coach):
        assert step.say[0].startswith("Partner: ") == (step.source.to == "partner")


def test_all_that_a_session_surely_says_is_prepared(language):
    """What a quiet session speaks after the sound check has been asked for ahead."""
    for routine in language.routines:
        simulation = begin(language, routine.id)
        simulation.run_obediently()
        after = [spoken.text for spoken in simulation.spoken]
        after = after[after.index(language.coach.ask_ready) + 1 :]
        assert set(after) <= set(routine_sentences(routine, language))


def test_stretching_is_offered_before_twisting(language):
    """Gentle bends come first, and no twist stands before a stretch."""
    assert language.routines[0].id == BENDS
    twists = [routine.twist for routine in language.routines]
    assert twists == sorted(twists)


def test_six_breaths_a_minute(language):
    """The press goes by a slow breath, out for longer than in, eight times."""
    press = next(
        s.breathing for s in language.routine(PRESS).steps if s.breathing and s.breathing.press
    )
    assert 60 / (press.breath_in + press.breath_out) == 6
    assert press.breath_out > press.breath_in


def test_only_the_breath_out_is_pressed(language):
    """The cue that lets the partner press is the one to breathe out; the other rests the hands."""
    for routine in language.routines:
        for step in routine.steps:
            if step.breathing and step.breathing.press:
                assert "out" in step.breathing.cue_out
                assert "push" in step.breathing.cue_push
                assert step.breathing.cue_let_go == "Let go."
