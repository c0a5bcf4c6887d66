"""Writes pictures: SVG as it is, PNG as resvg draws it, twice as large, for sharp screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import resvg_py

if TYPE_CHECKING:
    from pathlib import Path

KINDS = (".svg", ".png")
"""How the names of pictures end."""


def write_picture(svg: str, file: Path) -> None:
    """Write a picture into a file whose name ends in one of ``KINDS``; may raise ``OSError``."""
    if file.suffix.lower() == ".svg":
        file.write_text(svg, "utf-8")
    else:
        file.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=2)))
