"""Verbs about routines, and about what is safe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voice_coach.cli.shell import (
    ENGLISH,
    USUAL_RATE,
    Breath,
    LanguageCode,
    Rate,
    RoutineName,
    VoiceName,
    app,
    clock,
    language_of,
    out,
    pattern_of,
    plain_words,
    routine_named,
    waiting_for,
)


@app.command()
def rehearse(routine: RoutineName, code: LanguageCode = ENGLISH) -> None:
    """Print a routine's whole script with its times, without any sound."""
    with plain_words():
        from voice_coach.core.simulation import simulate
        from voice_coach.display.words import read_screen_words

        language = language_of(code)
        simulation = simulate(language, routine_named(language, routine))
        for spoken in simulation.spoken:
            out.print(f"{clock(spoken.start)}  {spoken.text}", soft_wrap=True)
        told = read_screen_words(code).listing.rehearsed.format(time=clock(simulation.now))
        out.print(f"\n{told}", markup=False, soft_wrap=True)


@app.command(name="list")
def list_routines(code: LanguageCode = ENGLISH) -> None:
    """List the routines, the gentlest first: how long each takes, and what it needs."""
    with plain_words():
        from voice_coach.core.simulation import simulate
        from voice_coach.display.words import read_screen_words

        language = language_of(code)
        listing = read_screen_words(code).listing
        for routine in language.routines:
            told = listing.description(routine, simulate(language, routine).now / 60)
            out.print(f"[bold]{routine.id}[/bold]: ", end="")
            out.print(f"{told}\n  {routine.summary}", markup=False, soft_wrap=True)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="What you will call it, such as: morning stretch.")],
    code: LanguageCode = ENGLISH,
) -> None:
    """Write a routine of your own to begin with, and tell where it is."""
    with plain_words():
        from voice_coach.catalogue import new_routine, read_language

        path = new_routine(name, read_language(code))
        out.print(f"Your routine is in {path}.", markup=False, soft_wrap=True)
        out.print("Change it, then look it over with: voice-coach check FILE")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A routine of your own.")],
    code: LanguageCode = ENGLISH,
) -> None:
    """Look over a routine of your own: what is wrong with it, where, and how to mend it."""
    with plain_words():
        from voice_coach.catalogue import read_language, read_routine
        from voice_coach.core.simulation import simulate

        language = read_language(code)
        minutes = simulate(language, read_routine(file, language)).now / 60
        sentence = f"{file.name} is a good routine and takes about {minutes:.0f} minutes."
        out.print(sentence, markup=False, soft_wrap=True)


@app.command()
def render(  # noqa: PLR0917 - typer's options are passed by name
    routine: RoutineName,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="It ends in .wav, .flac, .mp3 or .ogg.")
    ],
    breath: Breath = "",
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
    rate: Rate = USUAL_RATE,
) -> None:
    """Write a routine as a sound file with chapters, to be followed without the coach."""
    with plain_words():
        from voice_coach.audio.sound_file import Unwritable, kind
        from voice_coach.render import render_file

        try:
            kind(file)
        except Unwritable as unwritable:
            raise typer.BadParameter(str(unwritable)) from None
        pattern = pattern_of(breath)
        language = language_of(code)
        found = routine_named(language, routine)
        with waiting_for("Speaking into the file ..."):
            seconds = render_file(language, found, file, pattern, voice=voice, rate=rate)
        out.print(f"{clock(seconds)} minutes, written to {file}.", markup=False, soft_wrap=True)


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A routine of your own.")],
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
    rate: Rate = USUAL_RATE,
) -> None:
    """Play a routine of your own aloud, as a recording that hears nobody; Ctrl-C ends it."""
    with plain_words():
        from voice_coach.audio.loudspeaker import loudspeaker_present, play
        from voice_coach.catalogue import read_language, read_routine
        from voice_coach.render import render as recording_of

        language = read_language(code)
        routine = read_routine(file, language)
        loudspeaker_present()
        with waiting_for("Rehearsing ..."):
            recording = recording_of(language, routine, voice=voice, rate=rate)
        out.print("Ctrl-C ends it.")
        play(recording.samples)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a routine, for editors."""
    import json

    from voice_coach.core import routine

    typer.echo(json.dumps(routine.schema(), indent=2))


@app.command()
def safety(code: LanguageCode = ENGLISH) -> None:
    """Print the whole safety note, with the signs that need urgent care."""
    with plain_words():
        from voice_coach.catalogue import read_language

        language = read_language(code)
        notes = language.safety
        tiers = (notes.emergency, notes.neck, notes.soon)
        for paragraph in (
            (language.coach.disclaimer, language.coach.teach_pain),
            (*notes.partner, *notes.person, *notes.doctor),
            notes.outlook,
            notes.twisting,
        ):
            out.print(" ".join(paragraph) + "\n", markup=False)
        for first, *signs in tiers:
            out.print(first, style="bold", markup=False)
            for sign in signs:
                out.print(f"- {sign}", markup=False)
