"""A scene on tape: what an ear that moves nothing hears, so that many hear the very same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from benchmark.closed_loop import Loop
from benchmark.reports import Hit
from voice_coach.core.events import Heard
from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchmark.closed_loop import Ear
    from benchmark.coach import Clips
    from benchmark.reports import Report
    from benchmark.scenes import Scene
    from benchmark.voices import SoundStore
    from voice_coach.core.commands import Command

    Samples = NDArray[np.float32]


class AudioRecorder:
    """The microphone and the far end of a scene in which nobody is obeyed."""

    def __init__(self, scene: Scene, clips: Clips, store: SoundStore) -> None:
        """Play the scene once."""
        deaf = _Deaf()
        self._report = Loop(replace(scene, obeyed=False), deaf, clips, store).run()
        self._commands = scene.commands
        self.blocks = deaf.blocks
        """Microphone and far end, in blocks of 20 ms."""

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.blocks) * BLOCK / SAMPLE_RATE

    def play_to(self, ear: Ear, contender: str) -> Report:
        """Give what this ear would have reported."""
        hits = []
        ear.listen(self._commands)
        for number, (microphone, far_end) in enumerate(self.blocks, 1):
            time = number * BLOCK / SAMPLE_RATE
            heard = ear.hear(microphone, far_end)
            found = [each for each in heard if isinstance(each, Heard)]
            hits += [Hit(time, each.command.value, "confirmed", 1.0) for each in found]
        return replace(self._report, contender=contender, hits=hits)


class _Deaf:
    """Keeps what it is given, and hears nothing."""

    def __init__(self) -> None:
        self.blocks: list[tuple[Samples, Samples]] = []

    def listen(self, commands: frozenset[Command]) -> None:
        pass

    def hear(self, microphone: Samples, far_end: Samples) -> list[Any]:
        self.blocks.append((microphone, far_end))
        return []
