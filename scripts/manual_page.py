"""Writes the manual page, docs/voice-coach.1, from what the verbs say of themselves.

The page holds nothing that --help does not: verbs in the order of help, their arguments, options
and sentences. It is kept with the sources, so that a package needs no typer to be built.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer.main

from voice_coach import cli, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[1] / "docs" / "voice-coach.1"
EXITS = {
    cli.ExitCode.DONE: "done: a session was completed, or stopped by the person",
    cli.ExitCode.TROUBLE: "it could not be done, for the reason that was told",
    cli.ExitCode.USAGE: "the command was given wrongly",
    cli.ExitCode.PAIN: "the session ended because it hurt",
    cli.ExitCode.FAULT: "hearing, voice or sound was lost in a session",
    cli.ExitCode.DISOBEYED: "in the demo the coach did not do what it was told",
}


def page() -> str:
    """Give the whole page, in the language of man."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    command: Any = typer.main.get_command(cli.app)
    yield '.TH VOICE-COACH 1 "" "voice-coach" "User Commands"'
    yield ".SH NAME"
    yield rf"voice\-coach \- {_plain(cli.app.info.help)[:1].lower()}{_plain(cli.app.info.help)[1:]}"
    yield ".SH SYNOPSIS"
    yield r".B voice\-coach"
    yield "[COMMAND] [OPTIONS]"
    yield ".SH DESCRIPTION"
    yield _plain(cli.app.info.epilog)
    yield ".SH COMMANDS"
    for name, verb in command.commands.items():
        arguments = [each for each in verb.params if each.param_type_name == "argument"]
        yield ".TP"
        words = (name, *(_placeholder(each) for each in arguments))
        yield rf".B {_escaped(' '.join(words))}"
        yield _plain(verb.help)
        for option in (each for each in verb.params if each.param_type_name == "option"):
            value = "" if option.is_flag else f" {option.metavar or option.name.upper()}"
            told = f": {_plain(option.help)}" if option.help else ""
            yield ".br"
            yield rf"\fB{_escaped(', '.join(option.opts))}\fR{_escaped(value)}{told}"
    yield ".SH EXIT STATUS"
    for code, meaning in EXITS.items():
        yield ".TP"
        yield f"{code:d}"
        yield meaning
    yield ".SH ENVIRONMENT"
    yield ".TP"
    names = ", ".join(settings.VARIABLES.values())
    yield _escaped(names)
    yield "What voice\\-coach config shows; an option outranks it."
    yield ".TP"
    yield "VOICE_COACH_MODEL"
    yield "The folder of a speech model of your own."
    yield ".SH FILES"
    yield "What voice\\-coach config and voice\\-coach doctor name, on this computer."


def _placeholder(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return name if argument.required else f"[{name}]"


def _plain(text: str | None) -> str:
    """Take the markup out of a sentence."""
    return _escaped(" ".join(re.sub(r"\[/?\w+\]", "", text or "").split()))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
