"""Measures what listening costs: processor time of one core for one second of sound."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmark import workers
from benchmark.figures import Row, plain
from benchmark.simulation import Kit, RecordedScene
from benchmark.voices import SoundStore
from voice_coach.catalogue import read_language

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmark.scene import Scene


def row(scene: Scene, contenders: Sequence[str], folder: Path, coach: str) -> Row:
    """Let each listener hear the same scene, while nothing else is computed.

    Processor time is asked for twice only, for asking takes longer than a block does.
    """
    kit = Kit(read_language(), workers.narrator(coach), SoundStore(folder))
    recorded = RecordedScene(scene, kit)
    figures = {}
    for name in contenders:
        player = workers.player(name)
        before = time.process_time()
        recorded.play_to(player, name)
        share = (time.process_time() - before) / recorded.seconds
        figures[name] = plain(share, f"{share:.2f}")
    return Row("Processor: share of one core", 0.35, figures, unit=" core")
