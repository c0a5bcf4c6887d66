"""Commands about routines and plans of one's own: files that anybody can write and share."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voice_coach.cli.output import clock, say, warn
from voice_coach.cli.shell import (
    ENGLISH,
    LanguageCode,
    VoiceName,
    app,
    language_of,
    plain_words,
    routine_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.language import Language
    from voice_coach.core.plan import Plan
    from voice_coach.core.routine import Routine

SCRIPT_INDENT = 6
"""Columns before the sentences of a script."""

OwnFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A file of your own, or a shipped routine by its name."),
]


def routine_in(
    file: Path, language: Language, knows: Callable[[str], bool] = lambda _word: True
) -> Routine:
    """Read a routine from its file, or take the shipped routine of this name."""
    from voice_coach.catalogue import read_routine

    if not os.path.lexists(file):
        with suppress(typer.BadParameter):
            return routine_named(language, str(file))
    return read_routine(file, language, knows)


def print_script(language: Language, routine: Routine) -> float:
    """Print the whole script of a routine with its times; give its length in seconds."""
    from voice_coach.catalogue import read_screening
    from voice_coach.core.simulation import simulate

    simulation = simulate(language, routine, read_screening())
    for spoken in simulation.spoken:
        say(f"{clock(spoken.start)}  {spoken.text}", indent=SCRIPT_INDENT)
    return simulation.now


@app.command()
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name, such as: morning stretch.")
    ],
    plan: Annotated[
        bool, typer.Option("--plan", help="Begin a plan for an area, such as: my shoulders.")
    ] = False,
    code: LanguageCode = ENGLISH,
) -> None:
    """Begin a routine or a plan of your own, and say where its file is."""
    with plain_words():
        from voice_coach.catalogue import new_plan, new_routine, read_language

        language = read_language(code)
        path = new_plan(name, language) if plan else new_routine(name, language)
        say(f"Your {'plan' if plan else 'routine'} is in {path}.")
        say("Change it, then check it with: voice-coach check FILE")


@app.command()
def check(
    file: OwnFile,
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
) -> None:
    """Check a routine or a plan: what is wrong with it, where, and how to mend it."""
    with plain_words():
        from voice_coach.catalogue import read_language, with_own
        from voice_coach.core.choosing import whole_seconds
        from voice_coach.core.plan import Plan
        from voice_coach.speech.voices import choose_voice

        language, _ = with_own(read_language(code), but=file)
        found = _looked_over(file, language)
        if isinstance(found, Plan):
            say(f"{file.name} is a good plan for {found.area}.")
            _tell_plan(found, language)
            taught = language.planned_too(found)
        else:
            minutes = whole_seconds(found, language) / 60
            say(f"{file.name} is a good routine and takes about {minutes:.0f} minutes.")
            taught = language if found in language.routines else language.taught_too(found)
        if warning := choose_voice(taught, voice).warning:
            say(warning)


@app.command()
def add(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A routine or a plan that somebody gave you.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    code: LanguageCode = ENGLISH,
) -> None:
    """Look over a routine or a plan that somebody gave you, and keep it as your own."""
    with plain_words():
        from voice_coach.catalogue import keep
        from voice_coach.core.plan import Plan

        language = language_of(code)
        found = _looked_over(file, language)
        say(f"To choose it, say: {found.names[0]}.")
        if isinstance(found, Plan):
            say(f"A plan for {found.area}:")
            _tell_plan(found, language)
        else:
            say(f"A routine: {found.summary} It is {' and '.join(sorted(found.classes))}.")
            say("A whole session of it:")
            print_script(language, found)
        say("No program can tell whether this is good for your back. Ask a professional.")
        if not yes and not typer.confirm("Keep it?"):
            say("Nothing was kept.")
            return
        say(f"It is kept in {keep(file, found, language)}.")


@app.command()
def schema(
    plan: Annotated[bool, typer.Option("--plan", help="That of a plan instead.")] = False,
) -> None:
    """Print the JSON Schema of a routine or a plan, for editors."""
    import json

    from voice_coach.cli import routine_schema

    made = routine_schema.plan_schema() if plan else routine_schema.schema()
    typer.echo(json.dumps(made, indent=2))


def _looked_over(file: Path, language: Language) -> Routine | Plan:
    """Read what is in a file; warn where nothing tells whether its names can be heard."""
    from voice_coach.hearing.model_store import NoModel
    from voice_coach.hearing.recognisers import vocabulary

    try:
        return _read(file, language, vocabulary(language))
    except NoModel as reason:
        warn(f"{reason} So whether the names can be heard is not checked.", "yellow")
        return _read(file, language)


def _read(
    file: Path, language: Language, knows: Callable[[str], bool] = lambda _word: True
) -> Routine | Plan:
    from voice_coach.catalogue import holds_plan, read_plan

    if os.path.lexists(file) and holds_plan(file):
        return read_plan(file, language, knows)
    return routine_in(file, language, knows)


def _tell_plan(plan: Plan, language: Language) -> None:
    """Say what a plan holds at each length, whole and where only what is gentle is allowed."""
    from voice_coach.core.plan import MINUTES, compose

    gentle = frozenset(routine.id for routine in language.routines if routine.is_gentle)
    for minutes in MINUTES:
        whole = compose(plan, minutes, language, lambda _: True)
        mild = compose(plan, minutes, language, lambda routine: routine.id in gentle)
        if whole:
            say(f"  {whole.summary}", label=f"{minutes} minutes:", indent=2)
        if mild is None:
            say("  Without what is strong, nothing is left of it.", indent=2)
        elif whole and mild.summary != whole.summary:
            say(f"  Without what is strong: {mild.summary}", indent=2)
