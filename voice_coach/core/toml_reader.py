"""Reads TOML with the standard library's reader, and refuses what would keep it busy for hours."""

from __future__ import annotations

import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MOST_DOTS = 200
"""Dots in one line. The reader needs a second for a name of ten thousand parts, and gigabytes for
one of fifty thousand; no line of a real file comes near."""


def parse_toml(text: str) -> dict[str, Any]:
    """Give the content of a TOML text; raises ``ValueError`` that says where it is wrong."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            raise ValueError(f"more than {MOST_DOTS} dots (at line {number})")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("lists or tables are nested too deep") from None
