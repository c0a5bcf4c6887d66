"""Vosk hears what the coach listens for, with the real model and voices made on the spot."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from spoken import room, say

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.hearing.model_store import STAMP, find, manifest, store
from voice_coach.hearing.recogniser import Result
from voice_coach.hearing.vosk_recogniser import (
    UnusableModel,
    VoskModel,
    VoskRecogniser,
    shared_model,
)

pytestmark = pytest.mark.real_parts

BLOCK = SAMPLE_RATE // 50
COMMANDS = ("next", "repeat", "pause", "continue", "stop", "it hurts", "ouch", "ready", "louder")
OTHERS = ("yes", "no", "help")


@pytest.fixture(scope="session")
def folder():
    """Find the verified model's folder."""
    found = find(manifest(), store())
    assert found, "The speech model is missing: run ./scripts/run fetch-model."
    return found


@pytest.fixture(scope="session")
def model(folder):
    """Load the real model."""
    return VoskModel(folder)


@pytest.fixture
def recogniser(model):
    """Make a recogniser that listens for the commands."""
    recogniser = VoskRecogniser(model)
    recogniser.listen_for(COMMANDS)
    return recogniser


def hear(recogniser, *sounds):
    """Give the recogniser the sounds one after the other; tell its results and when they came."""
    samples = np.concatenate(sounds)
    blocks = [samples[start : start + BLOCK] for start in range(0, len(samples), BLOCK)]
    answers = [
        ((count + 1) * BLOCK / SAMPLE_RATE, recogniser.accept(block))
        for count, block in enumerate(blocks)
    ]
    return [(at, result) for at, result in answers if result]


def finals(heard):
    """Keep the texts that were final."""
    return [result.text for _, result in heard if result.final]


@pytest.mark.parametrize("voice", ["en-us", "en-us+f3"])
@pytest.mark.parametrize("phrase", COMMANDS)
def test_a_command_is_heard_while_its_last_sound_fades(recogniser, phrase, voice):
    """Each command shows within 0.4 s of its last sound, and is confirmed within 1.2 s, once."""
    spoken = say(phrase, voice)
    heard = hear(recogniser, room(0.5), spoken, room(1.5))
    end = 0.5 + len(spoken) / SAMPLE_RATE
    assert next(at for at, result in heard if result.text == phrase) < end + 0.4
    assert next(at for at, result in heard if result.final) < end + 1.2
    assert finals(heard) == [phrase]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9, 1.2])
@pytest.mark.parametrize("phrase", ["stop", "it hurts", "continue"])
def test_a_new_grammar_in_the_middle_of_a_word_loses_nothing(model, phrase, share):
    """Whatever is being said when the grammar changes is heard whole in the new one."""
    spoken = say(phrase)
    sound = np.concatenate([room(0.5), spoken, room(1.5)])
    cut = round(0.5 * SAMPLE_RATE + share * len(spoken))
    recogniser = VoskRecogniser(model)
    recogniser.listen_for(OTHERS)
    hear(recogniser, sound[:cut])
    recogniser.listen_for(COMMANDS)
    assert finals(hear(recogniser, sound[cut:])) == [phrase]


def test_a_new_grammar_after_a_command_does_not_hear_it_again(recogniser):
    """Once a command is confirmed, no change of grammar repeats it."""
    assert finals(hear(recogniser, room(0.5), say("next"), room(1.5))) == ["next"]
    recogniser.listen_for([*COMMANDS, *OTHERS])
    assert hear(recogniser, room(2)) == []


def test_a_new_grammar_does_not_repeat_a_guess_that_was_told(recogniser):
    """A partial result that still holds in the new grammar is not given out twice."""
    heard = hear(recogniser, room(0.5), say("next"), room(0.25))
    assert heard[-1][1] == Result("next", final=False)
    recogniser.listen_for([*COMMANDS, *OTHERS])
    assert [result for _, result in hear(recogniser, room(1.5))] == [Result("next", final=True)]


def test_what_was_acted_on_can_be_forgotten(recogniser):
    """After a guess was acted on and forgotten, neither its end nor a new grammar tells it."""
    hear(recogniser, room(0.5), say("next"), room(0.25))
    recogniser.forget()
    recogniser.listen_for([*COMMANDS, *OTHERS])
    assert finals(hear(recogniser, room(0.3), say("stop"), room(1.5))) == ["stop"]


