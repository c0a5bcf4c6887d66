"""A report: a table to read (Markdown) and the same to compute with (JSON)."""

from __future__ import annotations

import json
import math
import platform
from dataclasses import asdict
from importlib import metadata
from typing import TYPE_CHECKING, Any

from benchmark.figures import NOTHING
from benchmark.reports import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmark.figures import Row
    from benchmark.reports import Report

PACKAGES = (
    "voice-coach",
    "vosk",
    "pocketsphinx",
    "numpy",
    "pyroomacoustics",
    "livekit",
    "piper-tts",
)
"""Whose versions may change a figure."""


def versions() -> dict[str, str]:
    """Name the machine and the parts."""
    found = {"machine": f"{platform.machine()}, {_processor()}", "system": platform.platform()}
    found["Python"] = platform.python_version()
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def _processor() -> str:
    """Give the processor's name where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - no file of ours
            names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return f"{len(names)} × {names[0]}" if names else platform.processor()


HEADS = {
    "hearing": (
        "# The hearing, measured",
        "",
        "Each figure with its 95 % interval (Wilson for shares, exact Poisson for rates, order",
        "statistics for times) and on how much it stands. Peers hear the same microphone and move",
        "nothing: the moment they hear a cry counts as silence and as end. A peer that ends the",
        "routine thousands of times an hour hears every cry by chance: read both rows together.",
        "",
    ),
    "pacing": (
        "# The pace, measured",
        "",
        "What sounds is measured in a recording of a virtual loudspeaker, with 95 % intervals by",
        "order statistics. On a busy computer all of it is worse.",
        "",
    ),
}
"""How each report begins."""


def markdown(
    what: str, rows: Sequence[Row], settings: dict[str, str], left_out: Sequence[str]
) -> str:
    """Write the table of `what` was measured, one row a measure, one column a contender."""
    names = _contenders(rows)
    lines = [
        *HEADS[what],
        "| Measure | Target | | " + " | ".join(names) + " |",
        "|---|---|---|" + "---|" * len(names),
    ]
    for row in rows:
        cells = [row.figures.get(name, NOTHING).text for name in names]
        lines.append(f"| {row.measure} | {row.target} | {row.verdict} | {' | '.join(cells)} |")
    lines += ["", "Left out: " + (" ".join(left_out) or "nothing.")]
    lines += ["", *(f"- {name}: {value}" for name, value in {**settings, **versions()}.items())]
    return "\n".join(lines) + "\n"


def _contenders(rows: Sequence[Row]) -> list[str]:
    """Name everybody, ourselves first."""
    names = {name for row in rows for name in row.figures}
    return sorted(names, key=lambda name: (name != OURS, name))


def write(
    folder: Path,
    what: str,
    rows: Sequence[Row],
    settings: dict[str, str],
    *,
    left_out: Sequence[str] = (),
    reports: Sequence[Report] = (),
) -> str:
    """Keep the report as Markdown and JSON and, if there are any, its scenes; give the table."""
    text = markdown(what, rows, settings, left_out)
    (folder / f"{what}.md").write_text(text, encoding="utf-8")
    content = {
        "settings": settings,
        "versions": versions(),
        "left_out": list(left_out),
        "rows": [{**asdict(row), "verdict": row.verdict} for row in rows],
    }
    kept = {what: content, **({"scenes": [asdict(each) for each in reports]} if reports else {})}
    for name, value in kept.items():
        plain = json.dumps(_plain(value), indent=1, allow_nan=False)
        (folder / f"{name}.json").write_text(plain, encoding="utf-8")
    return text


def _plain(value: Any) -> Any:
    """Put into JSON's terms what it has none for: sets, and numbers that are none."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
