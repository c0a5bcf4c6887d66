"""What happens when: who says or does what, how loud, over which coach, in which room.

A scene is a value: the same seed gives the same scene, whatever else is measured, and another
part gives other voices in other rooms.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from benchmark.conversation import SENTENCES
from benchmark.echoes import Conditions
from benchmark.noises import BODY, STEADY, THINGS, Noise
from benchmark.rooms import PARTS
from benchmark.voices import Utterance, Voice, draw_utterance
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.transitions import State, accepted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from benchmark.corpus import Corpus
    from benchmark.plans import Plan
    from benchmark.rooms import Part
    from benchmark.voices import Sound
    from voice_coach.core.language import Language

STEP = accepted(State.TELLING)
"""What is listened for in the middle of a step."""
ANSWER = URGENT | {Command.YES, Command.NO, Command.CONTINUE}
"""What is listened for after the question."""
CHECK = accepted(State.SOUND_CHECK)
"""What is listened for in the sound check."""
DENIAL = "no, go on"
"""What a person says who was asked for nothing."""
READY = "ready"
MOST = 10_000
"""More scenes than a row can have, so that no two seeds share one."""
ECHOES = (10.0, 0.0, -10.0)
"""The echo against the person in dB."""
HARD = {
    "distorted": Conditions(10.0, strong=True),
    "moving": Conditions(10.0, moving=True),
    "drifting": Conditions(10.0, drift=50.0),
}
"""What breaks echo cancellers."""
SETS = ("over", "alone", "hard", "noises", "talk", "quiet", "recorded")
"""Kinds of scene, each of which can be measured by itself."""


@dataclass(frozen=True)
class Happening:
    """One thing a person does."""

    sound: Sound
    label: str
    """What it is: the phrase, or the kind of noise."""
    means: Command | None = None
    """The command it gives; None for all that should change nothing."""
    gap: float = 2.0
    """Seconds after the one before is over."""
    level: float = 0.0
    """Loudness against the person's in dB, both rms of active speech at the microphone."""
    answer: Utterance | None = None
    """What who cried out says when asked whether that hurt; None: nothing."""
    voice: str = ""
    groups: frozenset[str] = frozenset()
    dry: bool = False
    """Whether it is heard as it is, for a recording has a room of its own."""


@dataclass(frozen=True)
class Scene:
    """All that is fixed before anybody hears anything."""

    row: str
    """What is measured: a set, and after a slash a condition."""
    seed: int
    """Draws all that the scene leaves open: the room, the coach's order, the noise."""
    part: Part
    conditions: Conditions = field(default_factory=Conditions)
    coach: bool = True
    """Whether the coach speaks."""
    obeyed: bool = True
    """Whether the coach does what the ear says; otherwise the timeline is fixed."""
    happenings: tuple[Happening, ...] = ()
    background: tuple[Happening, ...] = ()
    """Sounds from across the room, one after another, whatever the coach does."""
    seconds: float = 0.0
    """It lasts at least so long."""
    commands: frozenset[Command] = STEP
    """What is listened for."""
    denial: Utterance | None = None
    """What the person says when asked for nothing; None: nothing."""
    ready: Utterance | None = None
    """What they say in the sound check; None: nothing."""


