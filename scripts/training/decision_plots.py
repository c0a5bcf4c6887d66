"""Plots of the decision as SVG: the DET curve with its operating points, and the calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from training.operating import best_scores, calibration, det

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from voice_coach.hearing.decision import DecisionRules

    Row = Mapping[str, Any]

LEAST = 0.1
"""Smallest share in percent that a logarithmic axis shows."""


def draw(folder: Path, rows: Sequence[Row], rules: Mapping[str, DecisionRules]) -> None:
    """Draw both into `folder`; needs matplotlib. The last of the `rules` is the one described."""
    import matplotlib as mpl  # noqa: PLC0415 - optional, and slow to load

    mpl.use("svg")
    # The same figures give the same file.
    mpl.rcParams.update({"svg.hashsalt": "voice-coach", "figure.figsize": (6, 5)})
    import matplotlib.pyplot as plt  # noqa: PLC0415 - after the backend

    folder.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots()
    for name, each in rules.items():
        false, missed = det(rows, each)
        axes.step(np.maximum(100 * false, LEAST), np.maximum(100 * missed, LEAST), label=name)
        card = each.urgent
        true = best_scores(rows, each, said=True)
        other = best_scores(rows, each, said=False)
        for threshold, mark in ((card.confirmed, "o"), (card.possible, "s")):
            point = (100 * np.mean(other >= threshold), 100 * np.mean(true < threshold))
            axes.plot(*np.maximum(point, LEAST), mark, color="black")
    axes.set(xscale="log", yscale="log", xlim=(LEAST, 100), ylim=(LEAST, 100))
    axes.set(xlabel="other sounds taken for pain or stop, %", ylabel="pain or stop missed, %")
    axes.set_title("circle: ends the routine; square: is asked about")
    _save(figure, axes, folder / "hearing-decision-det.svg")

    figure, axes = plt.subplots()
    axes.plot((0, 1), (0, 1), color="grey", linewidth=0.8)
    for name, each in rules.items():
        groups = calibration(rows, each)
        axes.plot([g[0] for g in groups], [g[1] for g in groups], "o-", label=name)
    axes.set(xlabel="probability that the score stands for", ylabel="share that was said")
    _save(figure, axes, folder / "hearing-decision-calibration.svg")


def _save(figure: Any, axes: Any, path: Path) -> None:
    axes.grid(visible=True, which="both", linewidth=0.3)
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