def test_the_same_phrases_in_another_order_change_nothing(recogniser):
    """Being told what it already listens for, in mid-word too, makes no difference."""
    spoken = say("continue")
    hear(recogniser, room(0.5), spoken[: len(spoken) // 2])
    before = recogniser._recogniser  # noqa: SLF001 - a replay would show in nothing but its cost
    recogniser.listen_for(COMMANDS[::-1])
    assert recogniser._recogniser is before  # noqa: SLF001
    assert finals(hear(recogniser, spoken[len(spoken) // 2 :], room(1.5))) == ["continue"]


class Wavering:
    """A vosk that guesses a word, takes it back, and ends the utterance with nothing."""

    def __init__(self):
        self.partials = ["it hurts", ""]

    def AcceptWaveform(self, _sound):  # noqa: N802 - so it is called there
        return not self.partials

    def PartialResult(self):  # noqa: N802
        return json.dumps({"partial": self.partials.pop(0)})

    def Result(self):  # noqa: N802
        return json.dumps({"text": ""})


def test_an_utterance_whose_only_words_were_taken_back_ends_all_the_same():
    """The same words may be said again, and count as new then."""
    recogniser = VoskRecogniser(SimpleNamespace(recogniser=lambda _: Wavering()))
    results = [recogniser.accept(np.zeros(320, np.float32)) for _ in range(3)]
    assert results == [Result("it hurts", False), Result("", False), Result("", True)]


def test_silence_says_nothing(recogniser):
    """Half a minute of digital silence gives no result at all."""
    assert hear(recogniser, np.zeros(30 * SAMPLE_RATE, np.float32)) == []


def test_minutes_of_a_quiet_room_need_no_memory_and_a_command_is_heard_after_them(recogniser):
    """Vosk would keep 4 MB of each minute."""
    quiet = room(15)
    hear(recogniser, quiet, quiet, quiet)
    before = resident()
    for _ in range(16):
        hear(recogniser, quiet)
    assert resident() < before + 6
    assert finals(hear(recogniser, say("next"), room(1.5))) == ["next"]


def resident():
    """Give the memory that this process takes, in MB."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


@pytest.mark.parametrize("loudness", [3e-4, 3e-3])
def test_the_hiss_of_a_room_is_no_command(recogniser, loudness):
    """Half a minute of hiss, faint or plain, holds no command, though perhaps part of one."""
    heard = hear(recogniser, np.zeros(2 * SAMPLE_RATE, np.float32), room(30, loudness))
    assert not {result.text for _, result in heard} & set(COMMANDS)


def test_other_words_are_no_command(recogniser):
    """Talk of other things ends as no command."""
    talk = say("the weather was lovely in the garden yesterday")
    texts = finals(hear(recogniser, room(0.5), talk, room(1.5)))
    assert not set(texts) & set(COMMANDS)


def test_before_it_is_told_what_to_listen_for_it_hears_no_command(model):
    """A new recogniser takes everything for unknown speech."""
    heard = hear(VoskRecogniser(model), room(0.5), say("stop"), room(1.5))
    assert {result.text for _, result in heard} <= {"[unk]", ""}


def test_two_recognisers_share_a_model_and_do_not_disturb_each_other(model):
    """Two grammars over one model each hear their own phrase in the same sound."""
    both = [VoskRecogniser(model), VoskRecogniser(model)]
    both[0].listen_for(["stop"])
    both[1].listen_for(["next"])
    sound = np.concatenate([room(0.5), say("stop"), room(1), say("next"), room(1.5)])
    results = [[], []]
    for start in range(0, len(sound), BLOCK):
        for recogniser, kept in zip(both, results, strict=True):
            if result := recogniser.accept(sound[start : start + BLOCK]):
                kept.append(result)
    assert Result("stop", final=True) in results[0]
    assert Result("next", final=True) in results[1]
    assert "next" not in {result.text for result in results[0]}
    assert "stop" not in {result.text for result in results[1]}


def test_a_word_the_model_does_not_have_is_told(model):
    """A phrase can be heard only if the model has each of its words."""
    assert model.knows("it hurts")
    assert not model.knows("it blorptifies")


@pytest.mark.parametrize("lost", ["am/final.mdl", "graph/HCLr.fst", "ivector/final.ie"])
def test_a_damaged_model_is_refused_in_one_sentence(folder, tmp_path, lost):
    """Half a model is told in a sentence that names its folder, and does not end the coach."""
    damaged = tmp_path / "model"
    shutil.copytree(folder, damaged, ignore=shutil.ignore_patterns(STAMP))
    whole = (damaged / lost).read_bytes()
    (damaged / lost).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnusableModel, match="holds no speech model") as raised:
        VoskModel(damaged)
    assert str(damaged) in str(raised.value)


def test_an_empty_folder_is_refused(tmp_path):
    """A folder without a model is refused like a damaged one."""
    with pytest.raises(UnusableModel, match="holds no speech model"):
        VoskModel(tmp_path)


def test_the_same_sound_always_gives_the_same_scores(recogniser):
    once = recogniser.decode(say("next"), ["next", "text"])
    recogniser.decode(say("stop"), ["stop"])
    assert recogniser.decode(say("next"), ["next", "text"]) == once


def test_sessions_one_after_another_need_the_memory_of_one_model(folder):
    assert shared_model(folder) is shared_model(folder)
