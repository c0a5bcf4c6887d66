"""The baseline report: the last one that was stored, and what has become worse since."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from benchmark.figures import NOTHING, Figure
from benchmark.reports import OURS

if TYPE_CHECKING:
    from pathlib import Path

    from benchmark.figures import Row

SLACK = 0.1
"""Share by which a number without an interval may differ without having changed."""


class BaselineReport:
    """The figures of a stored report, by the name of the measure."""

    def __init__(self, file: Path | None) -> None:
        """Read a report's JSON; raises ``ValueError`` with a sentence if it is none."""
        self.dates: dict[str, str] = {}
        """When each part of it was measured, by its title."""
        self.machines: dict[str, str] = {}
        """On what."""
        self._figures: dict[str, Figure] = {}
        if file is None:
            return
        try:
            content = json.loads(file.read_text("utf-8"))
            for title, section in content.items():
                self.dates[title] = section["date"]
                self.machines[title] = section["versions"]["machine"]
                for row in section["rows"]:
                    if OURS in row["figures"]:
                        self._figures[row["measure"]] = _figure(row["figures"][OURS])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"{file} is no report of scripts/bench ({error}): give the bench.json of one."
            ) from error

    def tell(self, row: Row) -> str:
        """Tell how a measure has changed; it has where the two intervals do not touch."""
        then, now = self._figures.get(row.measure, NOTHING), row.figures.get(OURS, NOTHING)
        if not (then.known and now.known):
            return "–"
        alone = then.low == then.high or now.low == now.high
        slack = SLACK * abs(then.value) if alone else 0.0
        higher, lower = now.low > then.high + slack, now.high < then.low - slack
        verdict = "worse" if higher == row.at_most else "better"
        return f"{verdict if higher or lower else 'as before'}, was {then.text}"

    def regressions(self, rows: list[Row]) -> list[str]:
        """Name the measures that have become worse."""
        return [row.measure for row in rows if self.tell(row).startswith("worse")]


def _figure(plain: dict[str, Any]) -> Figure:
    """Read a figure; JSON has no infinity, so a bound that is not there is one."""
    value, low, high = (
        math.inf if plain[k] is None else plain[k] for k in ("value", "low", "high")
    )
    return Figure(math.nan if plain["text"] == NOTHING.text else value, low, high, plain["text"])
