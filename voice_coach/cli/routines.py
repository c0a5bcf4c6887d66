"""Commands about routines, and the safety note."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voice_coach.cli.output import clock, out, say, waiting_for, warn
from voice_coach.cli.shell import (
    ENGLISH,
    USUAL_RATE,
    Breath,
    LanguageCode,
    Rate,
    RoutineName,
    VoiceName,
    app,
    language_of,
    pattern_of,
    plain_words,
    routine_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine

SCRIPT_INDENT = 6
"""Columns before the sentences of a script."""

RoutineFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A routine of your own, or a shipped one by its name."),
]


def _routine_in(
    file: Path, language: Language, knows: Callable[[str], bool] = lambda _word: True
) -> Routine:
    """Read a routine from its file, or take the shipped routine of this name."""
    from voice_coach.catalogue import read_routine

    if not os.path.lexists(file):
        with suppress(typer.BadParameter):
            return routine_named(language, str(file))
    return read_routine(file, language, knows)


@app.command()
def rehearse(routine: RoutineName, code: LanguageCode = ENGLISH) -> None:
    """Print a routine's whole script with its times, without any sound."""
    with plain_words():
        from voice_coach.core.simulation import simulate
        from voice_coach.display.words import read_screen_words

        language = language_of(code)
        simulation = simulate(language, routine_named(language, routine))
        for spoken in simulation.spoken:
            say(f"{clock(spoken.start)}  {spoken.text}", indent=SCRIPT_INDENT)
        lasts = read_screen_words(code).listing.rehearsed.format(time=clock(simulation.now))
        say(f"\n{lasts}")


@app.command(name="list")
def list_routines(code: LanguageCode = ENGLISH) -> None:
    """List the routines, the gentlest first: their length, their needs, and how to ask for them."""
    with plain_words():
        from voice_coach.core.simulation import simulate
        from voice_coach.display.words import read_screen_words

        language = language_of(code)
        listing = read_screen_words(code).listing
        for routine in language.routines:
            minutes = simulate(language, routine).now / 60
            text = f" {listing.description(routine, minutes)}"
            say(text, label=f"{routine.id}:", indent=2)
            say(f"  {routine.summary}", indent=2)
            say(f"  {listing.say.format(things=', '.join(routine.names))}", indent=2)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Its name, such as: morning stretch.")],
    code: LanguageCode = ENGLISH,
) -> None:
    """Begin a routine of your own, and say where its file is."""
    with plain_words():
        from voice_coach.catalogue import new_routine, read_language

        path = new_routine(name, read_language(code))
        say(f"Your routine is in {path}.")
        say("Change it, then check it with: voice-coach check FILE")


@app.command()
def check(
    file: RoutineFile,
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
) -> None:
    """Check a routine: what is wrong with it, where, and how to mend it."""
    with plain_words():
        from voice_coach.catalogue import read_language
        from voice_coach.core.simulation import simulate
        from voice_coach.hearing.model_store import NoModel
        from voice_coach.hearing.recognisers import vocabulary
        from voice_coach.speech.voices import choose_voice

        language = read_language(code)
        try:
            routine = _routine_in(file, language, vocabulary(language))
        except NoModel as reason:
            warn(f"{reason} So whether the names can be heard is not checked.", "yellow")
            routine = _routine_in(file, language)
        minutes = simulate(language, routine).now / 60
        say(f"{file.name} is a good routine and takes about {minutes:.0f} minutes.")
        if warning := choose_voice(language.taught_too(routine), voice).warning:
            say(warning)


@app.command()
def render(  # noqa: PLR0917 - typer's options are passed by name
    routine: RoutineName,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="The file; its name ends in .wav, .flac, .mp3 or .ogg."
        ),
    ],
    breath: Breath = "",
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
    rate: Rate = USUAL_RATE,
) -> None:
    """Write a routine as a sound file with chapters, to follow without the coach."""
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
        say(f"{clock(seconds)} minutes, written to {file}.")


@app.command()
def preview(
    file: RoutineFile,
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
    rate: Rate = USUAL_RATE,
) -> None:
    """Play a routine aloud, as a recording that does not listen; Ctrl-C ends it."""
    with plain_words():
        from voice_coach.audio.loudspeaker import loudspeaker_present, play
        from voice_coach.catalogue import read_language
        from voice_coach.render import render as recording_of

        language = read_language(code)
        routine = _routine_in(file, language)
        loudspeaker_present()
        with waiting_for("Rehearsing ..."):
            recording = recording_of(language, routine, voice=voice, rate=rate)
        out.print("Ctrl-C ends it.")
        play(recording.samples)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a routine, for editors."""
    import json

    from voice_coach.cli import routine_schema

    typer.echo(json.dumps(routine_schema.schema(), indent=2))


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
            say(" ".join(paragraph) + "\n")
        for first, *signs in tiers:
            say("", label=first)
            for sign in signs:
                say(f"- {sign}", indent=2)
