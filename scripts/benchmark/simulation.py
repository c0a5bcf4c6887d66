"""Plays a scene: the coach leads real sessions in a simulated room, and a person takes part.

Session, runner, studio, mixer and listener are the product's own. When a session ends and the
scene does not, the next one begins in the same room, with the same listener. Baselines move
nothing: they all hear one recording of a scene in which nobody is obeyed.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from benchmark.backgrounds import background
from benchmark.coach import sentences
from benchmark.observer import Observer
from benchmark.person import Person, SessionDone
from benchmark.reports import Hit, Report
from benchmark.rooms import PARTS
from benchmark.simulated_room import SimulatedRoom
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Studio
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Heard
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.session import Session
from voice_coach.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from benchmark.scene import Scene
    from benchmark.simulated_room import BackgroundMaker
    from benchmark.voices import SoundStore
    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.ports import Voice

    Samples = NDArray[np.float32]

REFERENCE = 12
"""Sentences by which the echo's loudness is set."""


@dataclass(frozen=True)
class Kit:
    """What scenes are played with."""

    language: Language
    voice: Voice
    """The coach's: it must have every clip at once."""
    store: SoundStore
    make_background: BackgroundMaker = background

    def reference(self) -> Samples:
        """Give some of the coach's speech."""
        texts = sentences(self.language)[:REFERENCE]
        clips: list[Any] = [self.voice.clip(text, DEFAULT_RATE) for text in texts]
        return np.concatenate([clip.samples for clip in clips])


def run(scene: Scene, listener: BlockListener, kit: Kit, *, by_key: bool = False) -> Report:
    """Play a scene to its end; with `by_key` its sound checks are passed without being heard."""
    rng = np.random.default_rng([PARTS.index(scene.part), scene.seed, *scene.row.encode("utf-8")])
    report = Report(scene.row, scene.seed, scene.conditions.echo)
    room = SimulatedRoom(scene, kit.reference(), kit.store, kit.make_background, rng)
    observer = Observer(report)
    person = Person(scene, room, observer, rng, by_key=by_key)
    while not person.is_done(report.seconds):
        studio = Studio(Mixer(), listener, room)
        observer.enter(report.seconds)
        person.enter(studio, report.seconds)
        with suppress(SessionDone):
            Runner(Session(_config(scene, kit, rng)), studio, kit.voice, person, observer).run()
        person.leave()
        observer.leave(studio.played)
        report.seconds += len(studio.played) / SAMPLE_RATE
        report.sessions += 1
    report.outcomes = person.begun
    report.unbegun = person.left
    return report


def _config(scene: Scene, kit: Kit, rng: np.random.Generator) -> SessionConfig:
    """Give a session whose stop needs no test, so that it gets to its routine soon."""
    routines = [routine.id for routine in kit.language.routines]
    drawn = scene.routine or str(rng.choice(routines))
    return SessionConfig(
        language=kit.language, routine=drawn, stop_tested=True, known_routines=frozenset(routines)
    )


class Baseline(Protocol):
    """A listener that changes nothing."""

    def listen(self, commands: frozenset[Command]) -> None:
        """Report only these from now on."""

    def hear(self, microphone: Samples, far_end: Samples) -> Sequence[Event]:
        """Take the next block of both; give what was heard."""


class RecordedScene:
    """Microphone and far end of a scene in which nobody is heard, so that many hear the same."""

    def __init__(self, scene: Scene, kit: Kit) -> None:
        """Play the scene once."""
        self.level = None
        self._blocks: list[tuple[Samples, Samples, frozenset[Command]]] = []
        self._commands: frozenset[Command] = frozenset()
        self._report = run(scene, self, kit, by_key=True)

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Note what the session wants to hear."""
        self._commands = frozenset(commands)

    def listen_for_breath(self, *, on: bool) -> None:
        """Take no notice: no baseline hears breath."""

    def move_far_end(self, samples: int) -> None:
        """Take no notice: in a simulated room both are in step."""

    def hear(self, microphone: Samples, far_end: Samples) -> list[Any]:
        """Keep what is given, and hear nothing."""
        self._blocks.append((microphone, far_end, self._commands))
        return []

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self._blocks) * BLOCK / SAMPLE_RATE

    def play_to(self, player: Baseline, contender: str) -> Report:
        """Give what this one would have reported."""
        hits, listening = [], None
        for number, (microphone, far_end, commands) in enumerate(self._blocks, 1):
            if commands != listening:
                listening = commands
                player.listen(commands)
            for heard in player.hear(microphone, far_end):
                if isinstance(heard, Heard):
                    time = number * BLOCK / SAMPLE_RATE
                    score = 1.0 if heard.llr is None else heard.llr
                    hits.append(Hit(time, heard.command.value, heard.tier, score))
        return replace(self._report, contender=contender, obeyed=False, hits=hits)
