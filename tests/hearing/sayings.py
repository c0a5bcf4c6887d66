"""What people say, from `what_people_say.toml`, through the real chain in a quiet room."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmark.synthesisers import speak

from voice_coach.core.commands import NAMING
from voice_coach.core.events import Heard
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.hearing.grammar import grammar
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.second_pass import is_cry
from voice_coach.speech.clips import speech_rms

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LEVEL = 0.08
"""How loud the person speaks: as the coach's own voice at the microphone."""
SILENCE = np.zeros(SAMPLE_RATE, np.float32)
NOTHING = np.zeros(BLOCK, np.float32)
LEADS_ON = {
    *("next", "skip", "back", "repeat", "continue", "start_over", "ready", "yes", "unhurt", "no")
}
"""What moves on, or denies pain."""
LEAVES = {"pain", "ask", "stop", "pause"}
"""What makes the coach fall silent: whoever wants that must never be led on."""


@dataclass(frozen=True)
class Saying:
    """Words, where they are said, and what they are to be heard as."""

    state: State
    words: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.state.value}: {self.words}"

    @property
    def expected(self) -> list[str]:
        """What is to be heard."""
        return [] if self.meaning == "nothing" else [self.meaning]

    def is_dangerous(self, heard: list[str]) -> bool:
        """Whether something that was heard goes the dangerous way."""
        if self.meaning in LEAVES:
            return bool(LEADS_ON.intersection(heard))
        return "pain" in heard


def sayings() -> list[Saying]:
    """Read the table."""
    table = tomllib.loads(Path(__file__).with_name("what_people_say.toml").read_text("utf-8"))
    return [
        Saying(State(state), words, meaning)
        for state, meanings in table.items()
        for meaning, rows in meanings.items()
        for words in rows
    ]


def spoken(engine: str, voice: str, words: str) -> np.ndarray:
    """Give the words in this voice, all as loud, with silence around."""
    samples = speak(engine, voice, words, rate=150, pitch=50)
    samples = samples * (LEVEL / speech_rms(samples))
    length = -(-(len(samples) + 3 * SAMPLE_RATE) // BLOCK) * BLOCK
    padded = np.zeros(length, np.float32)
    padded[SAMPLE_RATE : SAMPLE_RATE + len(samples)] = samples
    return padded


def heard(language, recognisers, state: State, samples: np.ndarray) -> list[str]:
    """Give what a new listener hears in this state, by the names of the table."""
    listener = open_listener(language, recognisers)
    listener.listen(accepted(state))
    events = []
    for start in range(0, len(samples), BLOCK):
        events += listener.hear(samples[start : start + BLOCK], NOTHING)
    return [_name(event) for event in events if isinstance(event, Heard)]


def _name(event: Heard) -> str:
    if event.tier == "possible":
        return "ask"
    if event.command in NAMING:
        return f"{event.command.value}-{event.choice}"
    return event.command.value


def meaning_of(language, state: State, words: str) -> list[str]:
    """Give what these words mean in this state, were each heard as it is."""
    here = grammar(language, accepted(state))
    text = words.lower().strip("?.!")
    if here.is_harmless(text) and not here.whole(text):
        return []
    cry = next((phrase for phrase in here.urgent if is_cry(phrase, text)), "")
    phrase = here.whole(text) or cry
    if not phrase:
        return []
    meaning = here.phrases[phrase]
    heard_as = Heard(meaning.command, phrase, meaning.choice)
    return ["ask"] if meaning.asked else [_name(heard_as)]
