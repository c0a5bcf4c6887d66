"""Measures everything that is promised and writes one report: scripts/bench; see --help."""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmark import breath_rounds, hearing, naturalness, pacing, rooms, table, understanding
from benchmark.baseline_report import BaselineReport
from benchmark.corpus import Corpus
from benchmark.scene_generator import SETS

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = ("hearing", "breath", "pacing", "understanding", "naturalness")
STORED = Path(__file__).parents[2] / "docs" / "bench.json"
"""The last report that was stored."""


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=PARTS, help="measure only this")
    parser.add_argument("--quick", action="store_true", help="a small part of it, in minutes")
    parser.add_argument(
        "--out",
        type=Path,
        help="folder for the report and all made sounds; goes on from there, and what is not "
        "measured now stays as it is",
    )
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="bench.json to compare with (the one in docs)"
    )
    parser.add_argument("--corpus", type=Path, help="a folder of real recordings, manifest.csv")
    parser.add_argument("--seed", type=int, default=1, help="draws other scenes")
    parser.add_argument("--part", choices=rooms.PARTS, default="report", help="voices and rooms")
    parser.add_argument(
        "--only", nargs="+", choices=(*SETS, "cpu"), help="of the hearing measure only these"
    )
    parser.add_argument(
        "--coach", default="", metavar="VOICE", help="let another voice lead in the hearing bench"
    )
    parser.add_argument("--ours", action="store_true", help="leave out the other recognisers")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print the report and keep it."""
    asked = _arguments(words)
    if asked.corpus and not find_spec("soundfile"):
        sys.exit("soundfile is not installed (pip install soundfile): --corpus cannot be read.")
    out = asked.out or Path(tempfile.mkdtemp(prefix="bench-"))
    out.mkdir(parents=True, exist_ok=True)
    try:
        baseline = BaselineReport(asked.baseline or (STORED if STORED.exists() else None))
        # What cannot be read now could not be added to in the end.
        BaselineReport(out / table.JSON if (out / table.JSON).exists() else None)
    except ValueError as trouble:
        sys.exit(str(trouble))
    sections = []
    for part in [asked.what] if asked.what else PARTS:
        _tell(f"Measuring {part} ...")
        if part == "hearing":
            sections.append(hearing.measure(asked, out, _tell))
        elif part == "breath":
            real = Corpus(asked.corpus, asked.part).breaths() if asked.corpus else []
            section = breath_rounds.measure(quick=asked.quick, seed=asked.seed, recordings=real)
            sections.append(section)
        elif part == "pacing":
            sections.append(pacing.measure(pacing.QUICK if asked.quick else pacing.FULL))
        elif part == "understanding":
            sections.append(understanding.measure(quick=asked.quick))
        else:
            sections.append(naturalness.measure(quick=asked.quick))
    print(table.write(out, sections, baseline))  # noqa: T201 - it is what was asked for
    _tell(f"Kept in {out}.")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
