"""Draws what one person of a scene says or does: who, what, how loud, and after what pause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmark.conversation import WORDS
from benchmark.cries import CRIES, Cry
from benchmark.noises import BODY, THINGS, Noise
from benchmark.scene import STEP, SceneEvent
from benchmark.voices import Utterance, draw_utterance
from voice_coach.core.commands import URGENT, Command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from benchmark.scene import When
    from benchmark.voices import Speaker


@dataclass(frozen=True)
class EventGenerator:
    """Draws single events."""

    people: list[Speaker]
    commands: Mapping[Command, Sequence[str]]
    """The phrases of each command."""

    def cry(self, rng: np.random.Generator, when: When) -> SceneEvent:
        """Let somebody cry out, who answers "yes" when asked or cries again."""
        phrases = [p for c in (Command.PAIN, Command.STOP) for p in self.commands[c]]
        spoken = self._drawn(str(rng.choice(phrases)), rng)
        yes = Utterance("yes", spoken.voice, spoken.rate, spoken.pitch)
        answer = yes if rng.random() < 0.5 else None
        return replace(_said(spoken, Command.PAIN, when, rng.uniform(2.0, 5.0)), answer=answer)

    def order(self, rng: np.random.Generator, when: When) -> SceneEvent:
        """Let somebody say any phrase that a step takes."""
        choices = [(p, c) for c in sorted(STEP - URGENT, key=str) for p in self.commands[c]]
        phrase, means = choices[rng.integers(len(choices))]
        spoken = self._drawn(phrase, rng)
        return _said(spoken, means, when, rng.uniform(1.5, 3.0))

    def scream(self, rng: np.random.Generator, level: float) -> SceneEvent:
        """Let somebody cry out without a word; `level` in dB against their speech."""
        sound = Cry(str(rng.choice([*CRIES])), int(rng.integers(1 << 30)))
        gap = rng.uniform(2.0, 5.0)
        return SceneEvent(sound, sound.kind, Command.PAIN, "over", gap, level)

    def ready(self, rng: np.random.Generator) -> SceneEvent:
        """Let somebody say "ready" when the sound check asks for it."""
        spoken = self._drawn(str(rng.choice(self.commands[Command.READY])), rng)
        return _said(spoken, Command.READY, "check", 0.0)

    def reply(self, rng: np.random.Generator) -> SceneEvent:
        """Let somebody answer the question "Did that hurt?"."""
        means = (Command.YES, Command.NO, Command.CONTINUE)[rng.integers(3)]
        spoken = self._drawn(str(rng.choice(self.commands[means])), rng)
        return _said(spoken, means, "question", rng.uniform(1.0, 2.0))

    def word(self, rng: np.random.Generator) -> SceneEvent:
        """Let somebody nearby say a single word, which might be a cry."""
        spoken = self._drawn(str(rng.choice(WORDS)), rng)
        said = _said(spoken, None, "any", rng.uniform(1.0, 2.0))
        return replace(said, label="word", level=rng.uniform(-6, 0))

    @staticmethod
    def noise(rng: np.random.Generator, when: When) -> SceneEvent:
        """Make what one hears of a person beside words."""
        # The body twice: breathing aloud is the point of a press.
        kind = str(rng.choice((*BODY, *BODY, *THINGS)))
        sound = Noise(kind, int(rng.integers(1 << 30)))
        gap, level = rng.uniform(1.5, 3), rng.uniform(-10, 0)
        return SceneEvent(sound, kind, None, when, gap, level)

    def _drawn(self, phrase: str, rng: np.random.Generator) -> Utterance:
        return draw_utterance(phrase, self.people, rng)


def _said(spoken: Utterance, means: Command | None, when: When, gap: float) -> SceneEvent:
    voice = str(spoken.voice)
    return SceneEvent(spoken, spoken.text, means, when, gap, voice=voice, groups=spoken.groups)
