"""Turns the reports of scenes into the promised figures, each beside its target.

"Ended" and "only asked about" are separate rows everywhere.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from benchmark.backgrounds import LIVED_IN
from benchmark.echoes import ECHOES, HARD
from benchmark.figures import NOTHING, Figure, Row, plain, proportion, share_of, share_of_time
from benchmark.measures import (
    NONE,
    Measures,
    asked_or_ended,
    ended,
    ended_for_sure,
    ended_in_six,
    not_ended,
    not_obeyed,
    obeyed,
    pairs,
    select,
    silenced,
    taken_for_another,
    unnoticed,
)
from benchmark.reports import END_WORDS, OURS, EventOutcome, Report
from benchmark.scene import STEP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Pair = tuple[Report, EventOutcome]
    Test = Callable[[Report, EventOutcome], bool]

ORDERS = frozenset(command.value for command in STEP) - END_WORDS
"""The ordinary commands of a step."""
FEWEST = 10
"""Utterances that a group of voices must have before its misses are compared."""
LIVED_TARGETS = {
    **dict.fromkeys(("music -12 dB", "television -12 dB"), (2, 90, 98)),
    **dict.fromkeys(("music -6 dB", "water -3 dB"), (5, 80, 95)),
}
"""Limits in percent: not silent, ended in 2.5 s, in 6 s."""
LIVED_ALONE_TARGETS = dict.fromkeys(("music -12 dB", "television -12 dB"), (2, 6, 20, 1, 0.1))
"""Limits: % of time hushed, longest hush in seconds, ducks, questions and ends an hour."""
WHERE = {"over": "over the coach", "pause": "in its pauses"}
SOUNDS = "Breath, cough, laugh, chair"


def rows(reports: Sequence[Report]) -> list[Row]:
    """Work out every row for which something was measured."""
    table = Measures(reports)
    for write in (_over, _start, _lived, _wordless, _alone, _noises, _talk, _quiet):
        write(table)
    for write in (_recorded, _orders, _answers, _everything):
        write(table)
    return [row for row in table.rows if any(figure.known for figure in row.figures.values())]


# The rows


def _over(table: Measures) -> None:
    what = "Emergency over the coach"
    for echo in ECHOES:
        name = f"{echo:+.0f} dB"
        measure = f"{what}, echo {name}: not silent by end + 0.7 s"
        table.share(measure, 0.5, f"over/{name}", Report.missed)

    def delay(reports: list[Report], part: float) -> Figure:
        return share_of([r.silent_after(o) for r, o in pairs(reports, "over/")], part)

    def ducked(reports: list[Report]) -> Figure:
        some = [outcome for report, outcome in pairs(reports, "over/") if report.obeyed]
        return share_of([math.inf if o.ducked is None else o.ducked - o.start for o in some], 0.5)

    table.add("Phrase start → softer, median", NONE, ducked)
    table.add("Phrase start → silence, median", 0.14, lambda r: delay(r, 0.5), " s")
    table.add("Phrase start → silence, p90", 0.25, lambda r: delay(r, 0.9), " s")
    table.ends(what, "over/", 96, 99.5)


def _start(table: Measures) -> None:
    what = "Emergency in the coach's first 3 s"
    table.share(f"{what}: not silent by end + 0.7 s", 2, "start", Report.missed)
    table.ends(what, "start")


def _lived(table: Measures) -> None:
    for kind, level in LIVED_IN:
        name = f"{kind} {level:+.0f} dB"
        what, where = f"In {name}", f"lived/{name}"
        silent, first, six = LIVED_TARGETS.get(name, (NONE, NONE, NONE))
        measure = f"{what}: cry not silent by end + 0.7 s"
        table.share(measure, silent, f"{where}/cries", Report.missed)
        table.ends(f"{what}: cry", f"{where}/cries", first, six)
        for place, phrase in WHERE.items():
            measure = f"{what}: order {phrase}, obeyed at first try"
            table.share(measure, NONE, f"{where}/orders {place}", obeyed, at_most=False)
        cry = f"{what}: cry without words"
        table.share(f"{cry}: ended", NONE, f"{where}/wordless", ended_for_sure, at_most=False)
        table.asked(cry, f"{where}/wordless")
        _left_alone(table, name, f"{where}/alone")


def _left_alone(table: Measures, name: str, where: str) -> None:
    """Tell what a background does while nobody speaks to the coach."""
    what = f"In {name}, nobody speaks"
    time, longest, ducks, questions, ends = LIVED_ALONE_TARGETS.get(name, (NONE,) * 5)

    def own(reports: list[Report]) -> list[Report]:
        return [report for report in select(reports, where) if report.obeyed]

    def hushed(reports: list[Report]) -> Figure:
        times = [sum(seconds for _, seconds in report.hushes) for report in own(reports)]
        return share_of_time(times, [report.seconds for report in own(reports)])

    def longest_hush(reports: list[Report]) -> Figure:
        times = [seconds for report in own(reports) for _, seconds in report.hushes]
        value = max(times, default=0.0)
        return plain(value, f"{value:.1f} s") if own(reports) else NOTHING

    table.add(f"{what}: time hushed", time, hushed, " %")
    table.add(f"{what}: longest hush", longest, longest_hush, " s")
    table.rate(f"{what}: ducks", ducks, where, lambda r: len(r.ducks))
    table.false(what, where, questions, ends)


def _wordless(table: Measures) -> None:
    for name, loudness, silent, noticed in (
        ("+6 dB", "6 dB over the person", 98, 90),
        ("+0 dB", "as loud as the person", NONE, NONE),
        ("recorded", "recorded, 6 dB over the person", 98, 90),
    ):
        what, where = f"Cry without words, {loudness}", f"wordless/{name}"
        table.share(f"{what}: silenced", silent, where, silenced, at_most=False)
        measure = f"{what}: asked about or ended"
        table.share(measure, noticed, where, asked_or_ended, at_most=False)
        table.share(f"{what}: ended", NONE, where, ended_for_sure, at_most=False)
        table.asked(what, where)


def _alone(table: Measures) -> None:
    table.hushes("Coach alone", "alone/", 0.1)
    table.false("Coach alone", "alone/", 0, 0)
    for name in HARD:
        table.hushes(f"Coach alone, {name}", f"hard/{name}", 5)
        table.false(f"Coach alone, {name}", f"hard/{name}", NONE, 0)


def _noises(table: Measures) -> None:
    table.share(f"{SOUNDS} over the coach: silenced", 3, "noises/over", silenced)
    table.share(f"{SOUNDS} in its pauses: silenced", NONE, "noises/pause", silenced)
    for kind in sorted({o.label for _, o in pairs(table.everybody[OURS], "noises/over")}):

        def figure(reports: list[Report], kind: str = kind) -> Figure:
            some = [pair for pair in pairs(reports, "noises/over") if pair[1].label == kind]
            return proportion(sum(silenced(*pair) for pair in some), len(some))

        table.add(f"– {kind}: silenced", NONE, figure)
    table.asked(SOUNDS, "noises/")
    table.share(f"{SOUNDS}: ended", 0, "noises/", ended_for_sure)


def _talk(table: Measures) -> None:
    for name in ("synthetic", "recorded"):
        table.hushes(f"People talking ({name})", f"talk/{name}", NONE)
        table.false(f"People talking ({name})", f"talk/{name}", 3, 0.5)
    for name in ("synthetic", "recorded"):
        what, where = f"Single words from nearby ({name})", f"words/{name}"
        table.share(f"{what}: ended", 0.3, where, ended_for_sure)
        table.asked(what, where, 1)


def _quiet(table: Measures) -> None:
    what, where = "Quiet room, cries in the coach's pauses", "quiet/cries"
    table.share(f"{what}: ended (question included)", 99, where, ended, at_most=False)
    table.asked(what, where)
    table.share(f"{what}: neither asked about nor ended", 0.5, where, unnoticed)


def _recorded(table: Measures) -> None:
    for name, noise, unended, nothing in (
        ("stop", "quiet", 1.5, 0.5),
        ("stop in noise", "noise 20 dB below", 4, 2),
    ):
        what, where = f'Real "stop", {noise}', f"recorded/{name}"
        table.share(f"{what}: not ended", unended, where, not_ended)
        table.asked(what, where)
        table.share(f"{what}: nothing", nothing, where, unnoticed)
    for name in ("yes", "no"):
        table.share(f'Real "{name}": missed', 3, f"recorded/{name}", not_obeyed)


def _orders(table: Measures) -> None:
    for name, limit in (("over", 95), ("pause", 98)):
        measure = f"Orders {WHERE[name]}: obeyed at first try"
        table.share(measure, limit, f"orders/{name}", obeyed, at_most=False)

    def false(report: Report) -> int:
        # Answers are not among them: the person is asked for those.
        return sum(hit.command in ORDERS and hit.obeyed for hit in report.hits)

    table.share("Orders: taken for another", 0.5, "orders/", taken_for_another)
    table.rate("Orders: false, an hour of talk", 2, "talk/", false, own=False)


def _answers(table: Measures) -> None:
    for name, what in (
        ("check", '"ready" at the sound check'),
        ("question", 'Answers to "Did that hurt?"'),
    ):
        table.share(f"{what}: missed", NONE, name, not_obeyed)
        table.share(f"{what}: taken for another", NONE, name, taken_for_another)


def _everything(table: Measures) -> None:
    """Compare the group of voices that is missed most with all; count events that never began."""

    def worst(reports: list[Report]) -> Figure:
        losses: dict[str, list[bool]] = defaultdict(list)
        for report, outcome in pairs(reports, "over/", "quiet/", "orders/"):
            done = ended_in_six if outcome.means in END_WORDS else obeyed
            for group in (*outcome.groups, "all"):
                losses[group].append(not done(report, outcome))
        every = losses.pop("all", [])
        if not any(every):
            return plain(0.0, "no misses") if every else NOTHING
        mean = sum(every) / len(every)
        shares = {g: sum(x) / len(x) for g, x in losses.items() if len(x) >= FEWEST}
        if not shares:
            return NOTHING
        name = max(shares, key=lambda group: shares[group])
        times = shares[name] / mean
        its_own = proportion(sum(losses[name]), len(losses[name]))
        return plain(times, f"{times:.1f} × ({name}: {its_own.text})")

    def unbegun(reports: list[Report]) -> Figure:
        count = sum(report.unbegun for report in reports)
        return plain(count, str(count)) if reports else NOTHING

    table.add("Worst group of voices: misses against the mean", 1.5, worst, " ×")
    table.add("Events that never began: the coach did not come to it", 0, unbegun)
