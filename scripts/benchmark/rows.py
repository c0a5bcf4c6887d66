"""From what came of the scenes to the figures that are promised, each beside its target."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from benchmark import orders
from benchmark.figures import Figure, Row, proportion, rate, share_of
from benchmark.reports import OURS
from benchmark.scenes import ECHOES, HARD
from benchmark.selection import pairs, row, seconds, select

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmark.reports import Outcome, Report
    from benchmark.selection import Everybody


def rows(reports: Sequence[Report]) -> list[Row]:
    """Work out every row for which something was measured."""
    by_contender: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        by_contender[report.contender].append(report)
    made: list[Row] = []
    writers = (_over, _alone, _noises, _talk, orders.quiet, orders.recorded, orders.orders)
    for write in writers:
        made += write(by_contender)
    made.append(orders.groups(by_contender))
    return [each for each in made if any(figure.known for figure in each.figures.values())]


def _over(everybody: Everybody) -> list[Row]:
    made = []
    for echo in ECHOES:
        name = f"over/{echo:+.0f} dB"

        def figure(reports: list[Report], name: str = name) -> Figure:
            some = list(pairs(select(reports, name)))
            return proportion(sum(r.missed(o) for r, o in some), len(some))

        measure = f"Emergency over the coach, echo {echo:+.0f} dB: not silent by end + 0.7 s"
        made.append(row(everybody, measure, 1, figure, unit=" %"))

    def delay(reports: list[Report], part: float) -> Figure:
        found = [r.silent_after(o) for r, o in pairs(select(reports, "over/"))]
        return share_of(found, part)

    def ducked(reports: list[Report]) -> Figure:
        some = pairs(report for report in select(reports, "over/") if report.obeyed)
        return share_of([_after(o.ducked, o.start) for _, o in some], 0.5)

    def within(reports: list[Report], limit: float, *, unrepeated: bool) -> Figure:
        some = list(pairs(select(reports, "over/")))
        good = 0
        for report, outcome in some:
            ended = report.ended_after(outcome)
            first = outcome.start + ended <= outcome.first_try
            good += ended <= limit and (first or not unrepeated)
        return proportion(good, len(some))

    return [
        *made,
        row(everybody, "Phrase start → 20 dB softer, median", math.nan, ducked),
        row(
            everybody,
            "Phrase start → silence, median",
            0.15,
            lambda r: delay(r, 0.5),
            unit=" s",
        ),
        row(
            everybody,
            "Phrase start → silence, p90",
            0.35,
            lambda r: delay(r, 0.9),
            unit=" s",
        ),
        row(
            everybody,
            "Routine ended within 2.5 s without repeating",
            90,
            lambda r: within(r, 2.5, unrepeated=True),
            at_most=False,
            unit=" %",
        ),
        row(
            everybody,
            "Routine ended within 6 s (question included)",
            98,
            lambda r: within(r, 6.0, unrepeated=False),
            at_most=False,
            unit=" %",
        ),
    ]


def _after(at: float | None, start: float) -> float:
    return math.inf if at is None else at - start


def _rates(
    everybody: Everybody, what: str, rows: tuple[str, ...], limits: tuple[float, float, float]
) -> list[Row]:
    """Give what happens in an hour by mistake: hushes, questions and ends."""

    def figure(reports: list[Report], count: Callable[[Report], int]) -> Figure:
        some = select(reports, *rows)
        return rate(sum(count(report) for report in some), seconds(some))

    def own(reports: list[Report], count: Callable[[Report], int]) -> Figure:
        """Leave out who has neither hushes nor questions."""
        return figure([report for report in reports if report.obeyed], count)

    hushes, questions, ends = limits
    return [
        row(
            everybody,
            f"{what}: hushes",
            hushes,
            lambda r: own(r, lambda report: len(report.hushes)),
            unit="/h",
        ),
        row(
            everybody,
            f"{what}: questions",
            questions,
            lambda r: own(r, lambda report: len(report.false_questions)),
            unit="/h",
        ),
        row(
            everybody,
            f"{what}: false ends",
            ends,
            lambda r: figure(r, lambda report: report.count_false_ends()),
            unit="/h",
        ),
    ]


def _alone(everybody: Everybody) -> list[Row]:
    made = _rates(everybody, "Coach alone", ("alone/",), (10, math.nan, 0))
    for name in HARD:
        made += _rates(everybody, f"Coach alone, {name}", (f"hard/{name}",), (30, math.nan, 0))
    return made


def _noises(everybody: Everybody) -> list[Row]:
    def silenced(reports: list[Report], *rows: str) -> Figure:
        some = list(pairs(select(reports, *rows)))
        return proportion(sum(_silenced(*pair) for pair in some), len(some))

    def ended(reports: list[Report]) -> Figure:
        some = list(pairs(select(reports, "noises/")))
        return proportion(sum(math.isfinite(r.ended_after(o)) for r, o in some), len(some))

    what = "Breath, cough, laugh, chair"
    over = row(
        everybody,
        f"{what} over the coach: silenced",
        5,
        lambda r: silenced(r, "noises/over"),
        unit=" %",
    )
    silent = row(
        everybody,
        f"{what} while it is silent: hushed",
        math.nan,
        lambda r: silenced(r, "noises/silent"),
        unit=" %",
    )
    kinds = sorted({o.label for _, o in pairs(select(everybody.get(OURS, []), "noises/"))})
    each = []
    for kind in kinds:

        def figure(reports: list[Report], kind: str = kind) -> Figure:
            some = [p for p in pairs(select(reports, "noises/over")) if p[1].label == kind]
            return proportion(sum(_silenced(*pair) for pair in some), len(some))

        each.append(row(everybody, f"– {kind}: silenced", math.nan, figure))
    return [over, silent, *each, row(everybody, f"{what}: ended", 0, ended, unit=" %")]


def _silenced(report: Report, outcome: Outcome) -> bool:
    if report.obeyed:
        return any(outcome.start < at <= outcome.end + 0.5 for at in report.hushes) or bool(
            outcome.asked or outcome.ended
        )
    return math.isfinite(report.ended_after(outcome))


def _talk(everybody: Everybody) -> list[Row]:
    made = []
    for name, what in (
        ("talk/synthetic", "People talking (synthetic)"),
        ("talk/neg_speech", "People talking (recorded)"),
        ("talk/neg_word", "Single words (recorded)"),
    ):
        made += _rates(everybody, what, (name,), (math.nan, 6, 0.5))
    return made
