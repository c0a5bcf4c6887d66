"""Stops the real process in mid-sentence, and listens to it alone: scripts/stop_trial; see --help.

On a virtual sound card the coach's own voice comes back into the microphone as loud as the
person's. The process is the one a user runs, with the coach's own voice, vosk and PortAudio, but
for the stop test.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from trials import alone, moments, table
from trials.browser_phone import BLOCK, begin_on_phone, browser_on
from trials.coach import begin as begin_on_card
from trials.slow_computer import SlowComputer
from trials.virtual_sound_card import EQUAL, VirtualSoundCard
from voice_coach.catalogue import read_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trials.coach import Begin

TRIES = 3
"""How many moments are tried for one that is wanted: some do not come into a sentence."""


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/stop_trial", description=__doc__)
    parser.add_argument("--moments", type=int, default=50, help='how often "it hurts" is said')
    parser.add_argument("--alone", type=float, default=10, help="minutes of the coach's own voice")
    parser.add_argument("--music", type=float, help="its level against the person's voice, in dB")
    parser.add_argument("--phone", action="store_true", help="on a phone: Chromium, over TLS")
    parser.add_argument("--drift", type=float, help="of the microphone's clock, in ppm")
    parser.add_argument("--cores", type=float, help="for the coach, as on a slow computer: 0.6")
    parser.add_argument("--seed", type=int, default=1, help="draws other moments")
    parser.add_argument("--out", type=Path, help="folder for what was heard")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Hold the trial; 1 if a cry was missed, or if the coach's own voice ended anything."""
    asked = _arguments(words)
    folder = asked.out or Path(tempfile.mkdtemp(prefix="stop-trial-"))
    language = read_language()
    cries, solos = [], []
    with ExitStack() as stack:
        own_clock = asked.drift if asked.music is None else asked.drift or 0.0
        card = stack.enter_context(VirtualSoundCard(own_clock, BLOCK if asked.phone else 1))
        computer = stack.enter_context(SlowComputer(asked.cores)) if asked.cores else None
        card.echo(EQUAL)
        begin: Begin = partial(begin_on_card, card, computer=computer)
        if asked.phone:
            card.hiss()  # no real room is as silent as this one
            browser = stack.enter_context(browser_on(card))
            begin = partial(begin_on_phone, browser, card, computer=computer)
        drawn = islice(moments.draw(language, asked.seed), TRIES * asked.moments)
        trial = moments.Trial(card, language, asked.music, begin, starved=computer is not None)
        for cry in moments.outcomes(trial, drawn, wanted=asked.moments, folder=folder):
            cries.append(cry)
            _tell(f"{sum(each.fit for each in cries)} of {asked.moments}: {cry}")
        for solo in alone.solos(begin, language, seconds=60 * asked.alone, folder=folder):
            solos.append(solo)
            _tell(f"Alone: {solo}")
    print(table.markdown(cries, solos))  # noqa: T201 - it is what was asked for
    _tell(f"Kept in {folder}.")
    return 0 if table.passed(cries, solos) else 1


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