class Playwright:
    """Writes the scenes of one part."""

    def __init__(
        self, part: Part, seed: int, plan: Plan, people: list[Voice], language: Language
    ) -> None:
        """Draw everything from `seed`; `people` are those of the part."""
        self._part = part
        self._seed = seed
        self._plan = plan
        self._people = people
        self._commands = language.commands

    def scenes(self, kind: str, corpus: Corpus | None) -> list[Scene]:
        """Give the scenes of one of the `SETS`."""
        written: dict[str, Callable[[], Iterable[Scene]]] = {
            "over": self._over,
            "alone": self._alone,
            "hard": self._hard,
            "noises": self._noises,
            "talk": lambda: self._talk(corpus),
            "quiet": self._quiet,
            "recorded": lambda: self._recorded(corpus),
        }
        return [self._finished(scene) for scene in written[kind]()]

    def _finished(self, scene: Scene) -> Scene:
        """Let whoever is there say that they are ready, and deny a pain that nobody felt."""
        rng = self._rng(f"denial {scene.row}", scene.seed)
        denial = draw_utterance(DENIAL, self._people, rng)
        ready = replace(denial, text=READY)
        seed = self._seed * MOST + scene.seed
        return replace(scene, seed=seed, denial=denial, ready=ready)

    def _rng(self, row: str, number: int) -> np.random.Generator:
        return np.random.default_rng(
            [PARTS.index(self._part), self._seed, number, *row.encode("utf-8")]
        )

    def _over(self) -> Iterator[Scene]:
        """People cry out over the coach.

        The ratio to the echo is what is measured, so soft voices are soft in their timbre only.
        """
        phrases = [p for c in (Command.PAIN, Command.STOP) for p in self._commands[c]]
        for echo in ECHOES:
            row = f"over/{echo:+.0f} dB"
            for number, size in _shares(self._plan.emergencies, 10):
                rng = self._rng(row, number)
                cries = tuple(
                    self._cry(str(rng.choice(phrases)), Command.PAIN, rng) for _ in range(size)
                )
                conditions = Conditions(echo, noise=rng.uniform(-40, -25))
                yield Scene(row, number, self._part, conditions, happenings=cries)

    def _cry(self, phrase: str, means: Command, rng: np.random.Generator) -> Happening:
        spoken = draw_utterance(phrase, self._people, rng)
        yes = Utterance("yes", spoken.voice, spoken.rate, spoken.pitch)
        answer = yes if rng.random() < 0.5 else None
        return self._said(spoken, means, gap=rng.uniform(3.5, 6.5), answer=answer)

    def _said(
        self, spoken: Utterance, means: Command | None, *, gap: float, answer: Utterance | None
    ) -> Happening:
        return Happening(
            spoken, spoken.text, means, gap, 0.0, answer, str(spoken.voice), spoken.groups
        )

    def _alone(self) -> Iterator[Scene]:
        """Nobody says anything."""
        for number, seconds in _stretches(self._plan.alone):
            echo = ECHOES[number % len(ECHOES)]
            row = f"alone/{echo:+.0f} dB"
            yield Scene(row, number, self._part, Conditions(echo), seconds=seconds)

    def _hard(self) -> Iterator[Scene]:
        for name, conditions in HARD.items():
            for number, seconds in _stretches(self._plan.hard):
                yield Scene(f"hard/{name}", number, self._part, conditions, seconds=seconds)

    def _noises(self) -> Iterator[Scene]:
        """Everything one hears of a person beside words, with the coach speaking and without."""
        kinds = (*BODY, *BODY, *THINGS)  # the body twice: breathing aloud is the point of a press
        for row, coach in (("noises/over", True), ("noises/silent", False)):
            for number, size in _shares(self._plan.noises, 15):
                rng = self._rng(row, number)
                made = []
                for kind in rng.choice(kinds, size):
                    noise = Noise(str(kind), int(rng.integers(1 << 30)))
                    gap, level = rng.uniform(2.5, 4), rng.uniform(-10, 0)
                    made.append(Happening(noise, noise.kind, None, gap, level))
                conditions = Conditions(float(rng.choice(ECHOES)))
                yield Scene(
                    row, number, self._part, conditions, coach=coach, happenings=tuple(made)
                )

    def _talk(self, corpus: Corpus | None) -> Iterator[Scene]:
        """Others talk, over the coach in one scene and in silence in the next."""
        for number, seconds in _stretches(self._plan.talk):
            rng = self._rng("talk", number)
            some = [self._people[k] for k in rng.choice(len(self._people), 3)]
            made = []
            for _ in range(int(seconds / 3)):
                spoken = draw_utterance(str(rng.choice(SENTENCES)), some, rng)
                made.append(self._far_off(spoken, "talk", rng.uniform(0.2, 1.0), rng))
                made[-1] = replace(made[-1], level=made[-1].level + spoken.level)
            yield self._beside("talk/synthetic", number, made, seconds)
        for label in ("neg_speech", "neg_word") if corpus else ():
            recordings = corpus.recordings(label, self._plan.recordings) if corpus else []
            for number, start in enumerate(range(0, len(recordings), 20)):
                rng = self._rng(label, number)
                some_of_them = recordings[start : start + 20]
                gap = 0.5 if label == "neg_speech" else 1.5
                made = [self._far_off(sound, label, gap, rng) for sound in some_of_them]
                yield self._beside(f"talk/{label}", number, made, 0.0)

    def _far_off(self, sound: Sound, label: str, gap: float, rng: np.random.Generator) -> Happening:
        return Happening(sound, label, None, gap, rng.uniform(-12, -3))

    def _beside(self, row: str, number: int, made: list[Happening], seconds: float) -> Scene:
        return Scene(
            row,
            number,
            self._part,
            Conditions(0.0),
            coach=number % 2 == 0,
            background=tuple(made),
            seconds=seconds,
        )

    def _quiet(self) -> Iterator[Scene]:
        """Everything that can be asked for in a step, and the answers, while the coach listens."""
        for row, commands in (("quiet/step", STEP), ("quiet/answer", ANSWER - URGENT)):
            share = 1.0 if commands is STEP else 0.25
            choices = [(p, c) for c in sorted(commands, key=str) for p in self._commands[c]]
            for number, size in _shares(int(self._plan.orders * share), 20):
                rng = self._rng(row, number)
                made = []
                for _ in range(size):
                    # Half of all are urgent, as far as urgent ones are listened for.
                    urgent = [choice for choice in choices if choice[1] in URGENT]
                    some = urgent if urgent and rng.random() < 0.5 else choices
                    phrase, means = some[rng.integers(len(some))]
                    spoken = draw_utterance(phrase, self._people, rng)
                    said = self._said(spoken, means, gap=rng.uniform(2, 3), answer=None)
                    made.append(replace(said, level=spoken.level))
                yield self._unobeyed(row, number, made, commands | URGENT, noise=-35.0)

    def _recorded(self, corpus: Corpus | None) -> Iterator[Scene]:
        """Real people, in quiet and in noise."""
        kinds = (
            ("stop", Command.STOP, STEP, -45.0),
            ("stop in noise", Command.STOP, STEP, -20.0),
            ("back", Command.BACK, STEP, -45.0),
            ("yes", Command.YES, ANSWER, -45.0),
            ("no", Command.NO, ANSWER, -45.0),
        )
        for name, means, commands, noise in kinds if corpus else ():
            word = means.value
            recordings = corpus.recordings(word, self._plan.recordings) if corpus else []
            for number, start in enumerate(range(0, len(recordings), 20)):
                made = [
                    Happening(sound, word, means, 2.5, dry=True)
                    for sound in recordings[start : start + 20]
                ]
                yield self._unobeyed(f"recorded/{name}", number, made, commands, noise=noise)

    def _unobeyed(
        self,
        row: str,
        number: int,
        made: list[Happening],
        commands: frozenset[Command],
        *,
        noise: float,
    ) -> Scene:
        background: tuple[Happening, ...] = ()
        if noise > -30:
            rng = self._rng(row, number)
            steady = [Noise(str(rng.choice(STEADY)), int(rng.integers(1 << 30))) for _ in range(9)]
            background = tuple(Happening(each, each.kind, None, 0.0, noise) for each in steady)
        return Scene(
            row,
            number,
            self._part,
            Conditions(0.0, noise=min(noise, -35.0)),
            coach=False,
            obeyed=False,
            happenings=tuple(made),
            background=background,
            commands=commands,
        )


def _shares(total: int, most: int) -> Iterator[tuple[int, int]]:
    """Split `total` happenings among scenes of `most`: the scene's number and how many."""
    for number, start in enumerate(range(0, total, most)):
        yield number, min(most, total - start)


def _stretches(hours: float) -> Iterator[tuple[int, float]]:
    """Split so many hours among scenes of five minutes: the scene's number and its seconds."""
    seconds = 3600 * hours
    for number in range(max(round(seconds / 300), 1)):
        yield number, min(300.0, seconds)
