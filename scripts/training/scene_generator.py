"""What the near-end network is fitted to, and tried on: who does what over the coach, in one scene.

Voices and rooms are those that the benchmark leaves for tuning; none that it reports on is ever
used here. Of these a few are kept for the trial: three of the twelve boxes, and three of eSpeak's
eleven variants. (flite has two voices for tuning, which speak in both.) Every scene has a room, a
delay of devices, a loudspeaker, a loudness and a background of its own, for a network of 10,000
weights learns a dozen rooms by heart. In four of ten no walls are heard, as where the microphone is
near the mouth, and in as many the room is quieter than most: fitted to neither, the network missed
most of a word in a quiet room.

In a third of all scenes nobody but the coach makes a sound: what a coach alone is taken for decides
how often it hushes itself. A third begin in the midst of an event, as a recording may, or a session
in which something X, while the canceller does not know the room yet, or speaks in the first
seconds of silence. In two thirds the room is lived in: music, television, water or a
machine sounds all the time, or from some moment on.

Real voices may be among the people: recordings in a folder, of speakers that the benchmark does not
report on, under licences that allow it to ship weights fitted to them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from benchmark import synthesisers
from benchmark.breaths import Breath
from benchmark.conversation import SENTENCES
from benchmark.cries import CRIES, Cry, Singing
from benchmark.echoes import ECHOES, HARD, Conditions
from benchmark.noises import BODY, STEADY, THINGS, Noise
from benchmark.rooms import ROOMS, draw_room
from benchmark.voices import draw_utterance, voices

from training.scene import (
    CRY,
    SECONDS,
    SETTLED,
    SINGING,
    SPEECH,
    BackgroundSound,
    SoundEvent,
    TrainingScene,
)
from voice_coach.core.commands import URGENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmark.corpus import Corpus
    from benchmark.voices import Speaker

    from voice_coach.core.language import Language

ALONE_SECONDS = 120.0
"""Length of a scene of the coach alone in the trial."""
MOST_REAL = 10_000
"""More recordings than there are."""
WITH_WALLS = 0.6
"""Share of the scenes for the fit in which walls are heard."""
FIRST_WORDS = (0.3, 2.5)
"""Seconds after which a cry in the first words comes."""
STANDS_OUT = 3.0
"""Decibels by which how loud the person is thought to be may be wrong, as a deviation."""
TRIAL_ROOMS = 3
TRIAL_VARIANTS = ("f5", "m7", "edward")

MOST_EVENTS = 8
"""More than there is time for in a scene."""
BREATHES, BREATH_LEVELS = 0.25, (-16.0, -3.0)
"""Share of the events that are breaths of seconds, and how loud these are, in dB. Fitted to short
breaths alone, the network often took long ones for a voice, and missed half of the cries in the
midst of one; see docs/vad.md."""

LOUDEST = {
    "music": 3.0, "song": 0.0, "television": -4.0, "water": 5.0, "fan": 3.0, "vacuum": 5.0,
    "talkers": -6.0, "child": -6.0,
}  # fmt: skip
"""Level against the person up to which these are fitted to: other voices that are louder cannot be
told from the person's by their sound."""

Purpose = Literal["fit", "trial"]


