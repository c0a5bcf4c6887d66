"""How well a sentence is understood is counted in words."""

import pytest
from benchmark.intervals import ratio
from benchmark.understanding import Transcript, spoken, words


@pytest.mark.parametrize(
    ("said", "understood", "wrong"),
    [
        ("Lie face down.", "lie face down", 0),
        ("Lie face down.", "like a saudi", 3),
        ("Breathe in.", "breathing", 2),
        ("Rocking.", "raw kidding", 2),
        ("Let both arms hang, and breathe.", "where to go arms and breathe", 4),
        ("Stop.", "", 1),
    ],
)
def test_words_that_are_changed_left_out_or_put_in_are_wrong(said, understood, wrong):
    assert Transcript(said, understood).wrong == wrong


def test_a_word_with_a_hyphen_is_as_many_as_are_written_down():
    assert words("Bend them to forty-five degrees.") == [
        *("bend", "them", "to", "forty", "five", "degrees")
    ]


def test_every_step_is_spoken_on_both_sides_and_nothing_is_left_to_be_put_in(language):
    texts = spoken(language)
    assert any("left" in text for text in texts)
    assert not any("[" in text or "{" in text for text in texts)


def test_a_share_of_words_stands_on_its_sentences():
    """Errors that come all in one sentence tell less than errors in each."""
    even, uneven = ratio([1] * 20, [10] * 20), ratio([10, 10] + [0] * 18, [10] * 20)
    assert even == pytest.approx((0.1, 0.1, 0.1))
    assert uneven[0] == pytest.approx(0.1)
    assert uneven[1] == 0.0
    assert uneven[2] > 0.2
