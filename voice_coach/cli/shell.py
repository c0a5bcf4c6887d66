"""What the verbs share: the application, its exit codes, options, and its way to tell things."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from difflib import get_close_matches
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_coach.core.breathing import Pattern
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine


class ExitCode(IntEnum):
    """How a run ended, for the shell."""

    DONE = 0
    """Completed, or stopped by the person."""
    TROUBLE = 1
    """It could not begin; the sentence on the screen says why."""
    USAGE = 2
    PAIN = 3
    FAULT = 4
    """Hearing, voice or sound was lost on the way."""
    DISOBEYED = 5
    """In the demo the coach did not do what it was told."""


ENGLISH = "en"
"""The language where none is asked for."""
USUAL_RATE = 150
"""Words a minute where no other number is asked for."""

app = typer.Typer(
    help="An offline, hands-free, voice-guided back-stretching coach.",
    epilog="Without a command it leads a session here and now; where there is no microphone or "
    "no loudspeaker it shows the demo instead.",
    no_args_is_help=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

RoutineName = Annotated[
    str, typer.Argument(metavar="ROUTINE", help="A routine, as [b]voice-coach list[/b] names it.")
]
Breath = Annotated[
    str,
    typer.Option(
        "--breath", metavar="IN-OUT", help="Seconds of a breath in and out, in place of 4-6."
    ),
]


def _known(code: str) -> str:
    from voice_coach.catalogue import languages

    if code not in (known := languages()):
        raise typer.BadParameter(f"there is no language '{code}'; there are: {', '.join(known)}")
    return code


LanguageCode = Annotated[
    str,
    typer.Option(
        "--language", metavar="CODE", callback=_known, help="That of the coach, such as: es."
    ),
]
VoiceName = Annotated[
    str,
    typer.Option(
        "--voice", metavar="NAME", help="One of [b]voice-coach voices[/b], in place of the usual."
    ),
]
Rate = Annotated[
    int,
    typer.Option(
        "--rate",
        metavar="WORDS",
        min=110,
        max=190,
        help="Words a minute to begin with; breath goes along.",
    ),
]
Microphone = Annotated[str, typer.Option("--microphone", help="Its name, or a part of it.")]
Loudspeaker = Annotated[str, typer.Option("--loudspeaker", help="Its name, or a part of it.")]
Model = Annotated[
    Path | None,
    typer.Option("--model", metavar="FOLDER", help="A vosk model of your own, unpacked."),
]


@contextmanager
def plain_words() -> Iterator[None]:
    """Tell an expected failure in its one sentence, and end quietly when interrupted."""
    from voice_coach.errors import CoachError

    try:
        yield
    except CoachError as trouble:
        warn(str(trouble))
        raise typer.Exit(ExitCode.TROUBLE) from None
    except OSError as error:
        warn(f"{error.filename or 'A file'}: {error.strerror or error}.")
        raise typer.Exit(ExitCode.TROUBLE) from None
    except KeyboardInterrupt:
        raise typer.Exit(ExitCode.DONE) from None


@contextmanager
def waiting_for(what: str) -> Iterator[None]:
    """Say what is being waited for, on a terminal, until it is there."""
    with err.status(what) if out.is_terminal else nullcontext():
        yield


def remembered(context: typer.Context, verb: str) -> dict[str, Any]:
    """Give the options of `verb` that were set once, by the names of its parameters."""
    if verb == "config":  # it tells itself what was set where
        return {}
    from voice_coach.settings import Settings, in_force

    command = context.command.get_command(context, verb)  # type: ignore[attr-defined]
    options = {
        parameter.name: name
        for parameter in (command.params if command else ())
        for name in Settings.model_fields
        if f"--{name}" in parameter.opts
    }
    if not options:
        return {}
    settings = in_force()
    return {option: settings[name].value for option, name in options.items()}


def language_of(code: str) -> Language:
    """Read a language with the person's own routines; tell which of those are left out."""
    from voice_coach.catalogue import read_language, with_own_routines

    language, left_out = with_own_routines(read_language(code))
    for sentence in left_out:
        warn(sentence, "yellow")
    return language


def pattern_of(text: str) -> Pattern | None:
    """Read a pattern of breath."""
    from voice_coach.core.breathing import parse_pattern
    from voice_coach.errors import CoachError

    try:
        return parse_pattern(text) if text else None
    except CoachError as trouble:
        raise typer.BadParameter(str(trouble)) from None


def routine_named(language: Language, name: str) -> Routine:
    """Find the routine of this name; raise ``BadParameter`` where there is none."""
    wanted = name.lower().replace(" ", "-")
    for routine in language.routines:
        if wanted in (routine.id, *(n.lower().replace(" ", "-") for n in routine.names)):
            return routine
    known = [routine.id for routine in language.routines]
    names = {name.replace(" ", "-"): r.id for r in language.routines for name in (r.id, *r.names)}
    near = get_close_matches(wanted, names, n=1)
    meant = f"did you mean '{names[near[0]]}'? There" if near else "there"
    raise typer.BadParameter(f"there is no routine '{name:.60}'; {meant} are: {', '.join(known)}.")


def warn(sentence: str, style: str = "red") -> None:
    """Tell something on the error stream."""
    err.print(sentence, style=style, markup=False, soft_wrap=True)


def clock(seconds: float) -> str:
    """Give minutes and seconds, such as 1:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
