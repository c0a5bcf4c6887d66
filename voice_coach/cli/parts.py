"""Verbs about the parts the coach is made of."""

from __future__ import annotations

from json import dumps
from typing import Annotated

import typer
from rich.markup import escape

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
    out,
    plain_words,
    waiting_for,
    warn,
)

SHOWN = 10
"""Levels of the microphone a second that are shown on a terminal; one where it is none."""
BAR = 30
"""Characters of the level meter, 2 dB each."""


@app.command()
def devices(
    test: Annotated[
        bool, typer.Option("--test", help="Play a tone, and show what the microphone hears.")
    ] = False,
    microphone: Microphone = "",
    loudspeaker: Loudspeaker = "",
) -> None:
    """List the microphones and loudspeakers, and tell which a session would use."""
    with plain_words():
        from voice_coach.audio.sound_system import all_devices, devices_present

        used = devices_present(microphone or None, loudspeaker or None)
        for kind, names, name in zip(
            ("microphone", "loudspeaker"), all_devices(), used, strict=True
        ):
            out.print(f"[bold]{kind}s[/bold]")
            for each in names:
                out.print(f"{'*' if each == name else ' '} {each}", markup=False, soft_wrap=True)
        if test:
            _test(microphone, loudspeaker)
        else:
            out.print("\nThose with a star are used. To try them: voice-coach devices --test")


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
            "The microphone heard nothing: see in the system's sound settings that it is switched "
            "on and turned up, or choose another with --microphone."
        )
        raise typer.Exit(ExitCode.TROUBLE)
    out.print(f"The loudest was {loudest:.0f} dB: the microphone hears.")


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
        ):
            told = "not heard" if value is None else f"{value:.0f} {unit}"
            out.print(f"[bold]{name:18}[/bold] {told}")
        advice = [*found.advice()]
        for sentence in advice or ["All is well for a session."]:
            out.print(sentence, markup=False, soft_wrap=True)
        out.print(f"Drawn into {picture}.", markup=False, soft_wrap=True)


@app.command()
def doctor(
    json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    model: Model = None,
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
) -> None:
    """Tell whether each part is there and works, and what to do if not."""
    with plain_words():
        from voice_coach.doctor import examine

        findings = []
        with waiting_for("Trying each part ..."):
            for finding in examine(language_of(code), model, voice):
                findings.append(finding)
                if not json:
                    mark = "[green]✓[/green]" if finding.well else "[red]✗[/red]"
                    told = f"[bold]{finding.part}[/bold]:"
                    out.print(mark, told, escape(finding.detail), soft_wrap=True)
        well = all(finding.well for finding in findings)
        if json:
            parts = [vars(finding) for finding in findings]
            typer.echo(dumps({"well": well, "parts": parts}, indent=2))
        if not well:
            raise typer.Exit(ExitCode.TROUBLE)
