"""Stops the real process in mid-sentence, and listens to it alone: scripts/stop_trial; see --help.

On a virtual sound card the coach's own voice comes back into the microphone as loud as the
person's. The process is the one a user runs: pyttsx3 speaks, vosk hears, PortAudio carries.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from trial import alone, table
from trial.moments import Trial, Unfit, draw
from trial.virtual_sound_card import VirtualSoundCard
from voice_coach.catalogue import read_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trial.moments import Outcome

EQUAL = 100
"""Volume in percent at which the coach is as loud in the room as the person."""
TRIES = 3
"""Times as many moments are tried as are wanted, for some do not come into a sentence."""


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/stop_trial", description=__doc__)
    parser.add_argument("--moments", type=int, default=50, help='how often "it hurts" is said')
    parser.add_argument("--alone", type=float, default=10, help="minutes of the coach's own voice")
    parser.add_argument("--seed", type=int, default=1, help="draws other moments")
    parser.add_argument("--out", type=Path, help="folder for what was heard")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Hold the trial; 1 if a cry was missed, or if the coach's own voice ended anything."""
    asked = _arguments(words)
    out = asked.out or Path(tempfile.mkdtemp(prefix="stop-trial-"))
    solos = []
    with VirtualSoundCard() as card:
        card.echo(EQUAL)
        outcomes = _cry(card, asked.moments, asked.seed, out)
        for solo in alone.listen(card, read_language(), 60 * asked.alone, out):
            _tell(f"Alone: {solo}")
            solos.append(solo)
    print(table.markdown(outcomes, solos))  # noqa: T201 - it is what was asked for
    _tell(f"Kept in {out}.")
    return 0 if table.passed(outcomes, solos) else 1


def _cry(card: VirtualSoundCard, wanted: int, seed: int, out: Path) -> list[Outcome]:
    language = read_language()
    trial = Trial(card, language)
    outcomes: list[Outcome] = []
    for number, moment in zip(range(TRIES * wanted), draw(language, seed), strict=False):
        try:
            outcome = trial.put(moment, out / f"moment-{number + 1}")
        except Unfit:
            _tell(f"{moment}: not in the middle of a sentence")
            continue
        outcomes.append(outcome)
        _tell(f"{len(outcomes)} of {wanted}: {outcome}")
        if len(outcomes) == wanted:
            return outcomes
    raise RuntimeError(f"Of {TRIES * wanted} cries only {len(outcomes)} came into a sentence.")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
