"""Routines are read from files that a physiotherapist writes: good ones work, bad ones are told."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.core.routine import InvalidRoutine, parse_routine

SHIPPED = sorted(
    (files("voice_coach") / "data" / "en" / "routines").iterdir(), key=lambda path: path.name
)

GOOD = """\
id = "arm-press"
title = "Arm press"
names = ["arm press"]
summary = "A partner presses."
twist = true
partner = true
caution = ["Be careful."]
place = ["Lie down."]

[[steps]]
title = "Lie"
say = ["Lie on your [left|right] side."]
sided = true

[[steps]]
title = "Stay"
say = ["Stay there."]
hold = 20

[[steps]]
title = "Press"
say = ["Breathe."]
to = "partner"
breathing = { rounds = 3, cue_in = "In.", cue_out = "Out.", PRESS }
""".replace("PRESS", 'press = true, cue_push = "Press.", cue_let_go = "Let go."')


def error(text):
    """Give the sentence with which a text is refused."""
    with pytest.raises(InvalidRoutine) as caught:
        parse_routine(text, "arm-press.toml")
    return str(caught.value)


def test_a_good_routine_is_read():
    """What is written is what is there, with the rest at its defaults."""
    routine = parse_routine(GOOD, "arm-press.toml")
    assert [step.title for step in routine.steps] == ["Lie", "Stay", "Press"]
    assert routine.steps[1].hold == 20
    assert routine.steps[2].breathing.breath_out == 6


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_routine_is_valid(path):
    """No routine that comes with the coach is refused; its file is named after it."""
    assert parse_routine(path.read_text("utf-8"), path.name).id == path.name.removesuffix(".toml")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ('summary = "A partner presses."\n', "", 1, "summary is missing; add it"),
        ('title = "Arm press"\n', "", 1, "title is missing; add it"),
        ('title = "Lie"\n', "", 10, "steps 1 title is missing; add it"),
        ('title = "Stay"\n', "", 15, "steps 2 title is missing; add it"),
        ('say = ["Stay there."]\n', "", 15, "steps 2 say is missing; add it"),
        ("rounds = 3, ", "", 24, "steps 3 breathing rounds is missing; add it"),
        ("summary =", "sumary = 1\nsummary =", 4, "sumary is not known; check its spelling"),
        ("hold = 20", "hold = 20\nhodl = 2", 19, "steps 2 hodl is not known"),
        ("rounds = 3", "rounds = 3, round = 3", 24, "steps 3 breathing round is not known"),
        ("hold = 20", 'hold = 20\n"a (b" = 2', 19, "steps 2 'a (b' is not known"),
        ("hold = 20", 'hold = "long"', 18, "steps 2 hold must be a number; write digits"),
        ("hold = 20", "hold = 3", 18, "steps 2 hold must be at least 5; raise it"),
        ("hold = 20", "hold = 61", 18, "steps 2 hold must be at most 60; lower it"),
        ("hold = 20", "hold = nan", 18, "steps 2 hold input should be a finite number"),
        ("hold = 20", "hold = -inf", 18, "steps 2 hold input should be"),
        ("hold = 20", f"hold = 1{'0' * 400}", 18, "steps 2 hold"),
        ("rounds = 3", "rounds = 2.5", 24, "steps 3 breathing rounds input should be a valid int"),
        ("rounds = 3", "rounds = 0", 24, "steps 3 breathing rounds must be at least 1"),
        ('["Lie down."]', '"Lie down."', 8, "place must be a list; put it in square brackets"),
        ('["Lie down."]', "[]", 8, "place is empty; put something in"),
        ('["Lie down."]', "[7]", 8, "place 1 must be a text; put it in quotes"),
        ('"partner"\n', '"dog"\n', 23, "steps 3 to input should be 'you' or 'partner'"),
        ('caution = ["Be careful."]\n', "", 1, "is a twist without a caution; add: caution"),
        ("partner = true", "partner = false", 1, "speaks to a partner in step 3; add: partner"),
        ("twist = true", "twist = false", 1, "a press needs partner = true and twist = true"),
        ("hold = 20", '[steps.breathing]\nrounds = 1\ncue_in = "In."', 18, "cue_out is missing"),
        ("sided = true\n", "", 10, "names a side choice but is not sided; add: sided = true"),
        ("[left|right]", "[left or right]", 12, "bracket that is no side choice; write [right|"),
        ("[left|right]", "[left|right", 12, "bracket that is no side choice; write [right|"),
        ("Lie on your [left|right] side.", "[|right]", 12, "says nothing on one of the sides"),
        ("Lie down.", "Lie [up|down].", 8, "only the sentences of a sided step may choose"),
        ("Lie down.", "Lie \\u0007 down.", 8, "a character that cannot be spoken; use plain"),
        ("Lie down.", "Lie\\ndown.", 8, "a character that cannot be spoken; use plain"),
        ("Lie down.", "x" * 201, 8, "should have at most 200 characters"),
        ("Lie down.", " ", 8, "should have at least 2 characters"),
        ('["Stay there."]', '["....."]', 17, "steps 2 say 1 says nothing; write words"),
        ("Lie on your [left|right] side.", "[...|left]", 12, "says nothing on one of the sides"),
        ('names = ["arm press"]', "names = [\"''\"]", 3, "cannot be heard; write it as plain"),
        ('names = ["arm press"]', 'names = ["press 2"]', 3, "cannot be heard; write it as plain"),
        ('"In."', '"Breathe in slowly, and feel your ribs."', 24, "shorten the cue or lengthen"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_remedy(old, new, line, told):
    """Whoever wrote it knows which file, which line, what is wrong and what to do."""
    assert GOOD.count(old) == 1
    message = error(GOOD.replace(old, new))
    assert message.startswith(f"arm-press.toml, line {line}: ")
    assert told in message
    assert "\n" not in message
    assert message.isprintable()


def test_a_press_exists_only_with_a_partner():
    """A press without a partner is refused, even when nobody is spoken to."""
    lonely = GOOD.replace("partner = true\n", "").replace('to = "partner"\n', "")
    assert "has a press in step 3; a press needs partner = true" in error(lonely)


def test_a_step_is_either_held_or_breathed():
    """Both at once is refused."""
    both = GOOD.replace(
        "hold = 20", 'hold = 20\nbreathing = { rounds = 1, cue_in = "In.", cue_out = "Out." }'
    )
    assert "line 15: steps 2 has both a hold and a breathing; make two steps" in error(both)


def test_several_mistakes_are_told_at_once():
    """A person need not start the coach once for each mistake."""
    message = error(GOOD.replace("hold = 20", "hold = 1").replace("rounds = 3", "rounds = 0"))
    assert [line.split(":")[0] for line in message.split("\n")] == [
        "arm-press.toml, line 18",
        "arm-press.toml, line 24",
    ]


def test_all_mistakes_are_told_at_once():
    """Thirty steps with a mistake each are thirty lines, each with its own number."""
    step = '\n[[steps]]\ntitle = "Stay"\nsay = ["Stay there."]\nhold = 1\n'
    lines = error(GOOD + 30 * step).split("\n")
    assert len({line.split(":")[0] for line in lines}) == 30


def test_all_that_is_unsafe_is_told_at_once():
    """What a routine lacks as a whole is told together."""
    lacks = GOOD.replace('caution = ["Be careful."]\n', "").replace("partner = true\n", "")
    message = error(lacks)
    for part in ("without a caution", "speaks to a partner in step 3", "has a press in step 3"):
        assert part in message


def test_a_flood_of_mistakes_is_told_up_to_a_hundred():
    """A text of nothing but mistakes gets an answer soon, and tells how many are left."""
    lines = error("".join(f"k{n} = 1\n" for n in range(9000))).split("\n")
    assert len(lines) == 101
    assert "more mistakes; mend these first" in lines[-1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = \n", "line 1"),
        ('id = "a"\nid = "b"\n', "line 2"),
        ("[[steps]\n", "line 1"),
        (f"hold = {'9' * 5000}", "digits"),
        ("a = " + "[" * 40_000, "nested too deep"),
        ("\x00", "line 1"),
    ],
)
def test_broken_toml_is_told_as_such(text, told):
    """What is not TOML at all is refused with the parser's own place."""
    message = error(text)
    assert message.startswith("arm-press.toml: not valid TOML: ")
    assert told in message
    assert message.endswith("mend it there")


def test_a_huge_text_is_refused_before_it_is_read():
    """A file that is no routine costs no time."""
    assert error("#" * 10_000_000) == "arm-press.toml: longer than 100000 characters; shorten it"


@settings(max_examples=60)
@given(data=st.data(), path=st.sampled_from(SHIPPED))
def test_a_damaged_file_is_refused_or_read_never_more(data, path):
    """Whatever piece of a routine is lost or spoilt, the answer is a routine or a clear refusal."""
    text = path.read_text("utf-8")
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 80))
    put_in = data.draw(st.text(max_size=5))
    try:
        parse_routine(text[:start] + put_in + text[start + length :], path.name)
    except InvalidRoutine as refused:
        assert str(refused).startswith(path.name)  # noqa: PT017 - it need not be refused


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_no_text_at_all_brings_the_reader_down(text):
    """Any text gets a clear refusal."""
    assert error(text).startswith("arm-press.toml")
