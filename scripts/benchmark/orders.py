"""Rows about words: what is understood in a quiet room, of real people, and of which voices."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from benchmark.figures import NOTHING, Figure, Row, plain, proportion, rate
from benchmark.reports import END_WORDS
from benchmark.scenes import STEP
from benchmark.selection import pairs, row, seconds, select

if TYPE_CHECKING:
    from benchmark.reports import Outcome, Report
    from benchmark.selection import Everybody, Pair

ORDERS = frozenset(command.value for command in STEP) - END_WORDS
"""The ordinary commands of a step."""
FEWEST = 10
"""Utterances that a group of voices must have before its misses are compared."""


def _unheard(report: Report, outcome: Outcome) -> bool:
    """Tell whether nothing was made of it that does what it asked for."""
    wanted = END_WORDS if outcome.means in END_WORDS else {outcome.means}
    return all(hit.command not in wanted for hit in report.heard(outcome))


def quiet(everybody: Everybody) -> list[Row]:
    """Tell what is missed of emergencies where nothing else sounds."""

    def urgent(reports: list[Report]) -> Figure:
        some = [p for p in pairs(select(reports, "quiet/step")) if p[1].means in END_WORDS]
        return proportion(sum(_unheard(*pair) for pair in some), len(some))

    return [row(everybody, "Quiet room: emergency missed", 1, urgent, unit=" %")]


def recorded(everybody: Everybody) -> list[Row]:
    """Tell what is missed of real people."""
    made = []
    for name, limit in (
        ("stop", 1.0),
        ("stop in noise", 4.0),
        ("back", 3.0),
        ("yes", 3.0),
        ("no", 3.0),
    ):

        def figure(reports: list[Report], name: str = name) -> Figure:
            some = list(pairs(select(reports, f"recorded/{name}")))
            return proportion(sum(_unheard(*pair) for pair in some), len(some))

        where = "noise 20 dB below" if "noise" in name else "quiet"
        measure = f'Real "{name.split()[0]}", {where}: missed'
        made.append(row(everybody, measure, limit, figure, unit=" %"))
    return made


def orders(everybody: Everybody) -> list[Row]:
    """Tell what becomes of ordinary commands, and which are heard where none was given."""

    def ordinary(reports: list[Report]) -> list[Pair]:
        return [p for p in pairs(select(reports, "quiet/")) if p[1].means not in END_WORDS]

    def lost(reports: list[Report]) -> Figure:
        some = ordinary(reports)
        return proportion(sum(_unheard(*pair) for pair in some), len(some))

    def taken(reports: list[Report]) -> Figure:
        some = ordinary(reports)
        wrong = [any(h.command != o.means for h in r.heard(o)) for r, o in some]
        return proportion(sum(wrong), len(wrong))

    def false(reports: list[Report]) -> Figure:
        some = select(reports, "talk/")
        # Answers are not among them: the person is asked for those.
        hits = [h for report in some for h in report.hits if h.command in ORDERS]
        return rate(len(hits), seconds(some))

    return [
        row(everybody, '"next", "pause", "repeat", …: missed', 3, lost, unit=" %"),
        row(everybody, "– taken for another", 1, taken, unit=" %"),
        row(everybody, "– false, an hour of talk", 5, false, unit="/h"),
    ]


def groups(everybody: Everybody) -> Row:
    """Compare the group of voices that fares worst with all."""

    def worst(reports: list[Report]) -> Figure:
        losses: dict[str, list[bool]] = defaultdict(list)
        for pair in pairs(select(reports, "over/", "quiet/")):
            lost = pair[0].missed(pair[1]) if pair[0].coach else _unheard(*pair)
            for group in (*pair[1].groups, "all"):
                losses[group].append(lost)
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

    return row(everybody, "Worst group of voices: misses against the mean", 2, worst, unit=" ×")
