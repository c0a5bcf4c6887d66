"""Writes the scenes of the benchmark: who says or does what, how loud, in which room.

The same seed gives the same scenes, whatever else is measured; another part gives other voices in
other rooms.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmark.backgrounds import LIVED_IN
from benchmark.conversation import SENTENCES
from benchmark.echoes import ECHOES, HARD, Conditions
from benchmark.event_generator import EventGenerator
from benchmark.noises import STEADY, Noise
from benchmark.rooms import PARTS
from benchmark.scene import Background, Scene, SceneEvent
from benchmark.voices import Speaker, draw_utterance
from voice_coach.core.commands import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from benchmark.corpus import Corpus
    from benchmark.plans import Plan
    from benchmark.rooms import Part
    from benchmark.scene import When
    from benchmark.voices import Sound
    from voice_coach.core.language import Language

DENIAL = "no, go on"
"""What a person says who was asked for nothing."""
READY = "ready"
MOST = 10_000
"""More scenes than a row can have, so that no two seeds share one."""
SHORT = ("gentle-bends", "exercise-ball")
"""Routines with a short briefing, after which the coach soon pauses."""
STARTS_AT = 20.0
"""Second of the scene at which a background begins that is not there from the first."""
SETS = (
    *("over", "start", "alone", "hard", "noises", "talk", "words", "quiet", "orders"),
    *("wordless", "check", "question", "lived", "recorded"),
)
"""Kinds of scene, each of which can be measured by itself."""
UNCOMPARED = ("hard", "check", "question")
"""Sets that the baselines do not hear."""


class SceneGenerator:
    """Writes the scenes of one part."""

    def __init__(
        self,
        part: Part,
        seed: int,
        plan: Plan,
        people: list[Speaker],
        language: Language,
        *,
        corpus: Corpus | None = None,
    ) -> None:
        self._part = part
        self._seed = seed
        self._plan = plan
        self._people = people
        self._draw = EventGenerator(people, language.commands)
        self._corpus = corpus

    def scenes(self, kind: str) -> list[Scene]:
        """Give the scenes of one of the `SETS`."""
        written: dict[str, Callable[[], Iterable[Scene]]] = {
            "over": self._over,
            "start": self._start,
            "alone": self._alone,
            "hard": self._hard,
            "noises": self._noises,
            "talk": self._talk,
            "words": self._words,
            "quiet": self._quiet,
            "orders": self._orders,
            "wordless": self._wordless,
            "check": self._check,
            "question": self._question,
            "lived": self._lived,
            "recorded": self._recorded,
        }
        return [self._finished(scene) for scene in written[kind]()]

    def _finished(self, scene: Scene) -> Scene:
        """Let whoever is there say that they are ready, and deny a pain that nobody felt."""
        rng = self._rng(f"denial {scene.row}", scene.seed)
        denial = draw_utterance(DENIAL, self._people, rng)
        ready = replace(denial, text=READY)
        seed = self._seed * MOST + scene.seed
        pauses = any(event.when == "pause" for event in scene.events)
        routine = SHORT[scene.seed % len(SHORT)] if pauses else ""
        return replace(scene, seed=seed, routine=routine, denial=denial, ready=ready)

    def _rng(self, row: str, number: int) -> np.random.Generator:
        return np.random.default_rng(
            [PARTS.index(self._part), self._seed, number, *row.encode("utf-8")]
        )

    def _events(
        self,
        row: str,
        total: int,
        write: Callable[[np.random.Generator], SceneEvent],
        *,
        most: int = 10,
        conditions: Callable[[np.random.Generator], Conditions] | None = None,
    ) -> Iterator[Scene]:
        """Split `total` events among scenes of at most `most`."""
        for number, start in enumerate(range(0, total, most)):
            rng = self._rng(row, number)
            events = tuple(write(rng) for _ in range(min(most, total - start)))
            around = conditions(rng) if conditions else Conditions(float(rng.choice(ECHOES)))
            yield Scene(row, number, self._part, around, events=events)

    def _over(self) -> Iterator[Scene]:
        """People cry out over the coach.

        The ratio to the echo is what is measured, so soft voices are soft in their timbre only.
        """
        for echo in ECHOES:
            row = f"over/{echo:+.0f} dB"
            yield from self._events(
                row,
                self._plan.over,
                partial(self._draw.cry, when="over"),
                conditions=lambda rng, echo=echo: Conditions(echo, noise=rng.uniform(-40, -25)),  # type: ignore[misc]  # bound at once
            )

    def _start(self) -> Iterator[Scene]:
        """Each in a session of its own, whose listener has heard nothing before."""
        yield from self._events(
            "start", self._plan.start, partial(self._draw.cry, when="start"), most=1
        )

    def _alone(self) -> Iterator[Scene]:
        """Nobody says anything."""
        for number, seconds in _stretches(self._plan.alone):
            echo = ECHOES[number % len(ECHOES)]
            yield Scene(
                f"alone/{echo:+.0f} dB", number, self._part, Conditions(echo), seconds=seconds
            )

    def _hard(self) -> Iterator[Scene]:
        for name, conditions in HARD.items():
            for number, seconds in _stretches(self._plan.hard):
                yield Scene(f"hard/{name}", number, self._part, conditions, seconds=seconds)

    def _noises(self) -> Iterator[Scene]:
        """Breaths, coughs, laughs and other sounds of a person without words."""
        rows: Sequence[tuple[When, int]] = (
            ("over", self._plan.noises),
            ("pause", self._plan.noises // 2),
        )
        for when, total in rows:
            noise = partial(self._draw.noise, when=when)
            yield from self._events(f"noises/{when}", total, noise, most=15)

    def _talk(self) -> Iterator[Scene]:
        """Others talk across the room."""
        for number, seconds in _stretches(self._plan.talk):
            rng = self._rng("talk", number)
            some = [self._people[k] for k in rng.choice(len(self._people), 3)]
            made = []
            for _ in range(int(seconds / 3)):
                spoken = draw_utterance(str(rng.choice(SENTENCES)), some, rng)
                made.append(_far_off(spoken, "talk", rng.uniform(0.2, 1.0), rng))
                made[-1] = replace(made[-1], level=made[-1].level + spoken.level)
            yield self._beside("talk/synthetic", number, made, seconds)
        for number, some_of_them in enumerate(self._recordings("neg_speech")):
            rng = self._rng("neg_speech", number)
            made = [_far_off(sound, "talk", 0.5, rng) for sound in some_of_them]
            yield self._beside("talk/recorded", number, made, 0.0)

    def _beside(self, row: str, number: int, made: list[SceneEvent], seconds: float) -> Scene:
        return Scene(row, number, self._part, Conditions(0.0), talk=tuple(made), seconds=seconds)

    def _words(self) -> Iterator[Scene]:
        """Single words from nearby, each a possible cry."""
        yield from self._events("words/synthetic", self._plan.words, self._draw.word, most=20)
        yield from self._recorded_events("words/recorded", "neg_word", None, "any", noise=-45.0)

    def _quiet(self) -> Iterator[Scene]:
        yield from self._events(
            "quiet/cries", self._plan.quiet, partial(self._draw.cry, when="pause")
        )

    def _question(self) -> Iterator[Scene]:
        yield from self._events("question", self._plan.question, self._draw.reply)

    def _orders(self) -> Iterator[Scene]:
        whens: Sequence[When] = ("over", "pause")
        for when in whens:
            order = partial(self._draw.order, when=when)
            yield from self._events(f"orders/{when}", self._plan.orders, order)

    def _wordless(self) -> Iterator[Scene]:
        """People cry out without a word, as loud as they speak and 6 dB louder."""
        for level in (6.0, 0.0):
            row = f"wordless/{level:+.0f} dB"
            yield from self._events(
                row,
                self._plan.wordless,
                partial(self._draw.scream, level=level),
            )
        yield from self._recorded_events(
            "wordless/recorded", "cry", Command.PAIN, "over", noise=-35.0, level=6.0
        )

    def _check(self) -> Iterator[Scene]:
        """Say "ready" once the coach has asked for it, to a listener who knows no voice yet."""
        yield from self._events("check", self._plan.check, self._draw.ready, most=1)

    def _lived(self) -> Iterator[Scene]:
        """Cries, orders, cries without words, and nothing at all, beside a background.

        Every other scene begins in quiet.
        """
        for kind, level in LIVED_IN[: self._plan.rooms]:
            where = f"{kind} {level:+.0f} dB"
            writers: Sequence[tuple[str, Callable[[np.random.Generator], SceneEvent]]] = (
                ("cries", partial(self._draw.cry, when="over")),
                ("orders over", partial(self._draw.order, when="over")),
                ("orders pause", partial(self._draw.order, when="pause")),
                ("wordless", partial(self._draw.scream, level=6.0)),
            )
            for name, write in writers:
                total = self._plan.lived if name == "cries" else -(-self._plan.lived // 2)
                row = f"lived/{where}/{name}"
                for scene in self._events(row, total, write, most=6):
                    yield replace(scene, background=_background(kind, level, scene.seed))
            for number, seconds in _stretches(self._plan.lived_alone):
                yield Scene(
                    f"lived/{where}/alone",
                    number,
                    self._part,
                    Conditions(0.0),
                    background=_background(kind, level, number),
                    seconds=seconds,
                )

    def _recorded(self) -> Iterator[Scene]:
        """Real people, in quiet and in noise."""
        for name, kind, means, when, noise in (
            ("stop", "stop", Command.STOP, "pause", -45.0),
            ("stop in noise", "stop", Command.STOP, "pause", -20.0),
            ("yes", "yes", Command.YES, "question", -45.0),
            ("no", "no", Command.NO, "question", -45.0),
        ):
            yield from self._recorded_events(f"recorded/{name}", kind, means, when, noise=noise)  # type: ignore[arg-type]  # of a literal

    def _recordings(self, kind: str) -> Iterator[Sequence[Sound]]:
        found = self._corpus.recordings(kind, self._plan.recordings) if self._corpus else []
        for start in range(0, len(found), 20):
            yield found[start : start + 20]

    def _recorded_events(
        self,
        row: str,
        kind: str,
        means: Command | None,
        when: When,
        *,
        noise: float,
        level: float = 0.0,
    ) -> Iterator[Scene]:
        for number, some in enumerate(self._recordings(kind)):
            rng = self._rng(row, number)
            events = tuple(
                SceneEvent(sound, kind, means, when, 1.5, level, dry=True) for sound in some
            )
            talk: tuple[SceneEvent, ...] = ()
            if noise > -30:
                seeds = rng.integers(1 << 30, size=30)
                hum = [Noise(str(rng.choice(STEADY)), int(each)) for each in seeds]
                talk = tuple(SceneEvent(each, each.kind, None, "any", 0.0, noise) for each in hum)
            conditions = Conditions(0.0, noise=min(noise, -35.0))
            yield Scene(row, number, self._part, conditions, events=events, talk=talk)


def _far_off(sound: Sound, label: str, gap: float, rng: np.random.Generator) -> SceneEvent:
    return SceneEvent(sound, label, None, "any", gap, rng.uniform(-12, -3))


def _background(kind: str, level: float, number: int) -> Background:
    return Background(kind, level, STARTS_AT if number % 2 else 0.0)


def _stretches(hours: float) -> Iterator[tuple[int, float]]:
    """Split so many hours among scenes of five minutes: the scene's number and its seconds."""
    seconds = 3600 * hours
    for number in range(max(round(seconds / 300), 1) if hours else 0):
        yield number, min(300.0, seconds)
