"""What the trial found, each figure beside what is promised."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from benchmark.figures import proportion, rate, share_of
from trial.moments import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trial.alone import Solo
    from trial.moments import Outcome

    Row = tuple[str, str, str]

SOON, LATE = 2.5, 6.0
"""Seconds from the cry's start within which the routine is to be over: without and with asking."""


def passed(outcomes: Sequence[Outcome], solos: Sequence[Solo]) -> bool:
    """Tell whether no cry was missed and the coach's own voice ended nothing."""
    return not any(o.missed or o.ends for o in outcomes) and not any(s.ends for s in solos)


def markdown(outcomes: Sequence[Outcome], solos: Sequence[Solo]) -> str:
    """Write the table."""
    rows = [
        ("Measure", "Promised", "Measured"),
        ("---",) * 3,
        *(_over(outcomes) if outcomes else ()),
        *(_alone(solos) if solos else ()),
        _cost(outcomes, solos),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _over(outcomes: Sequence[Outcome]) -> list[Row]:
    since_start = [o.silent for o in outcomes]
    since_end = [o.silent - o.length for o in outcomes]

    def share(hits: int) -> str:
        return proportion(hits, len(outcomes)).text

    return [
        (
            f"Silent {AT_ONCE} s after the cry at the latest",
            "all",
            share(sum(each <= AT_ONCE for each in since_end)),
        ),
        ("– its start → silence, median", "0.15 s", share_of(since_start, 0.5).text),
        ("– its start → silence, p95", "–", share_of(since_start, 0.95).text),
        ("– its start → silence, longest", "–", f"{max(since_start):.2f} s"),
        ("– its end → silence, median", "–", share_of(since_end, 0.5).text),
        ("– its end → silence, p95", "–", share_of(since_end, 0.95).text),
        ("– its end → silence, longest", "–", f"{max(since_end):.2f} s"),
        (f"Ended as pain within {SOON} s", "90 %", share(sum(o.ended <= SOON for o in outcomes))),
        (f"Ended as pain within {LATE} s", "98 %", share(sum(o.ended <= LATE for o in outcomes))),
        ("Ended as pain at all", "all", share(sum(math.isfinite(o.ended) for o in outcomes))),
        ("– after the question", "–", share(sum(math.isfinite(o.asked) for o in outcomes))),
        ("Before the cry: hushes", "–", str(sum(o.hushes for o in outcomes))),
        ("Before the cry: ends", "0", str(sum(o.ends for o in outcomes))),
    ]


def _alone(solos: Sequence[Solo]) -> list[Row]:
    seconds = sum(solo.tape.seconds for solo in solos)
    spoken = sum(solo.tape.spoken for solo in solos)

    def count(what: int) -> str:
        return rate(what, spoken).text

    return [
        (
            "The coach alone",
            "–",
            f"{spoken / 60:.1f} min of speech in {seconds / 60:.1f} min, {len(solos)} sessions",
        ),
        ("– ends", "0", str(sum(solo.ends for solo in solos))),
        ("– questions", "–", str(sum(solo.questions for solo in solos))),
        ("– other commands", "–", str(sum(solo.orders for solo in solos))),
        ("– hushes", "10/h", count(sum(solo.tape.count("hush") for solo in solos))),
        ("– ducks", "–", count(sum(solo.tape.count("duck") for solo in solos))),
    ]


def _cost(outcomes: Sequence[Outcome], solos: Sequence[Solo]) -> Row:
    tapes = [each.tape for each in (*outcomes, *solos)]
    shares = [tape.processor / tape.seconds for tape in tapes]
    mean = sum(tape.processor for tape in tapes) / sum(tape.seconds for tape in tapes)
    text = f"{mean:.2f} core, in one session {max(shares):.2f} at most"
    return "Processor time of the hearing thread", "0.35 core", text
