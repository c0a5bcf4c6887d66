"""A session as ``voice-coach run`` leads it, whose parts can be made to hang by a signal.

It is a process of its own, given a routine and a folder it does not need. The stop counts as
proven, so that a trial comes to the press without a voice.
"""

from __future__ import annotations

import signal
import sys
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from voice_coach import app, cli

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.core import events
    from voice_coach.core.commands import Command
    from voice_coach.core.language import Language

EAR_HANGS, RUNNER_HANGS = signal.SIGUSR1, signal.SIGUSR2
"""What makes the hearing thread hang, and the runner's."""


class FrailEar:
    """The coach's ear until it is told to hang."""

    def __init__(self, language: Language, ears: app.Ears) -> None:
        self._ear: BlockListener = app.open_live_listener(language, ears)
        self._hangs = False
        signal.signal(EAR_HANGS, self._hang)

    @property
    def level(self) -> float | None:
        """Pass it on."""
        return self._ear.level

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Pass it on."""
        self._ear.listen(commands)

    def hear(
        self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]
    ) -> list[events.Event]:
        """Pass it on, or never return."""
        if self._hangs:
            Event().wait()
        return self._ear.hear(microphone, far_end)

    def _hang(self, *_: object) -> None:
        self._hangs = True


def main(routine: str) -> None:
    """Lead the session."""
    signal.signal(RUNNER_HANGS, lambda *_: Event().wait())
    app.run_live = partial(app.run_live, open_ear=FrailEar, proven=True)
    cli.app(["run", routine])


if __name__ == "__main__":
    main(sys.argv[1])
