"""What people say is heard as what they mean, by the real recogniser, in a quiet room."""

from __future__ import annotations

import pytest
from benchmark.synthesisers import engines
from hearing.sayings import heard, meaning_of, sayings, spoken

from voice_coach.core.transitions import State

pytestmark = pytest.mark.real_parts

SAYINGS = sayings()
DAILY = {
    *("my back hurts", "no pain", "hello", "next please", "okay next", "hold on", "I'm done"),
    *("start over", "what's next", "thank you", "I want the gentle bends"),
}
"""What is tried in every run, in one voice; all of it in all voices takes many minutes."""
SHARE = 0.8
"""Of the rows that are heard as expected; measured below."""
VOICES = [
    *(("espeak", f"{accent}+{variant}") for accent in ("en-us", "en") for variant in ("f2", "m4")),
    *(("flite", voice) for voice in ("rms", "slt", "awb")),
    ("piper", "joe"),
]


@pytest.mark.parametrize("saying", [s for s in SAYINGS if s.words in DAILY], ids=str)
def test_everyday_words_are_heard_as_what_they_mean(language, recognisers, saying):
    sound = spoken("espeak", "en-us+f2", saying.words)
    assert heard(language, recognisers, saying.state, sound) == saying.expected


@pytest.mark.parametrize(("voice", "words"), [("en-us+f2", "oh"), ("en+m4", "oh no")])
def test_oh_ends_nothing(language, recognisers, voice, words):
    """To the recogniser it sounds the same as its "ow"."""
    assert heard(language, recognisers, State.WAITING, spoken("espeak", voice, words)) == ["ask"]


@pytest.mark.parametrize("voice", ["en+m4", "en-gb"])
def test_a_drawn_out_ow_ends_the_routine(language, recognisers, voice):
    sound = spoken("espeak", voice, "[[aU:]]")
    assert heard(language, recognisers, State.WAITING, sound) == ["pain"]


@pytest.mark.nightly
@pytest.mark.parametrize(("engine", "voice"), VOICES)
def test_all_voices_are_understood_and_none_the_dangerous_way(language, recognisers, engine, voice):
    """Whoever wants to stop is never led on, and nobody else's words end as pain."""
    if engine not in engines():
        pytest.skip(f"{engine} is not installed")
    right, dangerous = 0, []
    for saying in SAYINGS:
        found = heard(language, recognisers, saying.state, spoken(engine, voice, saying.words))
        right += found == saying.expected
        if saying.is_dangerous(found):
            dangerous.append((str(saying), found))
    assert not dangerous
    assert right / len(SAYINGS) >= SHARE


@pytest.mark.parametrize("saying", SAYINGS, ids=str)
def test_every_saying_means_something_where_it_is_said(language, saying):
    """Without a recogniser: were each word heard, the meaning would be the expected one."""
    assert meaning_of(language, saying.state, saying.words) == saying.expected
