"""Commands about routines, and the safety note."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voice_coach.cli.files import OwnFile, print_script, routine_in
from voice_coach.cli.output import clock, out, say, waiting_for
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
    plan_of,
    routine_named,
)


@app.command()
def rehearse(routine: RoutineName, code: LanguageCode = ENGLISH) -> None:
    """Print the script of a routine, or of a plan such as upper-back-10, with its times."""
    with plain_words():
        from voice_coach.display.words import read_screen_words

        language = language_of(code)
        named = plan_of(language, routine) or routine_named(language, routine)
        seconds = print_script(language, named)
        lasts = read_screen_words(code).listing.rehearsed.format(time=clock(seconds))
        say(f"\n{lasts}")


@app.command(name="list")
def list_routines(code: LanguageCode = ENGLISH) -> None:
    """List the routines, the gentlest first: their length, their needs, and how to ask for them."""
    with plain_words():
        from voice_coach.core.choosing import whole_seconds
        from voice_coach.display.words import read_screen_words

        language = language_of(code)
        listing = read_screen_words(code).listing
        for routine in language.routines:
            minutes = whole_seconds(routine, language) / 60
            text = f" {listing.description(routine, minutes)}"
            say(text, label=f"{routine.id}:", indent=2)
            say(f"  {routine.summary}", indent=2)
            say(f"  {listing.say.format(things=', '.join(routine.names))}", indent=2)


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
    file: OwnFile,
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
        routine = routine_in(file, language)
        loudspeaker_present()
        with waiting_for("Rehearsing ..."):
            recording = recording_of(language, routine, voice=voice, rate=rate)
        out.print("Ctrl-C ends it.")
        play(recording.samples)


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
