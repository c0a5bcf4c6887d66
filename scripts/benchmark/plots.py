"""Plots of the same figures, as SVG: misses against false ends, and delays."""

from __future__ import annotations

import math
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from benchmark.echoes import ECHOES
from benchmark.reports import END_WORDS, OURS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmark.reports import Report

FIGURES = "figures"
"""The folder for pictures, beside the report that shows them."""
LEAST = 0.1
"""Smallest share in percent, and smallest rate an hour, that a logarithmic axis shows."""


def missing() -> list[str]:
    """Say in one line what is left out without matplotlib."""
    if find_spec("matplotlib"):
        return []
    return ["matplotlib is not installed (pip install matplotlib): the plots are left out."]


def draw(folder: Path, reports: Sequence[Report]) -> str:
    """Draw all for which something was measured into `folder`; give the Markdown that shows it."""
    if missing():
        return ""
    import matplotlib as mpl  # noqa: PLC0415 - optional, and slow to load

    mpl.use("svg")
    # The same figures give the same file.
    mpl.rcParams.update({"svg.hashsalt": "voice-coach", "figure.figsize": (8, 5)})
    ours = [report for report in reports if report.contender == OURS]
    (folder / FIGURES).mkdir(exist_ok=True)
    drawn = (
        (_trade_off, reports, "missed-against-false", "Missed against false, at each echo level"),
        (_delays, ours, "delays", "Delays from the start of a cry to silence"),
    )
    shown = []
    for plot, some, name, caption in drawn:
        file = f"{FIGURES}/hearing-{name}.svg"
        if plot(folder / file, some):
            shown.append(f"![{caption}]({file})")
    return "\n\n".join(shown)


def trade_off(reports: Sequence[Report], echo: float) -> list[tuple[float, float]]:
    """Give (false ends an hour, missed cries in %) at every threshold of the listener's score.

    Cries are those at this echo level; false is what passes while the coach speaks alone at it.
    """
    over = [r for r in reports if r.row.startswith("over/") and r.echo == echo]
    alone = [r for r in reports if r.row.startswith("alone/") and r.echo == echo]
    best = [
        max((h.score for h in r.heard(o) if h.command in END_WORDS), default=-math.inf)
        for r in over
        for o in r.outcomes
    ]
    false = [h.score for r in alone for h in r.hits if h.command in END_WORDS]
    hours = sum(r.seconds for r in alone) / 3600
    if not best or not hours:
        return []
    points = []
    for threshold in sorted({*false, *(score for score in best if math.isfinite(score))}):
        lost = 100 * sum(score < threshold for score in best) / len(best)
        points.append((sum(score >= threshold for score in false) / hours, lost))
    return points


def _trade_off(path: Path, reports: Sequence[Report]) -> bool:
    figure, axes = _figure("false ends an hour, coach alone", "cries missed at first try, %")
    drawn = False
    for contender in sorted({r.contender for r in reports}):
        for echo, mark in zip(ECHOES, "o^s", strict=True):
            points = trade_off([r for r in reports if r.contender == contender], echo)
            if not points:
                continue
            drawn = True
            false, lost = zip(*points, strict=True)
            axes.plot(
                [max(x, LEAST) for x in false],
                [max(y, LEAST) for y in lost],
                marker=mark,
                linestyle="-" if contender == OURS else "none",
                alpha=1.0 if contender == OURS else 0.6,
                label=f"{contender}, {echo:+.0f} dB",
            )
    axes.set_xscale("log")
    axes.set_yscale("log")
    return _save(figure, axes, path, drawn=drawn)


def _delays(path: Path, reports: Sequence[Report]) -> bool:
    figure, axes = _figure("seconds from a phrase's start to the coach's silence", "cries")
    drawn = False
    for echo in ECHOES:
        some = [r for r in reports if r.row.startswith("over/") and r.echo == echo]
        delays = [min(r.silent_after(o), 3.0) for r in some for o in r.outcomes]
        if delays:
            drawn = True
            axes.hist(delays, 60, (0, 3), histtype="step", label=f"echo {echo:+.0f} dB")
    return _save(figure, axes, path, drawn=drawn)


def _figure(across: str, up: str) -> tuple[Any, Any]:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - optional

    figure, axes = plt.subplots()
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    return figure, axes


def _save(figure: Any, axes: Any, path: Path, *, drawn: bool) -> bool:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - optional

    if drawn:
        axes.legend(fontsize="small")
        figure.tight_layout()
        figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return drawn
