"""A session as ``voice-coach run`` leads it, with a log of its listener.

It is a process of its own, given a routine and a folder for the log. A signal ends it on the spot,
without its last words, as Ctrl-C does when it is pressed twice.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from trials.listener_log import LoggingListener
from voice_coach.app import LiveOptions, run_live
from voice_coach.catalogue import read_language
from voice_coach.core.config import SessionConfig
from voice_coach.hearing.listener import open_live_listener

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from voice_coach.core.language import Language
    from voice_coach.hearing.recognisers import Recognisers

LEAVE = signal.SIGUSR1
"""Ends it on the spot."""


def main(words: Sequence[str]) -> None:
    """Lead the session."""
    name, folder = words
    logs: list[LoggingListener] = []

    def make_listener(language: Language, recognisers: Recognisers) -> LoggingListener:
        listener = open_live_listener(language, recognisers)
        logs.append(LoggingListener(listener, Path(folder)))
        return logs[0]

    signal.signal(LEAVE, _leave)
    config = SessionConfig(language=read_language(), routine=name, stop_tested=True)
    try:
        run_live(config, LiveOptions(), announce=print, leave=os.abort, make_listener=make_listener)
    except KeyboardInterrupt:
        pass
    finally:
        for log in logs:
            log.save()


def _leave(_number: int, frame: FrameType | None) -> None:
    press = cast("Callable[[int, FrameType | None], object]", signal.getsignal(signal.SIGINT))
    press(signal.SIGINT, frame)
    press(signal.SIGINT, frame)


if __name__ == "__main__":
    main(sys.argv[1:])
