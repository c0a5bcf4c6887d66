"""Verbs that draw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voice_coach.cli.shell import ENGLISH, LanguageCode, app, language_of, out, plain_words


def drawable(file: Path | None) -> Path | None:
    """Take the name of a picture; raise ``BadParameter`` for what cannot be drawn."""
    from voice_coach.display.resvg_picture import KINDS

    if file and file.suffix.lower() not in KINDS:
        raise typer.BadParameter(f"let its name end in {' or '.join(KINDS)}.")
    return file


@app.command()
def figures(
    sheet: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", callback=drawable, help="The picture; it ends in .svg or .png."
        ),
    ] = None,
    code: LanguageCode = ENGLISH,
) -> None:
    """Draw the figures of all steps of all routines on one sheet."""
    if sheet is None:
        raise typer.BadParameter("Name the picture to draw, as in: figures --sheet all.svg")
    with plain_words():
        from voice_coach.display.contact_sheet import contact_sheet
        from voice_coach.display.resvg_picture import write_picture

        write_picture(contact_sheet(language_of(code).routines), sheet)
        out.print(f"Drawn into {sheet}.", markup=False, soft_wrap=True)
