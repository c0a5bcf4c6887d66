"""Learns how a person says the phrases: they say each some times, and the real hearing scores it.

The coach is silent meanwhile, and no sound is kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.audio.device import Device
from voice_coach.audio.mixer import Mixer
from voice_coach.core.commands import Command
from voice_coach.core.events import CandidateScored, Fault, TimeReached
from voice_coach.core.transitions import State, accepted
from voice_coach.errors import CoachError
from voice_coach.hearing.decision import shipped_rules
from voice_coach.hearing.listener import open_live_listener
from voice_coach.hearing.own_voice import gain
from voice_coach.hearing.recognisers import open_recognisers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from voice_coach.core.commands import Meaning
    from voice_coach.core.language import Language
    from voice_coach.core.ports import Stage
    from voice_coach.hearing.decision import Scorecard

SAYINGS = 10
"""How often each phrase is said."""
PATIENCE = 8.0
"""Seconds in which somebody who is asked to say a phrase begins."""
DECIDED = 1.2
"""Seconds after a candidate until no other one of the same saying comes: the last pass over a
detection is 0.8 s after it, and takes a moment."""
TRIES = 3
"""Times that a phrase is asked for in vain before the microphone is taken to be deaf."""
ALONE = {"other_speech": 0.0, "recent_speech": 0.0}
"""Features as if nobody had spoken before: the sayings follow each other, but are no talk."""
USUAL = (
    *(Command.PAIN, Command.STOP, Command.NEXT, Command.BACK),
    *(Command.REPEAT, Command.PAUSE, Command.CONTINUE),
)
"""Commands whose first phrases are learned where no phrase is named."""


@dataclass(frozen=True)
class Learned:
    """How one phrase was said."""

    phrase: str
    excesses: tuple[float, ...]
    """For each saying its score above the threshold, in log odds; -inf if it was not found."""

    @property
    def gain(self) -> float:
        """Log odds that the phrase gains from now on."""
        return gain(self.excesses)

    @property
    def heard(self) -> int:
        """How many sayings would have been obeyed so far."""
        return sum(excess >= 0 for excess in self.excesses)

    @property
    def heard_from_now_on(self) -> int:
        """How many of the same sayings would be obeyed with the gain."""
        return sum(excess + self.gain >= 0 for excess in self.excesses)


def usual_phrases(language: Language) -> list[str]:
    """Give the phrases that everybody needs."""
    return [language.commands[command][0] for command in USUAL]


def learn(
    stage: Stage, language: Language, phrases: Sequence[str], tell: Callable[[str], None]
) -> Iterator[Learned]:
    """Let each phrase be said on the `stage`, whose listener decides as for anybody.

    `tell` receives what the person is to say. Raises ``CoachError`` if a phrase means nothing, or
    if nobody is heard.
    """
    meanings = _meanings(language, phrases)
    _, now = stage.wait(0.0)
    for phrase in phrases:
        stage.listen(_among(meanings[phrase].command))
        card = _scorecard(meanings[phrase])
        excesses = []
        for number in range(1, SAYINGS + 1):
            told = f'{number} of {SAYINGS}. Say: "{phrase}"'
            said, now = _said(stage, phrase, told, now, tell)
            scores = [card.score({**features, **ALONE}) for features in said]
            excesses.append(max(scores, default=-math.inf) - card.confirmed)
        yield Learned(phrase, tuple(excesses))


def learn_live(
    language: Language,
    phrases: Sequence[str],
    tell: Callable[[str], None],
    *,
    model: Path | None,
    microphone: str | None,
    loudspeaker: str | None,
) -> Iterator[Learned]:
    """Learn at the real microphone, as ``learn`` does; raises ``CoachError``."""
    _meanings(language, phrases)  # what cannot be learned is told before anything is loaded
    recognisers = open_recognisers(language, model)
    if recognisers.deaf:
        raise CoachError(recognisers.weak)
    listener = open_live_listener(language, recognisers)
    with Device(Mixer(), listener, microphone=microphone, loudspeaker=loudspeaker) as stage:
        yield from learn(stage, language, phrases, tell)


def _meanings(language: Language, phrases: Sequence[str]) -> Mapping[str, Meaning]:
    """Give what every phrase means; raises ``CoachError`` if one of `phrases` has none."""
    meanings = language.phrases()
    for phrase in phrases:
        if phrase not in meanings:
            raise CoachError(
                f'"{phrase}" means nothing to the coach: docs/usage.md lists what it understands.'
            )
    return meanings


def _among(command: Command) -> frozenset[Command]:
    """Give what can be said where this can be said: its rivals."""
    return next(
        commands
        for commands in (accepted(state) for state in (State.HOLDING, *State))
        if command in commands
    )


def _scorecard(meaning: Meaning) -> Scorecard:
    rules = shipped_rules()
    return rules.urgent if meaning.urgent else rules.order


def _said(
    stage: Stage, phrase: str, told: str, now: float, tell: Callable[[str], None]
) -> tuple[list[Mapping[str, float]], float]:
    """Have the phrase said once; give the features of each time it was found, and the time."""
    for _ in range(TRIES):
        tell(told)
        features: list[Mapping[str, float]] = []
        until, spoken = now + PATIENCE, False
        while True:
            event, now = stage.wait(until)
            match event:
                case Fault(_, reason):
                    raise CoachError(reason)
                case CandidateScored(found):
                    features += [dict(event.features)] if found == phrase else []
                    until, spoken = now + DECIDED, True
                case TimeReached() if spoken:
                    return features, now
                case TimeReached():
                    break
    raise CoachError(
        "Nobody was heard: try the microphone with voice-coach devices --test, and start again."
    )
