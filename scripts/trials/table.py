"""What the trial found, each figure beside what is promised."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from benchmark.figures import proportion, rate, share_of

from trials.moments import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trials.alone import Solo
    from trials.moments import CryOutcome

    Row = tuple[str, str, str]

SOON, LATE = 2.5, 6.0
"""Seconds from the cry's start within which the routine is to be over: without and with asking."""


def passed(outcomes: Sequence[CryOutcome], solos: Sequence[Solo]) -> bool:
    """Tell whether no cry was missed and nothing ended by itself.

    A question ends the routine too: nobody was there to answer it.
    """
    missed = any(outcome.missed for outcome in outcomes if outcome.fit)
    alone = (*(outcome.before for outcome in outcomes), *(solo.log for solo in solos))
    faulty = any(solo.fault for solo in solos)
    return not (missed or faulty or any(log.ends or log.questions for log in alone))


def markdown(outcomes: Sequence[CryOutcome], solos: Sequence[Solo]) -> str:
    """Write the table."""
    fit = [outcome for outcome in outcomes if outcome.fit]
    rows = [
        ("Measure", "Promised", "Measured"),
        ("---",) * 3,
        *(_over(fit) if fit else ()),
        *(_before(outcomes) if outcomes else ()),
        *(_alone(solos) if solos else ()),
        _cost(outcomes, solos),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _over(outcomes: Sequence[CryOutcome]) -> list[Row]:
    since_start = [o.silent for o in outcomes]
    since_end = [o.silent - o.length for o in outcomes]

    def share(hits: int) -> str:
        return proportion(hits, len(outcomes)).text

    return [
        (
            f'"It hurts" in mid-sentence: silent by its end + {AT_ONCE} s',
            "all",
            share(sum(each <= AT_ONCE for each in since_end)),
        ),
        ("its start → silence, median", "0.15 s", share_of(since_start, 0.5).text),
        ("its start → silence, p95", "", share_of(since_start, 0.95).text),
        ("its start → silence, longest", "", f"{max(since_start):.2f} s"),
        ("its end → silence, median", "", share_of(since_end, 0.5).text),
        ("its end → silence, p95", "", share_of(since_end, 0.95).text),
        ("its end → silence, longest", "", f"{max(since_end):.2f} s"),
        (f"ended as pain within {SOON} s", "90 %", share(sum(o.ended <= SOON for o in outcomes))),
        (f"ended as pain within {LATE} s", "98 %", share(sum(o.ended <= LATE for o in outcomes))),
        ("ended as pain at all", "all", share(sum(math.isfinite(o.ended) for o in outcomes))),
        ("after the question", "", share(sum(math.isfinite(o.asked) for o in outcomes))),
    ]


def _before(outcomes: Sequence[CryOutcome]) -> list[Row]:
    logs = [outcome.before for outcome in outcomes]
    return [
        (
            f"Before the cry, in {len(logs)} sessions: ends",
            "0",
            str(sum(log.ends for log in logs)),
        ),
        ("questions", "", str(sum(log.questions for log in logs))),
        ("hushes", "", str(sum(log.count("hush") for log in logs))),
    ]


def _alone(solos: Sequence[Solo]) -> list[Row]:
    logs = [solo.log for solo in solos]
    seconds = sum(log.seconds for log in logs)
    spoken = sum(log.spoken for log in logs)

    def an_hour(kind: str) -> str:
        return rate(sum(log.count(kind) for log in logs), spoken).text

    return [
        (
            f"The coach alone, {len(logs)} sessions",
            "",
            f"{spoken / 60:.1f} min of speech in {seconds / 60:.1f} min",
        ),
        ("ends", "0", str(sum(log.ends for log in logs))),
        ("questions", "", str(sum(log.questions for log in logs))),
        ("faults", "0", str(sum(bool(solo.fault) for solo in solos))),
        ("other commands", "", str(sum(log.commands for log in logs))),
        ("hushes, by the hour of speech", "10/h", an_hour("hush")),
        ("ducks", "", an_hour("duck")),
    ]


def _cost(outcomes: Sequence[CryOutcome], solos: Sequence[Solo]) -> Row:
    logs = [*(outcome.log for outcome in outcomes), *(solo.log for solo in solos)]
    mean = sum(log.processor for log in logs) / sum(log.seconds for log in logs)
    most = max(log.processor / log.seconds for log in logs)
    text = f"{mean:.2f} core, in one session {most:.2f} at most"
    return "Processor time of the hearing thread", "0.35 core", text
