"""A calibration as a picture: the microphone's level over time, and the echo's impulse response.

The picture is SVG, written without a library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from voice_coach.audio.calibration import Measured

LEFT, TOP, WIDTH, HEIGHT = 70, 60, 620, 180
"""Position and size of the first plot, in pixels."""
GAP = 90
"""Pixels between the two plots."""
SOFTEST = -90.0
"""The lower edge of a plot, in dB; the upper edge is 0 dB."""
FRAME, RATE = 0.02, 16_000
"""Seconds for each level; sample rate of the impulse response in Hz."""
LINE = 13.0
"""Least pixels between two labels."""
POINTS = 500
"""Most points of a curve."""

STYLE = """text { font: 13px sans-serif; fill: #222 }
.small { font-size: 11px; fill: #555 }
.grid { stroke: #ddd }
.curve { fill: none; stroke: #2a6f9d; stroke-width: 1.5 }
.mark { stroke: #c1121f; stroke-dasharray: 4 3 }
.marked { fill: #c1121f; font-size: 11px }"""


def draw(levels: NDArray[np.float64], path: NDArray[np.float64], found: Measured) -> str:
    """Draw the microphone's levels in dB, one each FRAME, and the echo's impulse response."""
    second = TOP + HEIGHT + GAP
    height, width = second + HEIGHT + 50, LEFT + WIDTH + 110
    marks = {"room": found.noise, "echo": found.echo, "voice": found.voice}
    peak = np.max(np.abs(path), initial=1e-9)
    decibels = 20 * np.log10(np.maximum(np.abs(path) / peak, 10 ** (SOFTEST / 20)))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
            "<title>Noise, echo and voice in the microphone</title>",
            f"<style>{STYLE}</style>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *_plot(TOP, "What the microphone heard, in dB below full scale", levels, FRAME, 2),
            *_mark_levels({name: value for name, value in marks.items() if value is not None}),
            *_plot(second, "The path of the echo, in dB below its peak", decibels, 1 / RATE, 0.2),
            *(_mark_moment(second, found.delay, len(path) / RATE) if found.delay else ()),
            "</svg>\n",
        )
    )


def _plot(
    top: float, title: str, values: NDArray[np.float64], each: float, step: float
) -> Iterator[str]:
    """Draw a curve whose values are `each` seconds apart, with a time every `step` seconds."""
    yield f'<text x="{LEFT}" y="{top - 14}">{title}</text>'
    for level in range(0, round(SOFTEST) - 1, -30):
        y = _y(top, level)
        yield f'<line class="grid" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="small" x="{LEFT - 34}" y="{y + 4:.1f}">{level}</text>'
    seconds = max(each, len(values) * each)
    for number in range(int(seconds / step + 1e-9) + 1):
        x = LEFT + WIDTH * number * step / seconds
        text = f"{number * step:g} s"
        yield f'<text class="small" x="{x - 8:.1f}" y="{top + HEIGHT + 18}">{text}</text>'
    # The loudest value of a group stands for the group, so that no peak is lost.
    size = -(-len(values) // POINTS) or 1
    peaks = [np.max(values[at : at + size]) for at in range(0, len(values), size)]
    points = " ".join(
        f"{LEFT + WIDTH * number * size / max(1, len(values)):.1f},{_y(top, value):.1f}"
        for number, value in enumerate(peaks)
    )
    yield f'<polyline class="curve" points="{points}"/>'


def _mark_levels(marks: Mapping[str, float]) -> Iterator[str]:
    """Draw a line for each level and its label beside it, without overlap."""
    lowest = float(TOP) - LINE
    for name, value in sorted(marks.items(), key=lambda mark: -mark[1]):
        y = _y(TOP, value)
        yield f'<line class="mark" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        lowest = max(y, lowest + LINE)
        text = f"{name} {value:.0f} dB"
        yield f'<text class="marked" x="{LEFT + WIDTH + 6}" y="{lowest + 4:.1f}">{text}</text>'


def _mark_moment(top: float, delay: float, seconds: float) -> Iterator[str]:
    x = LEFT + WIDTH * delay / seconds
    yield f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{top + HEIGHT}"/>'
    yield f'<text class="marked" x="{x + 4:.1f}" y="{top + 12}">{1000 * delay:.0f} ms</text>'


def _y(top: float, decibels: float) -> float:
    return top + HEIGHT * max(SOFTEST, min(0.0, decibels)) / SOFTEST
