"""What is found in a routine that its format allows and that would still go wrong."""

from __future__ import annotations

import pytest

from voice_coach.core.advice import advise
from voice_coach.core.routine import parse_routine

GOOD = """\
id = "arm-press"
title = "Arm press"
names = ["arm press"]
summary = "A partner presses."
twist = true
partner = true
caution = ["At the first bad feeling, say: it hurts."]
place = ["Lie down."]

[[steps]]
title = "Lie"
say = ["Press your feet into the floor.", "When you lie well, say: next."]

[[steps]]
title = "Rest"
say = ["Rest your hands."]
to = "partner"
breathing = { rounds = 3, cue_in = "In.", cue_out = "Out." }

[[steps]]
title = "Press"
say = ["Push down while the breath goes out."]
to = "partner"
[steps.breathing]
rounds = 3
cue_in = "In, rest."
cue_out = "And out."
press = true
cue_push = "Press."
cue_let_go = "Let go."
"""


def advice(language, old="", new=""):
    """Give what is found once `new` stands in place of `old`."""
    assert not old or GOOD.count(old) == 1
    return [
        (".".join(map(str, found.path)), found.message.split("; ")[0])
        for found in advise(parse_routine(GOOD.replace(old, new) if old else GOOD, ""), language)
    ]


def test_nothing_is_found_in_a_good_routine(language):
    """Words that are taught, and a press in its place, are as they should be."""
    assert advice(language) == []


def test_nothing_is_found_in_any_shipped_routine(language):
    """What the coach asks of others it keeps itself."""
    for routine in language.routines:
        rest = tuple(other for other in language.routines if other != routine)
        assert advise(routine, language.model_copy(update={"routines": rest})) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "word"),
    [
        ("Lie down.", "Lie down, and wait.", "place.0", "wait"),
        ("Lie down.", "Now go back.", "place.0", "go back"),
        ("Lie down.", "Now STOP.", "place.0", "stop"),
        ("At the first bad feeling, say:", "Say so if", "caution.0", "it hurts"),
        ("say: next.", "say: next. Then wait.", "steps.0.say.1", "wait"),
        ("Rest your hands.", "No pain.", "steps.1.say.0", "pain"),
        ('"In."', '"Slower."', "steps.1.breathing.cue_in", "slower"),
        ('"Out."', '"Gentler."', "steps.1.breathing.cue_out", "gentler"),
    ],
)
def test_a_word_that_is_a_command_at_that_moment_is_found(language, old, new, path, word):
    """The coach could take its own voice for the person's."""
    message = f'has "{word}", which is a command while it is spoken'
    assert advice(language, old, new) == [(path, message)]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('place = ["Lie down."]', 'place = ["Lie down."]\nsetup = ["Wait, it hurts."]', "setup.0"),
        ('place = ["Lie down."]', 'place = ["Lie down."]\nprops = ["it hurts"]', "props.0"),
        ('place = ["Lie down."]', 'place = ["Lie down."]\nsurface = "it hurts"', "surface"),
        (
            'say = ["Press your feet into the floor.", "When you lie well, say: next."]',
            'say = ["Press your feet down."]\nhold = 20\nrelease = "It hurts, come out."',
            "steps.0.release",
        ),
    ],
)
def test_no_sentence_of_any_kind_holds_a_cry(language, old, new, path):
    assert (path, 'has "it hurts", which is a command while it is spoken') in advice(
        language, old, new
    )


@pytest.mark.parametrize("cue", ["cue_push", "cue_let_go"])
def test_stars_and_signs_are_found_in_every_cue(language, cue):
    was = {"cue_push": "Press.", "cue_let_go": "Let go."}[cue]
    found = advice(language, f'{cue} = "{was}"', f'{cue} = "**{was}**"')
    assert [path for path, _ in found] == [f"steps.2.breathing.{cue}"]


