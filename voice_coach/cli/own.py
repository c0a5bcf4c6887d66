"""Verbs that make the coach one's own: what is set, and which voice speaks."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from voice_coach.cli.shell import (
    ENGLISH,
    USUAL_RATE,
    LanguageCode,
    Rate,
    VoiceName,
    app,
    out,
    plain_words,
    waiting_for,
)


@app.command()
def config(  # noqa: PLR0917 - typer's options are passed by name
    code: Annotated[str | None, typer.Option("--language", metavar="CODE")] = None,
    voice: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    rate: Annotated[int | None, typer.Option(metavar="WORDS")] = None,
    breath: Annotated[str | None, typer.Option(metavar="IN-OUT")] = None,
    earcons: Annotated[bool | None, typer.Option("--earcons/--no-earcons")] = None,
    microphone: Annotated[str | None, typer.Option()] = None,
    loudspeaker: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Show what is set, and where: by default, in your file, the environment, or an option."""
    with plain_words():
        from voice_coach import settings

        options = {
            "language": code,
            "voice": voice,
            "rate": rate,
            "breath": breath,
            "earcons": earcons,
            "microphone": microphone,
            "loudspeaker": loudspeaker,
        }
        try:
            settings.resolve(options=options)
        except settings.InvalidSettings as invalid:
            raise typer.BadParameter(str(invalid)) from None
        for name, setting in settings.in_force(options).items():
            value = setting.value
            told = ("yes" if value else "no") if isinstance(value, bool) else value
            told = "(the usual)" if told == "" else str(told)
            out.print(f"[bold]{name:12}[/bold] {escape(told):20} {setting.source}")
        where = "Your file is" if settings.FILE.exists() else "To set one, write it into a file,"
        out.print(f"\n{where} {settings.FILE}, such as: rate = 130", markup=False, soft_wrap=True)
        out.print(f"In the environment it is {settings.PREFIX}RATE=130.", markup=False)


@app.command()
def voices(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="The voice to hear; without it, all are listed.")
    ] = "",
    use: Annotated[bool, typer.Option("--use", help="Speak with it from now on.")] = False,
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
    rate: Rate = USUAL_RATE,
) -> None:
    """List the voices of a language, play one, or choose it."""
    with plain_words():
        if not name:
            if use:
                raise typer.BadParameter("Name the voice to use; without --use all are listed.")
            _list_voices(code, voice)
            return
        from voice_coach.app import clip_of
        from voice_coach.audio.loudspeaker import play
        from voice_coach.catalogue import read_language

        with waiting_for("The voice gets ready ..."):
            samples = clip_of(read_language(code), name, rate)
        if use:
            from voice_coach.settings import FILE, remember

            remember("voice", name)
            out.print(f"The coach speaks as {name} from now on: so says {FILE}.", soft_wrap=True)
        else:
            play(samples)


def _list_voices(code: str, chosen: str) -> None:
    from voice_coach.speech.voices import known_voices, usual_voice

    for known in known_voices(code):
        mark = "*" if known.name == (chosen or usual_voice(code)) else " "
        line = f"{mark} [bold]{escape(known.name):20}[/bold] {known.engine:10} {escape(known.told)}"
        out.print(line, soft_wrap=True)
    told = "\nTo hear one: voice-coach voices NAME. To choose it: voice-coach voices NAME --use"
    out.print(told, markup=False, soft_wrap=True)
