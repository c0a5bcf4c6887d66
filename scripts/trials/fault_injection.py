"""A session as ``voice-coach run`` leads it, whose parts can be made to hang by a signal.

It is a process of its own, given a routine and a folder that it does not need. The stop test counts
as passed, so that a trial comes to the press without a voice.
"""

from __future__ import annotations

import signal
import sys
from threading import Event
from typing import TYPE_CHECKING, Any

from voice_coach import app, cli
from voice_coach.audio.hearing_thread import ListenerAround
from voice_coach.hearing.listener import open_live_listener

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.core import events
    from voice_coach.core.config import SessionConfig
    from voice_coach.core.language import Language
    from voice_coach.core.view import View
    from voice_coach.hearing.recognisers import Recognisers

LISTENER_HANGS, RUNNER_HANGS = signal.SIGUSR1, signal.SIGUSR2
"""What makes the hearing thread hang, and the runner's."""
LISTENER = Event()
"""Set once the listener has to hang."""


class HangingListener(ListenerAround):
    """The coach's listener until it is told to hang."""

    def __init__(self, language: Language, recognisers: Recognisers) -> None:
        super().__init__(open_live_listener(language, recognisers))

    def hear(
        self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]
    ) -> list[events.Event]:
        """Pass it on, or never return."""
        if LISTENER.is_set():
            Event().wait()
        return super().hear(microphone, far_end)


def main(routine: str) -> None:
    """Lead the session."""
    signal.signal(LISTENER_HANGS, lambda *_: LISTENER.set())
    signal.signal(RUNNER_HANGS, lambda *_: Event().wait())
    run_live = app.run_live

    def run_hanging(config: SessionConfig, options: app.LiveOptions, **others: Any) -> View:
        config = config.model_copy(update={"stop_tested": True})
        return run_live(config, options, make_listener=HangingListener, **others)

    app.run_live = run_hanging
    cli.app(["run", routine])


if __name__ == "__main__":
    main(sys.argv[1])
