"""From what came of the scenes to the figures that are promised, each beside its target.

"Ended" and "only asked about" are separate rows everywhere.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from benchmark.figures import NOTHING, Figure, Row, plain, proportion, rate, share_of, share_of_time
from benchmark.reports import END_WORDS, OURS
from benchmark.scene import STEP
from benchmark.scene_generator import ECHOES, HARD, LIVED_IN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmark.reports import Outcome, Report

    Everybody = dict[str, list[Report]]
    Pair = tuple[Report, Outcome]
    Test = Callable[[Report, Outcome], bool]

NONE = math.nan
"""The limit of what has no target."""
ORDERS = frozenset(command.value for command in STEP) - END_WORDS
"""The ordinary commands of a step."""
FEWEST = 10
"""Utterances that a group of voices must have before its misses are compared."""
LIVED_TARGETS = {
    **dict.fromkeys(("music -12 dB", "television -12 dB"), (2, 90, 98)),
    **dict.fromkeys(("music -6 dB", "water -3 dB"), (5, 80, 95)),
}
"""Limits in percent: not silent, ended in 2.5 s, in 6 s."""
LIVED_ALONE_TARGETS = {
    **dict.fromkeys(("music -12 dB", "television -12 dB"), (2, 6, 20, 1, 0.1)),
}
"""Limits: % of time hushed, longest hush in seconds, ducks, questions and ends an hour."""


def rows(reports: Sequence[Report]) -> list[Row]:
    """Work out every row for which something was measured."""
    everybody: Everybody = defaultdict(list)
    for report in reports:
        everybody[report.contender].append(report)
    made = [
        *_over(everybody),
        *_start(everybody),
        *_lived(everybody),
        *_wordless(everybody),
        *_alone(everybody),
        *_noises(everybody),
        *_talk(everybody),
        *_quiet(everybody),
        *_recorded(everybody),
        *_orders(everybody),
        *_answers(everybody),
        _groups(everybody),
        _row(everybody, "Events that never began: the coach did not come to it", 0, _unbegun),
    ]
    return [each for each in made if any(figure.known for figure in each.figures.values())]


def select(reports: Iterable[Report], *rows: str) -> list[Report]:
    """Give the reports of these rows, or of all whose row begins so if it ends in a slash."""
    return [
        report
        for report in reports
        if any(report.row == row or (row[-1] == "/" and report.row.startswith(row)) for row in rows)
    ]


def _pairs(reports: Iterable[Report], *rows: str) -> list[Pair]:
    return [(report, outcome) for report in select(reports, *rows) for outcome in report.outcomes]


def _row(
    everybody: Everybody,
    measure: str,
    limit: float,
    figure: Callable[[list[Report]], Figure],
    *,
    at_most: bool = True,
    unit: str = "",
) -> Row:
    figures = {name: figure(reports) for name, reports in everybody.items()}
    return Row(measure, limit, figures, at_most, unit)


def _share(
    everybody: Everybody,
    measure: str,
    limit: float,
    names: tuple[str, ...],
    test: Test,
    *,
    at_most: bool = True,
    own: bool = False,
) -> Row:
    """Give the share of events of these rows that pass `test`; `own` leaves out baselines."""

    def figure(reports: list[Report]) -> Figure:
        some = [p for p in _pairs(reports, *names) if p[0].obeyed or not own]
        return proportion(sum(test(*pair) for pair in some), len(some))

    return _row(everybody, measure, limit, figure, at_most=at_most, unit=" %")


def _rate(
    everybody: Everybody,
    measure: str,
    limit: float,
    names: tuple[str, ...],
    count: Callable[[Report], int],
    *,
    own: bool = True,
) -> Row:
    def figure(reports: list[Report]) -> Figure:
        some = [report for report in select(reports, *names) if report.obeyed or not own]
        return rate(sum(map(count, some)), sum(report.seconds for report in some))

    return _row(everybody, measure, limit, figure, unit="/h")


# What is counted of an event


def _missed(report: Report, outcome: Outcome) -> bool:
    return report.missed(outcome)


def _silenced(report: Report, outcome: Outcome) -> bool:
    return math.isfinite(report.silent_after(outcome))


def _ended(report: Report, outcome: Outcome) -> bool:
    return math.isfinite(report.ended_after(outcome))


def _ended_for_sure(report: Report, outcome: Outcome) -> bool:
    return _ended(report, outcome) and (outcome.tier == "confirmed" or not report.obeyed)


def _only_asked(report: Report, outcome: Outcome) -> bool:
    return report.only_asked(outcome)


def _nothing(report: Report, outcome: Outcome) -> bool:
    return not _ended(report, outcome) and outcome.asked is None


def _ended_at_first(report: Report, outcome: Outcome) -> bool:
    return report.ended_at_first(outcome, 2.5)


def _ended_in_six(report: Report, outcome: Outcome) -> bool:
    return report.ended_after(outcome) <= 6.0


def _obeyed(report: Report, outcome: Outcome) -> bool:
    return any(hit.command == outcome.means and hit.obeyed for hit in report.heard(outcome))


def _taken_for_another(report: Report, outcome: Outcome) -> bool:
    return any(hit.command != outcome.means and hit.obeyed for hit in report.heard(outcome))


def _unbegun(reports: list[Report]) -> Figure:
    if not reports:
        return NOTHING
    count = sum(report.unbegun for report in reports)
    return plain(count, str(count))


# The rows


def _over(everybody: Everybody) -> list[Row]:
    made = [
        _share(
            everybody,
            f"Emergency over the coach, echo {echo:+.0f} dB: not silent by end + 0.7 s",
            0.5,
            (f"over/{echo:+.0f} dB",),
            _missed,
        )
        for echo in ECHOES
    ]

    def delay(reports: list[Report], part: float) -> Figure:
        return share_of([r.silent_after(o) for r, o in _pairs(reports, "over/")], part)

    def ducked(reports: list[Report]) -> Figure:
        found = [o.ducked for r, o in _pairs(reports, "over/") if r.obeyed]
        starts = [o.start for r, o in _pairs(reports, "over/") if r.obeyed]
        delays = [math.inf if d is None else d - s for d, s in zip(found, starts, strict=True)]
        return share_of(delays, 0.5)

    return [
        *made,
        _row(everybody, "Phrase start → softer, median", NONE, ducked),
        _row(everybody, "Phrase start → silence, median", 0.14, lambda r: delay(r, 0.5), unit=" s"),
        _row(everybody, "Phrase start → silence, p90", 0.25, lambda r: delay(r, 0.9), unit=" s"),
        *_ends(everybody, "Emergency over the coach", ("over/",), (96, 99.5)),
    ]


def _ends(
    everybody: Everybody, what: str, names: tuple[str, ...], limits: tuple[float, float]
) -> list[Row]:
    """Give how soon cries end the routine, and how many are only asked about or do nothing."""
    first, six = limits
    return [
        _share(
            everybody,
            f"{what}: ended within 2.5 s without repeating",
            first,
            names,
            _ended_at_first,
            at_most=False,
        ),
        _share(
            everybody,
            f"{what}: ended within 6 s (question included)",
            six,
            names,
            _ended_in_six,
            at_most=False,
        ),
        _share(everybody, f"{what}: only asked about", NONE, names, _only_asked, own=True),
        _share(everybody, f"{what}: neither asked about nor ended", NONE, names, _nothing),
    ]


def _start(everybody: Everybody) -> list[Row]:
    what = "Emergency in the coach's first 3 s"
    return [
        _share(everybody, f"{what}: not silent by end + 0.7 s", 2, ("start",), _missed),
        *_ends(everybody, what, ("start",), (NONE, NONE)),
    ]


def _lived(everybody: Everybody) -> list[Row]:
    made = []
    for kind, level in LIVED_IN:
        where = f"{kind} {level:+.0f} dB"
        folder = f"lived/{where}"
        silent, first, six = LIVED_TARGETS.get(where, (NONE, NONE, NONE))
        cries = (f"{folder}/cries",)
        what = f"In {where}"
        made += [
            _share(everybody, f"{what}: cry not silent by end + 0.7 s", silent, cries, _missed),
            *_ends(everybody, f"{what}: cry", cries, (first, six)),
        ]
        for name in ("over", "pause"):
            made.append(
                _share(
                    everybody,
                    f"{what}: order {_WHERE[name]}, obeyed at first try",
                    NONE,
                    (f"{folder}/orders {name}",),
                    _obeyed,
                    at_most=False,
                )
            )
        wordless = (f"{folder}/wordless",)
        made += [
            _share(everybody, f"{what}: cry without words ended", NONE, wordless, _ended_for_sure),
            _share(
                everybody,
                f"{what}: cry without words only asked about",
                NONE,
                wordless,
                _only_asked,
                own=True,
            ),
            *_left_alone(everybody, f"{what}, nobody speaks", (f"{folder}/alone",), where),
        ]
    return made


_WHERE = {"over": "over the coach", "pause": "in its pauses"}


def _left_alone(everybody: Everybody, what: str, names: tuple[str, ...], where: str) -> list[Row]:
    """Give what a background does to a coach whom nobody speaks to."""
    time, longest, ducks, questions, ends = LIVED_ALONE_TARGETS.get(where, (NONE,) * 5)

    def hushed(reports: list[Report]) -> Figure:
        some = [report for report in select(reports, *names) if report.obeyed]
        times = [sum(seconds for _, seconds in report.hushes) for report in some]
        return share_of_time(times, [report.seconds for report in some])

    def longest_hush(reports: list[Report]) -> Figure:
        some = [report for report in select(reports, *names) if report.obeyed]
        if not some:
            return NOTHING
        value = max((seconds for report in some for _, seconds in report.hushes), default=0.0)
        return plain(value, f"{value:.1f} s")

    return [
        _row(everybody, f"{what}: time hushed", time, hushed, unit=" %"),
        _row(everybody, f"{what}: longest hush", longest, longest_hush, unit=" s"),
        _rate(everybody, f"{what}: ducks", ducks, names, lambda r: len(r.ducks)),
        *_false(everybody, what, names, (NONE, questions, ends)),
    ]


def _false(
    everybody: Everybody, what: str, names: tuple[str, ...], limits: tuple[float, float, float]
) -> list[Row]:
    """Give what happens in an hour by mistake; a baseline has neither hushes nor questions."""
    hushes, questions, ends = limits
    return [
        _rate(everybody, f"{what}: hushes", hushes, names, lambda r: len(r.hushes)),
        _rate(everybody, f"{what}: questions", questions, names, lambda r: len(r.false_questions)),
        _rate(
            everybody, f"{what}: false ends", ends, names, lambda r: r.count_false_ends(), own=False
        ),
    ]


def _wordless(everybody: Everybody) -> list[Row]:
    made = []
    for name, what, limits in (
        ("+6 dB", "6 dB over the person", (98, 90)),
        ("+0 dB", "as loud as the person", (NONE, NONE)),
        ("recorded", "recorded, 6 dB over the person", (98, 90)),
    ):
        names = (f"wordless/{name}",)
        cry = f"Cry without words, {what}"

        def either(report: Report, outcome: Outcome) -> bool:
            return not _nothing(report, outcome)

        made += [
            _share(everybody, f"{cry}: silenced", limits[0], names, _silenced, at_most=False),
            _share(
                everybody, f"{cry}: asked about or ended", limits[1], names, either, at_most=False
            ),
            _share(everybody, f"{cry}: ended", NONE, names, _ended_for_sure),
            _share(everybody, f"{cry}: only asked about", NONE, names, _only_asked, own=True),
        ]
    return made


def _alone(everybody: Everybody) -> list[Row]:
    made = _false(everybody, "Coach alone", ("alone/",), (0.1, 0, 0))
    for name in HARD:
        made += _false(everybody, f"Coach alone, {name}", (f"hard/{name}",), (5, NONE, 0))
    return made


def _noises(everybody: Everybody) -> list[Row]:
    what, over = "Breath, cough, laugh, chair", ("noises/over",)
    both = ("noises/",)
    kinds = {outcome.label for _, outcome in _pairs(everybody.get(OURS, []), *over)}
    made = [
        _share(everybody, f"{what} over the coach: silenced", 3, over, _silenced),
        _share(everybody, f"{what} in its pauses: silenced", NONE, ("noises/pause",), _silenced),
    ]
    for kind in sorted(kinds):

        def figure(reports: list[Report], kind: str = kind) -> Figure:
            some = [pair for pair in _pairs(reports, *over) if pair[1].label == kind]
            return proportion(sum(_silenced(*pair) for pair in some), len(some))

        made.append(_row(everybody, f"– {kind}: silenced", NONE, figure))
    return [
        *made,
        _share(everybody, f"{what}: only asked about", NONE, both, _only_asked, own=True),
        _share(everybody, f"{what}: ended", 0, both, _ended_for_sure),
    ]


def _talk(everybody: Everybody) -> list[Row]:
    made = []
    for name in ("synthetic", "recorded"):
        names = (f"talk/{name}",)
        made += _false(everybody, f"People talking ({name})", names, (NONE, 3, 0.5))
    for name in ("synthetic", "recorded"):
        names = (f"words/{name}",)
        what = f"Single words from nearby ({name})"
        made += [
            _share(everybody, f"{what}: ended", 0.3, names, _ended_for_sure),
            _share(everybody, f"{what}: only asked about", 1, names, _only_asked, own=True),
        ]
    return made


def _quiet(everybody: Everybody) -> list[Row]:
    names = ("quiet/cries",)
    what = "Quiet room, cries in the coach's pauses"
    return [
        _share(everybody, f"{what}: ended", 99, names, _ended, at_most=False),
        _share(everybody, f"{what}: only asked about", NONE, names, _only_asked, own=True),
        _share(everybody, f"{what}: neither asked about nor ended", 0.5, names, _nothing),
    ]


def _recorded(everybody: Everybody) -> list[Row]:
    made = []
    for name, unended, nothing in (("stop", 1.5, 0.5), ("stop in noise", 4, 2)):
        names = (f"recorded/{name}",)
        what = f'Real "stop", {"noise 20 dB below" if "noise" in name else "quiet"}'
        made += [
            _share(everybody, f"{what}: not ended", unended, names, lambda r, o: not _ended(r, o)),
            _share(everybody, f"{what}: only asked about", NONE, names, _only_asked, own=True),
            _share(everybody, f"{what}: nothing", nothing, names, _nothing),
        ]
    for name in ("back", "yes", "no"):
        names = (f"recorded/{name}",)
        made.append(
            _share(everybody, f'Real "{name}": missed', 3, names, lambda r, o: not _obeyed(r, o))
        )
    return made


def _orders(everybody: Everybody) -> list[Row]:
    made = [
        _share(
            everybody,
            f"Orders {_WHERE[name]}: obeyed at first try",
            limit,
            (f"orders/{name}",),
            _obeyed,
            at_most=False,
        )
        for name, limit in (("over", 95), ("pause", 98))
    ]

    def false(report: Report) -> int:
        # Answers are not among them: the person is asked for those.
        return sum(hit.command in ORDERS and hit.obeyed for hit in report.hits)

    return [
        *made,
        _share(everybody, "Orders: taken for another", 0.5, ("orders/",), _taken_for_another),
        _rate(everybody, "Orders: false, an hour of talk", 2, ("talk/",), false, own=False),
    ]


def _answers(everybody: Everybody) -> list[Row]:
    made = []
    for name, what in (
        ("check", '"ready" at the sound check'),
        ("question", 'Answers to "Did that hurt?"'),
    ):
        names = (name,)
        made += [
            _share(everybody, f"{what}: missed", NONE, names, lambda r, o: not _obeyed(r, o)),
            _share(everybody, f"{what}: taken for another", NONE, names, _taken_for_another),
        ]
    return made


def _groups(everybody: Everybody) -> Row:
    """Compare the group of voices that fares worst with all."""

    def worst(reports: list[Report]) -> Figure:
        losses: dict[str, list[bool]] = defaultdict(list)
        for report, outcome in _pairs(reports, "over/", "quiet/", "orders/"):
            cry = outcome.means in END_WORDS
            lost = not (_ended_in_six if cry else _obeyed)(report, outcome)
            for group in (*outcome.groups, "all"):
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

    measure = "Worst group of voices: misses against the mean"
    return _row(everybody, measure, 1.5, worst, unit=" ×")
