"""The command that shows a session without sound devices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voice_coach.cli.output import err, out, say, waiting_for
from voice_coach.cli.shell import ENGLISH, ExitCode, Model, app, language_of, plain_words

STYLES = {"coach": "", "person": "bold cyan", "heard": "green", "silent": "green"}
"""The styles of the entries in the demo's timeline."""
TIMELINE_INDENT = 17
"""Columns before the text of a timeline entry."""
LOUDEST_ECHO = 100
"""In dB, more than in any room."""


@app.command()
def demo(
    wav: Annotated[
        Path,
        typer.Option(metavar="FILE", help="The file to write: coach left, microphone right."),
    ] = Path("demo.wav"),
    echo: Annotated[
        float, typer.Option(metavar="DB", help="The coach's echo relative to the person's voice.")
    ] = -10.0,
    model: Model = None,
) -> None:
    """Play a whole assisted press, steered by a second voice, without sound hardware."""
    with plain_words():
        from voice_coach.demo import run_demo

        if not -LOUDEST_ECHO <= echo <= LOUDEST_ECHO:
            raise typer.BadParameter(f"give decibels from -{LOUDEST_ECHO} to {LOUDEST_ECHO}")
        say("A second voice steers an assisted press. The coach hears it over its own voice.\n")
        with waiting_for("Playing it without a loudspeaker, faster than real time ..."):
            scenario, seconds = run_demo(language_of(ENGLISH), wav, echo=echo, model=model)
        for moment in scenario.timeline:
            entry = f"{moment.time:7.2f}  {moment.who:6}  {moment.what}"
            say(entry, STYLES[moment.who], indent=TIMELINE_INDENT)
        out.print()
        for spoken in scenario.spoken:
            out.print(spoken.summary(), style="" if spoken.obeyed else "bold red")
        for command in scenario.unexpected:
            out.print(f"Heard '{command}', which nobody said.", style="bold red")
        out.print(f"\n{seconds:.0f} s of session, written to {wav}.")
        if not scenario.obeyed:
            err.print("[bold red]The coach did not obey.[/bold red]")
            raise typer.Exit(ExitCode.DISOBEYED)
