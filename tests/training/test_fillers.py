"""Which words become fillers."""

from __future__ import annotations

import pytest
from training.confusions import CLOSE, thief
from training.fillers import SIZES, Ranks, choose, written

from voice_coach.catalogue import read_language
from voice_coach.core.toml_reader import parse_toml
from voice_coach.hearing.recogniser import Hypothesis

LANGUAGE = read_language()
FREQUENT = ["the", "shop", "paint", "plain", "next", "breathe", "tree"]


class Measured:
    """Confusions that were measured before: what is taken for a command, and what steals one."""

    def __init__(self, taken, thieves=()):
        self.shares = taken
        self.steals = thieves
        self.grammars = []

    def taken(self, word, grammars, times):
        return self.shares.get(word, 0.0)

    def thieves(self, phrases, grammar, times):
        self.grammars.append(set(grammar))
        return 0, {word: 9 if word in self.steals else 0 for word in grammar}


def chosen(taken, thieves=()):
    return choose(Measured(taken, thieves), LANGUAGE, FREQUENT, lambda line: None)


def test_a_word_that_is_taken_for_a_command_half_of_the_time_is_a_rhyme():
    assert chosen({"paint": 1.0, "shop": 0.5, "the": 0.4})["rhymes"] == ["paint", "shop"]


def test_what_the_coach_says_and_what_is_common_follow_and_no_word_comes_twice():
    kinds = chosen({"paint": 1.0})
    assert "breathe" in kinds["own"]
    assert kinds["common"] == ["plain", "shop", "tree"]
    words = [word for kind in kinds.values() for word in kind]
    assert len(words) == len(set(words))


def test_no_phrase_is_a_filler():
    assert not any("next" in words for words in chosen({"next": 1.0}).values())


def test_a_word_that_steals_commands_is_dropped_whatever_its_kind():
    kinds = chosen({"paint": 1.0, "shop": 1.0}, thieves={"shop", "tree", "the"})
    assert {word for words in kinds.values() for word in words} == {"paint", "breathe", "plain"}


def test_the_next_in_rank_takes_the_place_of_a_thief():
    words = [str(n) for n in range(SIZES["common"] + 5)]
    ranks = Ranks([], [], words)
    assert str(SIZES["common"]) in ranks.chosen({"3"})["common"]
    assert len(ranks.chosen({"3"})["common"]) == SIZES["common"]


def test_a_phrase_is_stolen_by_the_words_that_are_heard_far_more_likely():
    heard = [Hypothesis("the [unk] shop", 9.0), Hypothesis("stop", 9.0 - CLOSE - 1)]
    assert thief("stop", heard) == {"the", "shop"}
    assert thief("stop", [heard[0], Hypothesis("[unk] stop", 9.0 - CLOSE)]) == set()
    assert thief("stop", []) == set()


def test_the_file_reads_back_as_what_was_chosen():
    kinds = chosen({"paint": 1.0})
    assert parse_toml(written(kinds)) == kinds


@pytest.mark.parametrize("kind", ["rhymes", "own", "common"])
def test_the_lines_of_the_file_are_short_enough_to_read(kind):
    many = {kind: [f"word{n}" for n in range(100)]}
    assert all(len(line) <= 100 for line in written(many).splitlines())
