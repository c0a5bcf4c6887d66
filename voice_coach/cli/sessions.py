"""Verbs that lead a session, or show one."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from voice_coach import __version__
from voice_coach.cli.shell import (
    ENGLISH,
    USUAL_RATE,
    Breath,
    ExitCode,
    LanguageCode,
    Loudspeaker,
    Microphone,
    Model,
    Rate,
    VoiceName,
    app,
    err,
    language_of,
    out,
    pattern_of,
    plain_words,
    remembered,
    routine_named,
    warn,
)

STYLES = {"coach": "", "person": "bold cyan", "heard": "green", "silent": "green"}
"""How the entries of the demo's timeline are told apart."""
LOUDEST_ECHO = 100
"""Decibels; no room comes near it."""


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Tell the version.")] = False,
) -> None:
    """Lead a session, or show the demo where there is no sound."""
    if version:
        out.print(f"voice-coach {__version__}")
        raise typer.Exit
    if verb := context.invoked_subcommand:
        with plain_words():
            context.default_map = {verb: remembered(context, verb)}
    else:
        with plain_words():
            from voice_coach.audio.device import NoSoundDevice, devices_present

            options = remembered(context, "run")
            try:
                devices_present()
            except NoSoundDevice as nothing:
                out.print(
                    f"No live session here: {escape(str(nothing))}\nHere is the demo instead.\n"
                )
                context.invoke(demo)
            else:
                context.invoke(run, **options)


@app.command()
def run(  # noqa: PLR0917 - typer's options are passed by name
    routine: Annotated[
        str, typer.Argument(metavar="[ROUTINE]", help="Without it, the coach asks aloud.")
    ] = "",
    breath: Breath = "",
    model: Model = None,
    code: LanguageCode = ENGLISH,
    microphone: Microphone = "",
    loudspeaker: Loudspeaker = "",
    voice: VoiceName = "",
    rate: Rate = USUAL_RATE,
    record: Annotated[
        bool, typer.Option("--record", help="Keep the sound, too; the coach says so aloud.")
    ] = False,
    no_earcons: Annotated[
        bool, typer.Option("--no-earcons", help="Leave out the short sounds; only speak.")
    ] = False,
) -> None:
    """Lead a session on the microphone and the loudspeaker."""
    with plain_words():
        from voice_coach.app import run_live
        from voice_coach.core.view import Outcome

        pattern = pattern_of(breath)
        language = language_of(code)
        view = run_live(
            language,
            routine_named(language, routine) if routine else None,
            pattern=pattern,
            model=model,
            microphone=microphone or None,
            loudspeaker=loudspeaker or None,
            voice=voice,
            rate=rate,
            taped=record,
            earcons=not no_earcons,
            announce=lambda sentence: err.print(
                sentence, style="yellow", markup=False, soft_wrap=True
            ),
            leave=partial(os._exit, ExitCode.FAULT),
        )
        if view.fault:
            warn(view.fault)
        raise typer.Exit(
            {Outcome.PAIN: ExitCode.PAIN, Outcome.FAULT: ExitCode.FAULT}.get(
                view.outcome, ExitCode.DONE
            )
            if view.outcome
            else ExitCode.FAULT
        )


@app.command()
def demo(
    wav: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Where to write it: coach left, microphone right."),
    ] = Path("demo.wav"),
    echo: Annotated[
        float, typer.Option(metavar="DB", help="The coach's echo against the person's voice.")
    ] = -10.0,
    model: Model = None,
) -> None:
    """Show a whole assisted press, steered by a second voice, without any sound hardware."""
    with plain_words():
        from voice_coach.app import run_demo

        if not -LOUDEST_ECHO <= echo <= LOUDEST_ECHO:
            raise typer.BadParameter(f"give decibels from -{LOUDEST_ECHO} to {LOUDEST_ECHO}")
        out.print("A second voice steers an assisted press; the coach hears it over itself.\n")
        director, seconds = run_demo(language_of(ENGLISH), wav, echo=echo, model=model)
        for moment in director.timeline:
            entry = f"{moment.time:7.2f}  {moment.who:6}  {moment.what}"
            out.print(entry, style=STYLES[moment.who], soft_wrap=True)
        out.print()
        for spoken in director.spoken:
            out.print(spoken.verdict(), style="" if spoken.obeyed else "bold red")
        for command in director.unexpected:
            out.print(f"Heard '{command}', which nobody said.", style="bold red")
        out.print(f"\n{seconds:.0f} s of session, written to {wav}.")
        if not director.obeyed:
            err.print("[bold red]The coach did not obey.[/bold red]")
            raise typer.Exit(ExitCode.DISOBEYED)
