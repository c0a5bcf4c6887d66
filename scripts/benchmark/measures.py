"""How one row is worked out: shares of events and rates an hour, for everybody who was measured."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from benchmark.figures import Figure, Row, proportion, rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmark.reports import EventOutcome, Report

    Pair = tuple[Report, EventOutcome]
    Test = Callable[[Report, EventOutcome], bool]

NONE = math.nan
"""The limit of what has no target."""


def select(reports: Iterable[Report], *rows: str) -> list[Report]:
    """Give the reports of these rows, or of all whose row begins so if it ends in a slash."""
    return [
        report
        for report in reports
        if any(report.row == row or (row[-1] == "/" and report.row.startswith(row)) for row in rows)
    ]


def pairs(reports: Iterable[Report], *rows: str) -> list[Pair]:
    """Give the events of these rows, each with its report."""
    return [(report, outcome) for report in select(reports, *rows) for outcome in report.outcomes]


class Measures:
    """The rows so far, each with a figure for everybody who was measured."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self.rows: list[Row] = []
        self.everybody: dict[str, list[Report]] = defaultdict(list)
        for report in reports:
            self.everybody[report.contender].append(report)

    def add(
        self,
        measure: str,
        limit: float,
        figure: Callable[[list[Report]], Figure],
        unit: str = "",
        *,
        at_most: bool = True,
    ) -> None:
        """Add any row."""
        figures = {name: figure(reports) for name, reports in self.everybody.items()}
        self.rows.append(Row(measure, limit, figures, at_most, unit))

    def share(
        self, measure: str, limit: float, where: str, test: Test, *, at_most: bool = True
    ) -> None:
        """Add the share of the events of these rows that pass a test."""

        def figure(reports: list[Report]) -> Figure:
            some = pairs(reports, where)
            return proportion(sum(test(*pair) for pair in some), len(some))

        self.add(measure, limit, figure, " %", at_most=at_most)

    def asked(self, what: str, where: str, limit: float = NONE) -> None:
        """Add the share of events that were only asked about; baselines ask nothing."""

        def figure(reports: list[Report]) -> Figure:
            some = [pair for pair in pairs(reports, where) if pair[0].obeyed]
            return proportion(sum(r.only_asked(o) for r, o in some), len(some))

        self.add(f"{what}: only asked about", limit, figure, " %")

    def rate(
        self,
        measure: str,
        limit: float,
        where: str,
        count: Callable[[Report], int],
        *,
        own: bool = True,
    ) -> None:
        """Add what happens in an hour; `own` leaves out baselines, who cannot do it."""

        def figure(reports: list[Report]) -> Figure:
            some = [report for report in select(reports, where) if report.obeyed or not own]
            return rate(sum(map(count, some)), sum(report.seconds for report in some))

        self.add(measure, limit, figure, "/h")

    def false(self, what: str, where: str, questions: float, ends: float) -> None:
        """Add the questions and ends of an hour that nobody wanted."""
        self.rate(f"{what}: questions", questions, where, lambda r: len(r.false_questions))
        self.rate(f"{what}: false ends", ends, where, lambda r: r.count_false_ends(), own=False)

    def hushes(self, what: str, where: str, limit: float) -> None:
        """Add the hushes of an hour in which nobody spoke to the coach."""
        self.rate(f"{what}: hushes", limit, where, lambda r: len(r.hushes))

    def ends(self, what: str, where: str, first: float = NONE, six: float = NONE) -> None:
        """Add how soon cries end the routine, and how many are only asked about or do nothing."""
        at_once, in_six = "within 2.5 s without repeating", "within 6 s (question included)"
        self.share(f"{what}: ended {at_once}", first, where, ended_at_first, at_most=False)
        self.share(f"{what}: ended {in_six}", six, where, ended_in_six, at_most=False)
        self.asked(what, where)
        self.share(f"{what}: neither asked about nor ended", NONE, where, unnoticed)


# What is asked about an event


def silenced(report: Report, outcome: EventOutcome) -> bool:
    """Whether the coach fell silent."""
    return math.isfinite(report.silent_after(outcome))


def ended(report: Report, outcome: EventOutcome) -> bool:
    """Whether the routine ended, at once or after the question."""
    return math.isfinite(report.ended_after(outcome))


def ended_for_sure(report: Report, outcome: EventOutcome) -> bool:
    """Whether it ended without a question."""
    return ended(report, outcome) and not report.only_asked(outcome)


def unnoticed(report: Report, outcome: EventOutcome) -> bool:
    """Whether neither a question nor an end came of it."""
    return not ended(report, outcome) and outcome.asked is None


def asked_or_ended(report: Report, outcome: EventOutcome) -> bool:
    """Whether a question or an end came of it."""
    return not unnoticed(report, outcome)


def ended_at_first(report: Report, outcome: EventOutcome) -> bool:
    """Whether it ended within 2.5 s without repeating."""
    return report.ended_at_first(outcome, 2.5)


def ended_in_six(report: Report, outcome: EventOutcome) -> bool:
    """Whether it ended within six seconds, question included."""
    return report.ended_after(outcome) <= 6.0


def not_ended(report: Report, outcome: EventOutcome) -> bool:
    """Whether the routine went on."""
    return not ended(report, outcome)


def obeyed(report: Report, outcome: EventOutcome) -> bool:
    """Whether the command that was meant was obeyed."""
    return any(hit.command == outcome.means and hit.obeyed for hit in report.heard(outcome))


def not_obeyed(report: Report, outcome: EventOutcome) -> bool:
    """Whether the command that was meant was not obeyed."""
    return not obeyed(report, outcome)


def taken_for_another(report: Report, outcome: EventOutcome) -> bool:
    """Whether another command was obeyed."""
    return any(hit.command != outcome.means and hit.obeyed for hit in report.heard(outcome))