class TrainingSceneGenerator:
    """Writes scenes for one purpose."""

    def __init__(
        self, purpose: Purpose, seed: int, language: Language, corpus: Corpus | None = None
    ) -> None:
        """Draw everything from `seed`; `corpus` holds real voices for the fit."""
        self._purpose = purpose
        self._seed = seed
        everybody = voices("tune", synthesisers.engines())
        self._people = [voice for voice in everybody if _serves(voice, purpose)]
        fits = corpus is not None and purpose == "fit"
        self._words = corpus.recordings("train", MOST_REAL) if corpus and fits else []
        self._readers = corpus.recordings("neg_speech", MOST_REAL) if corpus and fits else []
        commands = language.commands
        self._cries = [p for c in sorted(URGENT, key=str) for p in commands[c]]
        self._phrases = sorted(language.phrases())

    def fit(self, number: int) -> Iterator[TrainingScene]:
        """Give so many scenes to fit to."""
        for index in range(number):
            rng = np.random.default_rng([self._seed, index])
            alone = index % 3 == 0
            coach = bool(rng.random() < 0.5)
            events = () if alone else self._events(rng, coach=coach)
            soon = index % 3 == 2
            if soon:
                said = self._cry(rng) if coach else self._phrase(rng)
                events = (replace(said, gap=float(rng.uniform(*FIRST_WORDS))), *events)
            yield replace(
                self._scene("", rng),
                conditions=_any_conditions(rng),
                walls=bool(rng.random() < WITH_WALLS),
                coach=coach,
                earliest=0.0 if soon else SETTLED if coach else 1.0,
                yields=bool(rng.random() < 0.5),
                begun=float(rng.uniform(0.1, 0.8)) if index % 3 == 1 else 0.0,
                gain=float(rng.uniform(-15, 5)),
                events=events,
                background=self._background(rng),
                surroundings=_surroundings(rng) if index % 3 != index // 3 % 3 else (),
                person=float(rng.normal(0, STANDS_OUT)) if rng.random() < 0.6 else None,
            )

    def trial(self, number: int) -> Iterator[TrainingScene]:
        """Give so many scenes of cries at each echo level, and as long ones of everything else."""
        for index in range(number):
            rng = np.random.default_rng([self._seed, index])
            for echo in ECHOES:
                cries = tuple(self._cry(rng) for _ in range(6))
                quiet = Conditions(echo, noise=float(rng.uniform(-40, -25)))
                scene = self._scene(f"over/{echo:+.0f} dB", rng)
                yield replace(scene, conditions=quiet, events=cries)
            breaths = tuple(each for _ in range(4) for each in self._breath(rng))
            scene = self._scene("over/breath", rng)
            yield replace(scene, conditions=Conditions(-5.0), events=breaths)
            for row, coach in (("noises/over", True), ("noises/silent", False)):
                noises = tuple(self._noise(rng) for _ in range(6))
                conditions = Conditions(float(rng.choice(ECHOES)))
                scene = self._scene(row, rng)
                yield replace(scene, conditions=conditions, coach=coach, events=noises)
            yield from self._lived_in(rng)
        ordinary = {"ordinary": Conditions(10.0)}
        for index in range(round(number * SECONDS / ALONE_SECONDS)):
            rng = np.random.default_rng([self._seed, index])
            for name, conditions in {**ordinary, **HARD}.items():
                scene = self._scene(f"alone/{name}", rng)
                yield replace(scene, conditions=conditions, seconds=ALONE_SECONDS)

    def _lived_in(self, rng: np.random.Generator) -> Iterator[TrainingScene]:
        """Make scenes with a background 12 dB below the person: with nobody, then with cries."""
        kind = str(rng.choice(list(LOUDEST)))
        around = (BackgroundSound(kind, -12.0, int(rng.integers(1 << 30))),)
        scene = replace(self._scene(f"alone/{kind}", rng), surroundings=around, person=0.0)
        yield replace(scene, seconds=ALONE_SECONDS, coach=False)
        cries = tuple(self._cry(rng) for _ in range(6))
        yield replace(scene, row=f"over/{kind}", seed=scene.seed + 1, events=cries)
        wordless = tuple(_without_words(rng) for _ in range(6))
        for name in (CRY, SINGING):
            events = tuple(each for each in wordless if each.kind == name)
            yield replace(
                scene, row=f"wordless/{name}", surroundings=(), coach=False, events=events
            )

    def _scene(self, row: str, rng: np.random.Generator) -> TrainingScene:
        ours = range(ROOMS - TRIAL_ROOMS)
        if self._purpose == "trial":
            ours = range(ROOMS - TRIAL_ROOMS, ROOMS)
        room = replace(
            draw_room("tune", int(rng.choice(ours))),
            reverberation=float(rng.uniform(0.2, 0.5)),
            delay=float(rng.uniform(0.02, 0.12)),
        )
        return TrainingScene(int(rng.integers(1 << 31)), row, room, Conditions())

    def _events(self, rng: np.random.Generator, *, coach: bool) -> tuple[SoundEvent, ...]:
        events: list[SoundEvent] = []
        while len(events) < MOST_EVENTS:
            breathes = rng.random() < BREATHES
            events += self._breath(rng) if breathes else [self._event(rng, coach=coach)]
        return tuple(events)

    def _breath(self, rng: np.random.Generator) -> list[SoundEvent]:
        """Breathe for seconds; in half of all cases cry in the midst of it."""
        seconds, inward = float(rng.uniform(1, 6)), bool(rng.random() < 0.3)
        sound = Breath(seconds, int(rng.integers(1 << 30)), "tune", inward)
        level = float(rng.uniform(*BREATH_LEVELS))
        breath = SoundEvent(sound, sound.kind, float(rng.uniform(0.5, 2)), level)
        if rng.random() < 0.5:
            return [breath]
        left = float(rng.uniform(0.1, 0.9)) * seconds
        return [breath, replace(self._cry(rng), gap=-left)]

    def _event(self, rng: np.random.Generator, *, coach: bool) -> SoundEvent:
        chance = rng.random()
        if chance < 0.35:
            return self._noise(rng)
        if chance < 0.5:
            return _without_words(rng)
        if chance < 0.75:
            return self._cry(rng)
        gap = float(rng.uniform(0.6, 3))
        if self._words and chance < 0.88:
            real = self._words[rng.integers(len(self._words))]
            return SoundEvent(real, SPEECH, gap, float(rng.uniform(-8, 3)))
        said = self._phrase(rng)
        return replace(said, gap=gap, level=0.0 if coach else said.level)

    def _cry(self, rng: np.random.Generator) -> SoundEvent:
        spoken = draw_utterance(str(rng.choice(self._cries)), self._people, rng)
        return SoundEvent(spoken, SPEECH, float(rng.uniform(1.5, 3)), 0.0)

    def _phrase(self, rng: np.random.Generator) -> SoundEvent:
        """Say any phrase, also a long one, or something else."""
        text = str(rng.choice(self._phrases if rng.random() < 0.6 else SENTENCES))
        spoken = draw_utterance(text, self._people, rng)
        return SoundEvent(spoken, SPEECH, 1.0, spoken.level)

    def _noise(self, rng: np.random.Generator) -> SoundEvent:
        noise = Noise(str(rng.choice((*BODY, *THINGS))), int(rng.integers(1 << 30)))
        return SoundEvent(noise, noise.kind, float(rng.uniform(1, 2.5)), float(rng.uniform(-10, 0)))

    def _background(self, rng: np.random.Generator) -> tuple[SoundEvent, ...]:
        """Have a household in a fifth of all scenes, faint talk in a tenth, and a reader."""
        chance = rng.random()
        if chance < 0.2:
            kind, level = str(rng.choice(STEADY)), float(rng.uniform(-35, -18))
            made = [Noise(kind, int(rng.integers(1 << 30))) for _ in range(3)]
            return tuple(SoundEvent(noise, kind, 0.0, level) for noise in made)
        if chance < 0.3:
            level = float(rng.uniform(-32, -22))
            said = [draw_utterance(str(rng.choice(SENTENCES)), self._people, rng) for _ in range(8)]
            return tuple(
                SoundEvent(each, SPEECH, float(rng.uniform(0.2, 1)), level) for each in said
            )
        if self._readers and chance < 0.45:
            level = float(rng.uniform(-25, -5))
            read = [self._readers[k] for k in rng.choice(len(self._readers), 6)]
            return tuple(
                SoundEvent(each, SPEECH, float(rng.uniform(0.2, 2)), level) for each in read
            )
        return ()


