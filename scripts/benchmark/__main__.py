"""Runs the benchmark: scripts/bench hearing, scripts/bench pacing; see --help."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmark import cost, crew, pacing, peers, plots, rooms, synthesisers, table, voices
from benchmark.corpus import Corpus
from benchmark.kept import Kept
from benchmark.plans import FULL, QUICK
from benchmark.reports import OURS
from benchmark.rows import rows
from benchmark.scenes import SETS, Playwright
from voice_coach.catalogue import read_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmark.plans import Plan
    from benchmark.reports import Report

PEER_HOURS, PEER_EVENTS = 0.5, 60
"""Hours of the coach alone, and of synthetic talk, that peers hear, and emergencies at each level
and noises: enough for their many mistakes."""


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    hearing = what.add_parser("hearing", help="measure the hearing in simulated rooms")
    hearing.add_argument("--quick", action="store_true", help="a small part of it, in minutes")
    hearing.add_argument("--corpus", type=Path, help="a folder of real recordings, manifest.csv")
    hearing.add_argument("--seed", type=int, default=1, help="draws other scenes")
    hearing.add_argument("--part", choices=rooms.PARTS, default="report", help="voices and rooms")
    hearing.add_argument("--only", nargs="+", choices=(*SETS, "cpu"), help="measure only these")
    hearing.add_argument("--events", type=int, help="emergencies at each echo level")
    hearing.add_argument(
        "--out", type=Path, help="folder for the report and all made sounds; goes on from there"
    )
    pace = what.add_parser("pacing", help="measure how exactly it keeps time, and what it takes")
    pace.add_argument("--quick", action="store_true", help="a small part of it, in minutes")
    pace.add_argument("--out", type=Path, help="folder for the report")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print the table and keep it."""
    asked = _arguments(words)
    return _hearing(asked) if asked.what == "hearing" else _pacing(asked)


def _pacing(asked: argparse.Namespace) -> int:
    found = pacing.rows(pacing.QUICK if asked.quick else pacing.FULL)
    out = asked.out or Path(tempfile.mkdtemp(prefix="pacing-"))
    out.mkdir(parents=True, exist_ok=True)
    print(table.write(out, "pacing", found, {"quick": str(asked.quick)}))  # noqa: T201 - it is what was asked for
    _tell(f"Kept in {out}.")
    return 0


def _hearing(asked: argparse.Namespace) -> int:
    if asked.corpus and not find_spec("soundfile"):
        sys.exit("soundfile is not installed (pip install soundfile): --corpus cannot be read.")
    began = time.monotonic()
    plan = QUICK if asked.quick else FULL
    if asked.events is not None:
        plan = replace(plan, emergencies=asked.events)
    store = voices.SoundStore(asked.out / "sounds" if asked.out else None)
    out = asked.out or store.folder
    left_out = [*synthesisers.missing(), *peers.missing(), *plots.missing(), *_rooms_missing()]
    if not asked.corpus:
        left_out.append("No --corpus was given: real voices are left out.")
    for line in left_out:
        _tell(line)
    crew.clips(store.folder)
    tasks = _tasks(asked, plan, store.folder)
    played = _played(tasks, Kept(out))
    if missing := len(tasks) - len(played):
        left_out.append(
            f"{missing} of {len(tasks)} scenes, for it was broken off; "
            f"the same command with --out {out} goes on."
        )
    reports = [report for each in played.values() for report in each]
    reports.sort(key=lambda report: (report.contender, report.row, report.seed))
    found = rows(reports)
    if not asked.only or "cpu" in asked.only:
        scene = _playwright(asked, QUICK).scenes("over", None)[0]
        scene = replace(scene, obeyed=False, happenings=scene.happenings[:4])
        found.append(cost.row(scene, [OURS, *peers.names()], store.folder))
    settings = {
        "part": asked.part,
        "seed": str(asked.seed),
        "plan": str(plan),
        "minutes it took": f"{(time.monotonic() - began) / 60:.1f}",
    }
    print(table.write(out, "hearing", found, settings, left_out=left_out, reports=reports))  # noqa: T201 - it is what was asked for
    plots.draw(out, reports)
    _tell(f"Kept in {out}.")
    return 0


def _played(tasks: Sequence[crew.Task], kept: Kept) -> dict[crew.Task, list[Report]]:
    """Play every scene that is not kept from a run before; fewer if it is broken off."""
    played = {task: found for task in tasks if (found := kept.find(task))}
    try:
        for task, reports in crew.play(task for task in tasks if task not in played):
            kept.keep(task, reports)
            played[task] = reports
            who = "peers" if len(reports) > 1 else reports[0].contender
            scene = f"{task.scene.row} {task.scene.seed}, {who}"
            _tell(f"{len(played)} of {len(tasks)}: {scene}")
    except KeyboardInterrupt:
        _tell("Broken off.")
    return played


def _rooms_missing() -> list[str]:
    if rooms.IMAGES:
        return []
    return [
        "pyroomacoustics is not installed (pip install pyroomacoustics): rooms are diffuse noise."
    ]


def _playwright(asked: argparse.Namespace, plan: Plan) -> Playwright:
    people = voices.voices(asked.part, synthesisers.engines())
    if not people:
        sys.exit("There is no synthesiser for the people's voices: apt install espeak-ng.")
    return Playwright(asked.part, asked.seed, plan, people, read_language())


def _tasks(asked: argparse.Namespace, plan: Plan, folder: Path) -> list[crew.Task]:
    """Give every scene to us and, where there are peers to compare with, to each.

    They come in random order, so that a run that is broken off has a fair share of everything.
    """
    corpus = Corpus(asked.corpus, asked.part) if asked.corpus else None
    ours = _playwright(asked, plan)
    shorter = replace(
        plan,
        emergencies=min(plan.emergencies, PEER_EVENTS),
        alone=min(plan.alone, PEER_HOURS),
        hard=0.0,
        noises=min(plan.noises, PEER_EVENTS),
        talk=min(plan.talk, PEER_HOURS),
    )
    theirs = _playwright(asked, shorter)
    tasks = []
    for kind in SETS:
        if asked.only and kind not in asked.only:
            continue
        scenes = ours.scenes(kind, corpus)
        tasks += [crew.Task(scene, (OURS,), folder) for scene in scenes]
        if kind != "hard":
            scenes = theirs.scenes(kind, corpus)
            tasks += [crew.Task(scene, tuple(peers.names()), folder) for scene in scenes]
    return [tasks[k] for k in np.random.default_rng(asked.seed).permutation(len(tasks))]


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
