"""The command that draws, and how a picture is written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voice_coach.cli.output import say
from voice_coach.cli.shell import ENGLISH, LanguageCode, app, language_of, plain_words
from voice_coach.plain_files import write_whole

ENDINGS = (".svg", ".png")
"""How the names of pictures end."""
ZOOM = 2
"""A PNG is drawn at twice the size of the SVG, for sharp screens."""


def drawable(file: Path | None) -> Path | None:
    """Accept the name of a picture; raise ``BadParameter`` if it has another ending."""
    if file and file.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"its name must end in {' or '.join(ENDINGS)}.")
    return file


def write_picture(svg: str, file: Path, zoom: int = ZOOM) -> None:
    """Write an SVG document, or the PNG that resvg draws of it; may raise ``OSError``."""
    if file.suffix.lower() == ".svg":
        write_whole(file, svg)
        return
    import resvg_py

    write_whole(file, bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom)))


@app.command()
def figures(
    sheet: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", callback=drawable, help="The picture; its name ends in .svg or .png."
        ),
    ] = None,
    code: LanguageCode = ENGLISH,
) -> None:
    """Draw the figures of all steps of all routines on one sheet."""
    if sheet is None:
        raise typer.BadParameter("Name the picture to draw, as in: figures --sheet all.svg")
    with plain_words():
        from voice_coach.display.figures.contact_sheet import contact_sheet

        # It is 1764 pixels wide already; twice as wide would take 3.7 s instead of 1.2 s.
        write_picture(contact_sheet(language_of(code).routines), sheet, zoom=1)
        say(f"Drawn into {sheet}.")