def test_a_word_that_is_no_command_at_that_moment_may_be_said(language):
    """Only the sound check listens for "ready", and only where there is a partner "gentler"."""
    assert advice(language, "Lie down.", "Get ready.") == []
    alone = GOOD[: GOOD.index('[[steps]]\ntitle = "Rest"')].replace("partner = true\n", "")
    alone = alone.replace("Lie down.", "This one is gentler.")
    assert advise(parse_routine(alone, ""), language) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "word"),
    [
        ("Rest your hands.", "Press now.", "steps.1.say.0", "press"),
        ('"In."', '"In, push."', "steps.1.breathing.cue_in", "push"),
        ('"Out."', '"Out, press."', "steps.1.breathing.cue_out", "press"),
        ('"In, rest."', '"In, press."', "steps.2.breathing.cue_in", "press"),
        ("Press your feet into", 'Lie on", "Push on', "", ""),
    ],
)
def test_a_press_outside_a_breath_out_is_found(language, old, new, path, word):
    """A partner is never asked for pressure but with the breath out; what you do is your own."""
    message = f'has "{word}", which asks for pressure outside a breath out'
    assert advice(language, old, new) == ([(path, message)] if path else [])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gentle bends", '"gentle bends" already means something'),
        ("Next", '"next" already means something'),
        ("twelve", '"twelve" already means something'),
        ("number three", '"number three" already means something'),
        ("pain relief", '"pain relief" holds "pain", which would end the session'),
    ],
)
def test_a_name_that_means_something_is_found(language, name, told):
    """Each routine can be told from everything else by ear."""
    assert advice(language, 'names = ["arm press"]', f'names = ["{name}"]') == [("names.0", told)]


def test_an_id_that_is_taken_is_found(language):
    """Two routines of one id could not be told apart."""
    message = "\"rocking\" is another routine's or plan's"
    assert advice(language, 'id = "arm-press"', 'id = "rocking"') == [("id", message)]


def test_an_id_that_is_reserved_for_assigned_plans_is_found(language):
    message = '"assigned-x" is reserved for plans that are assigned'
    assert advice(language, 'id = "arm-press"', 'id = "assigned-x"') == [("id", message)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Lie *down*.", 'has "*", which the voice reads out or leaves out'),
        ("# Lie down.", 'has "#", which the voice reads out or leaves out'),
        ("Lie _down_.", 'has "_", which the voice reads out or leaves out'),
        ("Lie <b>down</b>.", 'has "<", which the voice reads out or leaves out'),
        ("Lie `down`.", 'has "`", which the voice reads out or leaves out'),
        ("Lie down \N{SMILING FACE WITH OPEN MOUTH}.", "which the voice reads out or leaves out"),
        ("Lie down at 45\N{DEGREE SIGN}.", "which the voice reads out or leaves out"),
        ("Lie \N{CYRILLIC SMALL LETTER DE}own.", "a letter of another script"),
        ("\N{HIRAGANA LETTER NE}\N{HIRAGANA LETTER RU}", "a letter of another script"),
    ],
)
@pytest.mark.parametrize(
    ("old", "path"),
    [
        ("Lie down.", "place.0"),
        ("A partner presses.", "summary"),
        ("Rest your hands.", "steps.1.say.0"),
        ("Arm press", "title"),
    ],
)
def test_what_a_voice_cannot_say_is_found_wherever_it_stands(language, text, told, old, path):
    """Stars, tags, signs and other scripts would be read out literally."""
    ((where, message),) = advice(language, f'"{old}"', f'"{text}"')
    assert where == path
    assert told in message


def test_accents_dashes_and_quotes_may_be_written(language):
    """A voice says them, or makes a pause."""
    new = "Lie down \N{EM DASH} in a \u201ccaf\N{LATIN SMALL LETTER E WITH ACUTE}\u201d; 2 times."
    assert advice(language, "Lie down.", new) == []


def test_a_name_with_words_that_the_model_does_not_know_is_found(language):
    """Nobody could choose it by voice."""
    routine = parse_routine(GOOD.replace('["arm press"]', '["arm press", "supta kapotasana"]'), "")
    (found,) = advise(routine, language, lambda word: word in ("arm", "press"))
    assert (found.path, found.text) == (("names", 1), "supta kapotasana")
    assert found.message.startswith('has "supta" and "kapotasana", which the speech model does not')
