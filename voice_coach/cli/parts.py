"""Commands about sound devices, the room, and the parts of the program."""

from __future__ import annotations

from json import dumps
from typing import Annotated

import typer

from voice_coach.cli.output import out, say, waiting_for, warn
from voice_coach.cli.shell import (
    ENGLISH,
    ExitCode,
    LanguageCode,
    Loudspeaker,
    Microphone,
    Model,
    VoiceName,
    app,
    language_of,
    plain_words,
)

SHOWN = 10
"""Microphone levels shown each second on a terminal; elsewhere one."""
BAR = 30
"""Characters of the level meter; each stands for 2 dB."""


@app.command()
def devices(
    test: Annotated[
        bool, typer.Option("--test", help="Play a tone, and show the microphone's level.")
    ] = False,
    microphone: Microphone = "",
    loudspeaker: Loudspeaker = "",
) -> None:
    """List the microphones and loudspeakers; a star marks those that a session would use."""
    with plain_words():
        from voice_coach.audio.sound_system import all_devices, devices_present

        used = devices_present(microphone or None, loudspeaker or None)
        for kind, names, name in zip(
            ("microphone", "loudspeaker"), all_devices(), used, strict=True
        ):
            out.print(f"[bold]{kind}s[/bold]")
            for each in names:
                say(f"{'*' if each == name else ' '} {each}", indent=2)
        if test:
            _test(microphone, loudspeaker)
        else:
            say("\nThose with a star are used. To try them: voice-coach devices --test")


def _test(microphone: str, loudspeaker: str) -> None:
    from voice_coach.calibrate import METERED, QUIETEST, meter
    from voice_coach.core.ports import BLOCK, SAMPLE_RATE

    out.print(f"\nYou should hear a tone. Then speak, for {METERED:.0f} seconds.")
    every = round(SAMPLE_RATE / BLOCK / (SHOWN if out.is_terminal else 1))
    recent: list[float] = []

    def show(level: float) -> None:
        recent.append(level)
        if len(recent) == every:
            loudest = max(recent)
            recent.clear()
            bar = "#" * max(0, round(BAR + loudest / 2))
            typer.echo(f"{loudest:4.0f} dB  {bar:{BAR}}", nl=not out.is_terminal)
            if out.is_terminal:
                typer.echo("\r", nl=False)

    loudest = meter(show, microphone=microphone or None, loudspeaker=loudspeaker or None)
    if loudest < QUIETEST:
        warn(
            "The microphone heard nothing: switch it on and turn it up in the system's sound "
            "settings, or choose another with --microphone."
        )
        raise typer.Exit(ExitCode.TROUBLE)
    say(f"The loudest was {loudest:.0f} dB: the microphone works.")


@app.command()
def calibrate(microphone: Microphone = "", loudspeaker: Loudspeaker = "") -> None:
    """Measure noise, echo and delay in your room, draw them, and say what to improve."""
    with plain_words():
        from voice_coach.calibrate import calibrate as measure

        found, picture = measure(
            out.print, microphone=microphone or None, loudspeaker=loudspeaker or None
        )
        for name, value, unit in (
            ("noise of the room", found.noise, "dB"),
            ("your voice", found.voice, "dB"),
            ("echo of the coach", found.echo, "dB"),
            ("delay of the echo", found.delay and 1000 * found.delay, "ms"),
            ("drift of the clocks", found.drift, "ppm"),
        ):
            text = "not heard" if value is None else f"{value:.0f} {unit}"
            say(f" {text}", label=f"{name:19}")
        advice = [*found.advice()]
        for sentence in advice or ["The room is fine for a session."]:
            say(sentence)
        say(f"Drawn into {picture}.")


@app.command()
def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    model: Model = None,
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
) -> None:
    """Check whether each part is there and works, and say what to do if not."""
    with plain_words():
        from itertools import chain

        from voice_coach.doctor import Finding, examine

        findings: list[Finding] = []
        with waiting_for("Trying each part ..."):
            settings = Finding("settings", *_settings())
            for finding in chain([settings], examine(language_of(code), model, voice)):
                findings.append(finding)
                if not json:
                    mark = "✓" if finding.well else "✗"
                    style = "" if finding.well else "red"
                    say(f" {finding.detail}", style, label=f"{mark} {finding.part}:", indent=2)
        well = all(finding.well for finding in findings)
        if json:
            parts = [vars(finding) for finding in findings]
            typer.echo(dumps({"well": well, "parts": parts}, indent=2))
        if not well:
            raise typer.Exit(ExitCode.TROUBLE)


def _settings() -> tuple[bool, str]:
    """Tell whether the settings are well, and where they are or what is wrong."""
    from voice_coach.errors import CoachError
    from voice_coach.settings import FILE, in_force

    try:
        in_force()
    except CoachError as trouble:
        return False, str(trouble)
    except OSError as error:
        return False, f"{error.filename}: {error.strerror}"
    return True, str(FILE) if FILE.exists() else "the defaults; no file sets any"


@app.command(name="help")
def show_help(
    context: typer.Context,
    command: Annotated[
        str, typer.Argument(metavar="COMMAND", help="A command; without it, all are listed.")
    ] = "",
) -> None:
    """Show the help of the program, or of one command."""
    words = [command, "--help"] if command else ["--help"]
    context.find_root().command.main(words, prog_name="voice-coach", standalone_mode=False)
