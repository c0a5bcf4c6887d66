"""A session as ``voice-coach serve`` leads it on a phone, with a log of its listener.

It is a process of its own, given a routine and a folder for the log and for the page's address. The
routine that is touched on the page is led.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trials.subject import LEAVE, leave, logging_to
from voice_coach.app import LiveOptions, run_live
from voice_coach.catalogue import read_language
from voice_coach.core.config import SessionConfig
from voice_coach.serve import PhoneService

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> None:
    """Lead the session."""
    name, folder = words
    language = read_language()
    signal.signal(LEAVE, leave)
    service = PhoneService(language, "127.0.0.1", 0)
    with service.page, logging_to(Path(folder)) as make_listener:
        fresh = Path(folder, "address.new")
        fresh.write_text(service.page.address, "utf-8")
        fresh.rename(Path(folder, "address"))
        if service.page.choice() != name:
            raise ValueError("Another routine was touched.")
        config = SessionConfig(language=language, routine=name, stop_tested=True)
        run_live(
            config,
            LiveOptions(make_stage=service.stage),
            announce=print,
            leave=os.abort,
            web=service.page,
            make_listener=make_listener,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
