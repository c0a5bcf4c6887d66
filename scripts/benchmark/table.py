"""The report: tables to read (Markdown) and the same to compute with (JSON)."""

from __future__ import annotations

import json
import math
import platform
from dataclasses import asdict
from datetime import datetime, timezone
from importlib import metadata
from typing import TYPE_CHECKING, Any

from benchmark.figures import NOTHING
from benchmark.reports import OURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmark.before import Before
    from benchmark.figures import Row
    from benchmark.sections import Section

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


def markdown(sections: Mapping[str, Section], before: Before) -> str:
    """Write the report: a table for each part, one row a measure, one column a contender."""
    rows = [row for section in sections.values() for row in section.rows]
    parts = versions()
    lines = [
        f"# What was measured on {_today()}",
        "",
        "Made by `scripts/bench`. An interval holds the truth in 95 of 100 runs; a target is only",
        "met for sure if all of the interval reaches it.",
    ]
    if before.date:
        worse = "; ".join(before.regressions(rows)) or "nothing"
        lines += ["", f"Worse than on {before.date}, as far as the intervals tell: {worse}."]
        if before.machine != parts["machine"]:
            lines += [f"That was another machine, {before.machine}: times differ for that alone."]
    for section in sections.values():
        lines += ["", f"## {section.title}", "", section.head, "", *_table(section.rows, before)]
        lines += ["", section.tail] if section.tail else []
        lines += ["", "Left out: " + (" ".join(section.left_out) or "nothing.")]
        lines += ["", *(f"- {name}: {value}" for name, value in section.settings.items())]
    lines += ["", "## Machine and versions", ""]
    lines += [f"- {name}: {value}" for name, value in parts.items()]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Row], before: Before) -> list[str]:
    names = _contenders(rows)
    heads = ["Measure", "Target", "", *([f"Since {before.date}"] if before.date else []), *names]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        since = [before.tell(row)] if before.date else []
        figures = [row.figures.get(name, NOTHING).text for name in names]
        cells = [row.measure, row.target, row.verdict, *since, *figures]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _contenders(rows: Sequence[Row]) -> list[str]:
    """Name everybody, ourselves first."""
    names = {name for row in rows for name in row.figures}
    return sorted(names, key=lambda name: (name != OURS, name))


def _today() -> str:
    return datetime.now(timezone.utc).date().isoformat()


def write(folder: Path, sections: Mapping[str, Section], before: Before) -> str:
    """Keep the report as Markdown and JSON; give the Markdown."""
    text = markdown(sections, before)
    (folder / "bench.md").write_text(text, encoding="utf-8")
    content = {
        "date": _today(),
        "versions": versions(),
        "sections": {
            name: {
                "settings": section.settings,
                "left_out": section.left_out,
                "rows": [{**asdict(row), "verdict": row.verdict} for row in section.rows],
            }
            for name, section in sections.items()
        },
    }
    plain = json.dumps(_plain(content), indent=1, allow_nan=False)
    (folder / "bench.json").write_text(plain + "\n", encoding="utf-8")
    return text


def _plain(value: Any) -> Any:
    """Put into JSON's terms what it has none for: numbers that are none."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
