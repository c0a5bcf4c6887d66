"""Which scenes a row is about, and a row for everybody who played them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmark.figures import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from benchmark.figures import Figure
    from benchmark.reports import Outcome, Report

    Pair = tuple[Report, Outcome]
    Everybody = dict[str, list[Report]]


def row(
    everybody: Everybody,
    measure: str,
    limit: float,
    figure: Callable[[list[Report]], Figure],
    *,
    at_most: bool = True,
    unit: str = "",
) -> Row:
    """Work out one figure for everybody; see `Row`."""
    figures = {name: figure(reports) for name, reports in everybody.items()}
    return Row(measure, limit, figures, at_most, unit)


def select(reports: Iterable[Report], *rows: str) -> list[Report]:
    """Give the reports of these rows, or of all whose row begins so if it ends in a slash."""
    return [
        report
        for report in reports
        if any(report.row == row or (row[-1] == "/" and report.row.startswith(row)) for row in rows)
    ]


def pairs(reports: Iterable[Report]) -> Iterator[Pair]:
    """Give each happening with the scene it is of."""
    for report in reports:
        for outcome in report.outcomes:
            yield report, outcome


def seconds(reports: Iterable[Report]) -> float:
    """Give how long these scenes are together."""
    return sum(report.seconds for report in reports)
