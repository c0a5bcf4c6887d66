"""The report: tables to read (Markdown) and the same to compute with (JSON).

Each part of it tells when and on what it was measured, and what has become worse. A part that is
measured again replaces its old version; the others stay as they are.
"""

from __future__ import annotations

import json
import math
import platform
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from importlib import metadata
from typing import TYPE_CHECKING, Any

from benchmark.figures import NOTHING
from benchmark.reports import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmark.baseline_report import BaselineReport
    from benchmark.figures import Row

MARKDOWN, JSON = "bench.md", "bench.json"
"""What the report is called."""
HEAD = """# What was measured

Made by `scripts/bench`. An interval holds the truth in 95 of 100 runs; a target is only met for
sure if all of the interval reaches it.

"""
HEADING = "## "

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


@dataclass
class Section:
    """One part of the report: a table, and what belongs to it."""

    title: str
    head: str
    """How to read the table."""
    rows: list[Row]
    settings: dict[str, str]
    """How many samples it rests on."""
    left_out: list[str] = field(default_factory=list)
    """What was not measured and why, a sentence each."""
    tail: str = ""
    """More Markdown."""


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


def _markdown(section: Section, baseline: BaselineReport) -> str:
    """Write a part: a table, one row a measure, one column a contender."""
    parts = versions()
    lines = [f"{HEADING}{section.title}", "", f"Measured on {_today()}.", "", section.head]
    if since := baseline.dates.get(section.title):
        worse = "; ".join(baseline.regressions(section.rows)) or "nothing"
        lines += ["", f"Worse than on {since}, as far as the intervals tell: {worse}."]
        if (machine := baseline.machines[section.title]) != parts["machine"]:
            lines += [f"That was another machine, {machine}: times differ for that alone."]
    lines += ["", *_table(section, baseline)]
    lines += ["", section.tail] if section.tail else []
    lines += ["", "Left out: " + (" ".join(section.left_out) or "nothing.")]
    lines += ["", *(f"- {name}: {value}" for name, value in (section.settings | parts).items())]
    return "\n".join(lines) + "\n"


def _table(section: Section, baseline: BaselineReport) -> list[str]:
    names = _contenders(section.rows)
    since = baseline.dates.get(section.title)
    heads = ["Measure", "Target", "", *([f"Since {since}"] if since else []), *names]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in section.rows:
        told = [baseline.tell(row)] if since else []
        figures = [row.figures.get(name, NOTHING).text for name in names]
        cells = [row.measure, row.target, row.verdict, *told, *figures]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _contenders(rows: Sequence[Row]) -> list[str]:
    """Name everybody, ourselves first."""
    names = {name for row in rows for name in row.figures}
    return sorted(names, key=lambda name: (name != OURS, name))


def _today() -> str:
    return datetime.now(timezone.utc).date().isoformat()


def write(folder: Path, sections: Sequence[Section], baseline: BaselineReport) -> str:
    """Put these into the report in `folder`, as Markdown and JSON; give all of its Markdown."""
    to_read, to_compute = folder / MARKDOWN, folder / JSON
    texts: dict[str, str] = {}
    contents: dict[str, Any] = {}
    if to_read.exists() and to_compute.exists():
        _, *parts = re.split(f"^(?={HEADING})", to_read.read_text("utf-8"), flags=re.MULTILINE)
        texts = {
            part.partition("\n")[0].removeprefix(HEADING): part.rstrip() + "\n" for part in parts
        }
        contents = json.loads(to_compute.read_text("utf-8"))
    for section in sections:
        texts[section.title] = _markdown(section, baseline)
        contents[section.title] = {
            "date": _today(),
            "versions": versions(),
            "settings": section.settings,
            "left_out": section.left_out,
            "rows": [{**asdict(row), "verdict": row.verdict} for row in section.rows],
        }
    text = HEAD + "\n".join(texts.values())
    to_read.write_text(text, encoding="utf-8")
    plain = json.dumps(_plain(contents), indent=1, allow_nan=False)
    to_compute.write_text(plain + "\n", encoding="utf-8")
    return text


def _plain(value: Any) -> Any:
    """Write as text what JSON has no number for: NaN and infinity."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
