"""The screen's own words."""

from __future__ import annotations

from importlib.resources import files

import pytest

from voice_coach.core.language import InvalidLanguage
from voice_coach.display.commands import KEYS
from voice_coach.display.words import parse_screen_words, read_screen_words


def test_every_key_without_a_letter_has_a_name():
    """Every key that has no letter on it has a name."""
    words = read_screen_words()
    assert {key for key in KEYS if not key.isalpha()} == set(words.key_names)


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ('you = "you"', "you = ", "not valid TOML: "),
        ("{n} of {of}", "{n} of {all}", "step: may have {n}, {of}, {time} and {things} in braces"),
        ('waiting = "Say: next."', 'asleep = "Zzz"', "hints.asleep"),
        ('ended = "ended"', "", 'states: has no word for "ended"; add it'),
        ('in = "In"', "", 'breaths: has no word for "in"; add it'),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(right, wrong, complaint):
    """A mistake in the file is named with its place."""
    text = (files("voice_coach") / "data" / "en" / "screen.toml").read_text("utf-8")
    with pytest.raises(InvalidLanguage) as caught:
        parse_screen_words("en", text.replace(right, wrong, 1))
    assert str(caught.value).startswith(f"en/screen.toml: {complaint}")
