"""Who is on trial: a session as ``voice-coach run`` leads it, but for a tape beside its ear.

It is a process of its own, given a routine and a folder for the tape. A signal of its own ends it
on the spot, without its last words, as Ctrl-C does when it is pressed twice.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from trials.tape import RecordedListener
from voice_coach.app import open_live_listener, run_live
from voice_coach.catalogue import read_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from voice_coach.app import Ears
    from voice_coach.core.language import Language

LEAVE = signal.SIGUSR1
"""Ends it on the spot."""


def main(words: Sequence[str]) -> None:
    """Lead the session."""
    name, folder = words
    tapes: list[RecordedListener] = []

    def open_ear(language: Language, ears: Ears) -> RecordedListener:
        tapes.append(RecordedListener(open_live_listener(language, ears), Path(folder)))
        return tapes[0]

    signal.signal(LEAVE, _leave)
    language = read_language()
    routine = language.routine(name)
    try:
        run_live(language, routine, announce=print, leave=os.abort, open_ear=open_ear, proven=True)
    except KeyboardInterrupt:
        pass
    finally:
        for tape in tapes:
            tape.save()


def _leave(number: int, frame: FrameType | None) -> None:
    press = cast("Callable[[int, FrameType | None], object]", signal.getsignal(signal.SIGINT))
    press(number, frame)
    press(number, frame)


if __name__ == "__main__":
    main(sys.argv[1:])