def _without_words(rng: np.random.Generator) -> SoundEvent:
    """Cry out, or hum to oneself in a third of all cases."""
    seed, gap = int(rng.integers(1 << 30)), float(rng.uniform(1, 3))
    if rng.random() < 0.33:
        return SoundEvent(Singing(seed), SINGING, gap, float(rng.uniform(-8, 3)))
    return SoundEvent(Cry(str(rng.choice(list(CRIES))), seed), CRY, gap, float(rng.uniform(-5, 10)))


def _surroundings(rng: np.random.Generator) -> tuple[BackgroundSound, ...]:
    """Have one thing sound, from some moment on in a quarter of all scenes."""
    kind = str(rng.choice(list(LOUDEST)))
    level = float(rng.uniform(-28, LOUDEST[kind]))
    start = float(rng.uniform(3, 15)) if rng.random() < 0.25 else 0.0
    return (BackgroundSound(kind, level, int(rng.integers(1 << 30)), start=start),)


def _serves(voice: Speaker, purpose: Purpose) -> bool:
    if voice.engine != "espeak":
        return True
    return (voice.name.split("+")[1] in TRIAL_VARIANTS) == (purpose == "trial")


def _any_conditions(rng: np.random.Generator) -> Conditions:
    """Draw how hard the way is: a third move, a quarter bend strongly, a quarter drift."""
    return Conditions(
        echo=float(rng.uniform(-10, 15)),
        strong=bool(rng.random() < 0.25),
        moving=bool(rng.random() < 0.33),
        drift=float(rng.uniform(-100, 100)) if rng.random() < 0.25 else 0.0,
        noise=_any_noise(rng),
    )


def _any_noise(rng: np.random.Generator) -> float:
    """Draw the room's noise against the person, in dB.

    In four of ten it is very quiet, and in one of these a suppressor leaves nothing of the noise.
    """
    chance = rng.random()
    if chance < 0.1:
        return -140.0
    return float(rng.uniform(-70, -42) if chance < 0.4 else rng.uniform(-42, -22))
