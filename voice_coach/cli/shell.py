"""What the commands share: the application, exit codes, options, and what they mean."""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from voice_coach.cli.output import warn, warn_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_coach.core.breathing import Pattern
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine


class ExitCode(IntEnum):
    """How a run ended, for the shell."""

    DONE = 0
    """Completed, or stopped by the person."""
    TROUBLE = 1
    """It could not begin; a sentence says why."""
    USAGE = 2
    PAIN = 3
    FAULT = 4
    """Hearing, voice or sound was lost during the session."""
    DISOBEYED = 5
    """In the demo the coach did not obey."""


ENGLISH = "en"
"""The default language."""
ALWAYS = ("doctor", "safety")
"""Commands that work whatever is wrong with the settings."""
USUAL_RATE = 150
"""The default rate, in words a minute."""


class _WithoutTypes:
    """Hides the names of Python types, such as <bool>, from the help of a command."""

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if param.param_type_name == "argument":
                vars(param)["display_type"] = lambda _ctx: ""
            elif param.is_flag and param.metavar is None:
                param.metavar = ""
        return params


class _Command(_WithoutTypes, TyperCommand):
    pass


class _Group(_WithoutTypes, TyperGroup):
    pass


class _App(typer.Typer):
    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        return super().command(name, cls=_Command, **settings)


app = _App(
    cls=_Group,
    help="An offline, hands-free, voice-guided back-stretching coach.",
    epilog="Without a command it begins a session. Without a microphone or a loudspeaker it plays "
    "the demo instead.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def routine_ids(incomplete: str) -> list[str]:
    """Return the routines whose names begin so, for completion."""
    from voice_coach.catalogue import read_language, with_own

    language, _ = with_own(read_language(ENGLISH))
    return [each.id for each in language.routines if each.id.startswith(incomplete)]


def _languages(incomplete: str) -> list[str]:
    from voice_coach.package_data import languages

    return [code for code in languages() if code.startswith(incomplete)]


def voice_names(incomplete: str) -> list[str]:
    """Return the voices whose names begin so, for completion."""
    from voice_coach.speech.voices import known_voices

    return [each.name for each in known_voices(ENGLISH) if each.name.startswith(incomplete)]


RoutineName = Annotated[
    str,
    typer.Argument(
        metavar="ROUTINE",
        help="A routine, as [b]voice-coach list[/b] names it.",
        autocompletion=routine_ids,
    ),
]
Breath = Annotated[
    str,
    typer.Option(
        "--breath", metavar="IN-OUT", help="Seconds of a breath in and out, instead of 4-6."
    ),
]


def _known(code: str) -> str:
    from voice_coach.package_data import languages

    if code not in (known := languages()):
        raise typer.BadParameter(f"there is no language '{code}'; there are: {', '.join(known)}")
    return code


LanguageCode = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="CODE",
        callback=_known,
        autocompletion=_languages,
        help="The language of the coach, such as: es.",
    ),
]
VoiceName = Annotated[
    str,
    typer.Option(
        "--voice",
        metavar="NAME",
        autocompletion=voice_names,
        help="One of [b]voice-coach voices[/b], instead of the default.",
    ),
]
Rate = Annotated[
    int,
    typer.Option(
        "--rate",
        metavar="WORDS",
        min=110,
        max=190,
        help="Words a minute to begin with; the breath follows.",
    ),
]
Microphone = Annotated[
    str, typer.Option("--microphone", metavar="NAME", help="Its name, or a part of it.")
]
Loudspeaker = Annotated[
    str, typer.Option("--loudspeaker", metavar="NAME", help="Its name, or a part of it.")
]
Model = Annotated[
    Path | None,
    typer.Option("--model", metavar="FOLDER", help="An unpacked vosk model of your own."),
]


@contextmanager
def plain_words() -> Iterator[None]:
    """Print an expected failure as its one sentence, and end quietly on Ctrl-C."""
    from voice_coach.errors import CoachError

    try:
        yield
    except CoachError as trouble:
        warn(str(trouble))
        raise typer.Exit(ExitCode.TROUBLE) from None
    except UnicodeEncodeError as error:
        warn(f"{error.object[:60]!a} is no text that can be read: write it in UTF-8.")
        raise typer.Exit(ExitCode.TROUBLE) from None
    except OSError as error:
        warn_of(error)
        raise typer.Exit(ExitCode.TROUBLE) from None
    except KeyboardInterrupt:
        raise typer.Exit(ExitCode.DONE) from None


def remembered(context: typer.Context, verb: str) -> dict[str, Any]:
    """Return the options of the command `verb` that are set, by the names of its parameters."""
    if verb == "config":  # it shows by itself what is set where
        return {}
    from voice_coach.errors import CoachError
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
    try:
        settings = in_force()
    except (CoachError, OSError) as trouble:
        if verb not in ALWAYS:
            raise
        what = (
            f"{trouble.filename}: {trouble.strerror}." if isinstance(trouble, OSError) else trouble
        )
        warn(f"{what} Until then the defaults hold here.", "yellow")
        return {}
    return {option: settings[name].value for option, name in options.items()}


def language_of(code: str) -> Language:
    """Read a language with the person's own routines; say which of those are left out."""
    from voice_coach.catalogue import read_language, with_own

    language, left_out = with_own(read_language(code))
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
    """Find the routine of this name; raise ``BadParameter`` if there is none."""
    wanted = name.lower().replace(" ", "-")
    for routine in language.routines:
        if wanted in (routine.id, *(n.lower().replace(" ", "-") for n in routine.names)):
            return routine
    known = [routine.id for routine in language.routines]
    names = {name.replace(" ", "-"): r.id for r in language.routines for name in (r.id, *r.names)}
    near = get_close_matches(wanted, names, n=1)
    meant = f"did you mean '{names[near[0]]}'? There" if near else "there"
    raise typer.BadParameter(f"there is no routine '{name:.60}'; {meant} are: {', '.join(known)}.")


def plan_of(language: Language, name: str) -> Routine | None:
    """Make the whole routine of a plan and its minutes, such as upper-back-10, if it is one."""
    from voice_coach.core.plan import MINUTES, choice, compose

    for plan in language.plans:
        for minutes in MINUTES:
            if name == choice(plan, minutes):
                return compose(plan, minutes, language, lambda _: True)
    return None


def plan_named(language: Language, area: str, minutes: int | None) -> str:
    """Give the identifier of a plan of so many minutes; raise ``BadParameter`` if there is none."""
    from voice_coach.core.plan import MINUTES, USUAL

    minutes = USUAL if minutes is None else minutes
    areas = [plan.id for plan in language.plans]
    if area not in areas:
        raise typer.BadParameter(f"there is no plan '{area:.60}'; there are: {', '.join(areas)}.")
    if minutes not in MINUTES:
        raise typer.BadParameter(f"a plan takes {', '.join(map(str, MINUTES))} minutes.")
    return f"{area}-{minutes}"
