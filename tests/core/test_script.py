"""What a routine says when it is done from beginning to end."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from scenes import BENDS, LEGS, PRESS, lead, rehearse

from voice_coach.core.routine import parse_routine
from voice_coach.core.script import routine_sentences, write_out
from voice_coach.core.transitions import State

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


@pytest.fixture(scope="module")
def told(language):
    """All that a whole session of each routine says, in small letters."""
    texts = {}
    for routine in language.routines:
        rehearsal = rehearse(language, routine.id)
        rehearsal.run_obediently()
        texts[routine.id] = " ".join(spoken.text for spoken in rehearsal.spoken).lower()
    return texts


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


@pytest.mark.parametrize("routine", [BENDS, LEGS])
def test_both_sides_get_the_same_time(language, routine):
    """Neither side is stretched for longer than the other."""
    seen = []
    # Every sentence takes two seconds here, for "right" is longer to say than "left".
    lead(
        rehearse(language, routine, seconds=lambda _text, _rate: 2.0),
        lambda view: seen.append((view.now, view.side)) or view.state is State.CLOSING,
    )
    spent = {}
    for (begin, side), (end, _) in pairwise(seen):
        spent[side] = spent.get(side, 0) + end - begin
    first, other = language.routine(routine).sides
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
        rehearsal = rehearse(language, routine.id)
        rehearsal.run_obediently()
        after = [spoken.text for spoken in rehearsal.spoken]
        after = after[after.index(language.coach.ask_ready) + 1 :]
        assert set(after) <= set(routine_sentences(routine, language))


COMMON = {
    "the coach is no doctor": "no doctor",
    "pain words are taught": "say: it hurts",
}
FACTS = {
    BENDS: {
        "D: bend forward": "roll down",
        "D: lean backward": "lean gently backward",
        "D: to one side": "bend to the right",
        "D: to the other side": "bend to the left",
        "D: eases tension": "eases tension",
        "D: without a twist": "without any twist",
        "D: in the shower": "shower",
        "D: after five minutes of warm water": "warm water.*about five minutes",
        "D: mind the floor": "slippery floor",
    },
    LEGS: {
        "C2: on a mat": "you need a mat",
        "C2: sit upright": "sit upright",
        "C2: legs extended": "stretch both legs out",
        "C2: bend one leg, place it over the other": (
            "bend your right leg, and place it over the left.*"
            "bend your left leg, and place it over the right"
        ),
        "C2: the other leg straight": "your left leg stays straight.*your right leg stays straight",
        "C2: only one foot on the floor": "only your right foot.*only your left foot",
        "C2: close to the other hip": "close to your left hip.*close to your right hip",
        "C2: arm across the body to the outer side": (
            "your left arm across your body, to the outer side of your right leg.*"
            "your right arm across your body, to the outer side of your left leg"
        ),
        "C2: push against the knee": (
            "your left arm against your right knee.*your right arm against your left knee"
        ),
        "C2: bend slightly backward": "bend slightly backward",
        "C2: turn": "turn gently to the right.*turn gently to the left",
        "C2: a stretch is felt": "until you feel a stretch",
        "C2: release when it cracks": "let the tension go\\. if it cracked, that is enough",
        "E: be very cautious": "be very cautious",
        "E: overexertion can injure": "too much force can injure",
        "E: leave off at the first pain": "at the first bad feeling, let go",
    },
    PRESS: {
        "B: face down": "lie face down",
        "B: on something firm": "the floor or a firm mattress",
        "B: arms at the sides": "arms at your sides",
        "B: the partner above the head": "partner: stand directly above the head",
        "B: hands stacked": "stack both hands",
        "B: at the centre, between the shoulder blades": "centre, between the shoulder blades",
        "B: gentle pressure at first": "begin with very little",
        "B: pressure only with the breath out": "push gently down while the breath goes out",
        "B: none with the breath in": "with each breath in, let go, and only rest your hands",
        "B: the breath must be heard": "out loud, so that both of you hear each breath",
        "B: in and out are called aloud": "breathe in, hands rest.* breathe out, gently press",
        "B: it does not crack at once": "does not crack at once",
        "B: until a satisfying crack": "when a good crack has come, say: next",
        "B: dangerous when the limit is not known": "dangerous if you do not know the limit",
        "B: keep talking": "keep talking to each other",
        "B: the partner is told at once": "at the first bad feeling, say so",
        "B: and takes the hands off": "partner: hands off, at once",
        "E: be very cautious": "be very cautious",
        "E: overexertion can injure": "too much force on the spine can injure",
    },
}


@pytest.mark.parametrize(
    ("routine", "fact"),
    [(routine, fact) for routine, facts in FACTS.items() for fact in {**COMMON, **facts}],
)
def test_no_fact_is_lost(told, routine, fact):
    """What the routine is built on is said aloud in it."""
    assert re.search({**COMMON, **FACTS[routine]}[fact], told[routine])


def test_stretching_is_offered_before_twisting(language):
    """Gentle bends come first, and no twist stands before a stretch."""
    assert language.routines[0].id == BENDS
    twists = [routine.twist for routine in language.routines]
    assert twists == sorted(twists)


def test_every_twist_is_marked_as_one(language):
    """What turns or presses the spine needs a caution and counts."""
    assert {routine.id for routine in language.routines if routine.twist} >= {LEGS, PRESS}
    assert language.routine(PRESS).partner


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
                assert "press" in step.breathing.cue_out
                assert "rest" in step.breathing.cue_in
