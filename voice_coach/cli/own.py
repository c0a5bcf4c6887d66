"""Commands about what is set, and which voice speaks."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from voice_coach.cli.output import say, waiting_for
from voice_coach.cli.shell import (
    ENGLISH,
    USUAL_RATE,
    LanguageCode,
    Rate,
    VoiceName,
    app,
    plain_words,
    voice_names,
)

VOICES_INDENT = 34
"""Columns before a voice's description."""
GIVEN = "Show the settings of a session with this option."


@app.command()
def config(  # noqa: PLR0917 - typer's options are passed by name
    code: Annotated[str | None, typer.Option("--language", metavar="CODE", help=GIVEN)] = None,
    voice: Annotated[str | None, typer.Option(metavar="NAME", help=GIVEN)] = None,
    rate: Annotated[int | None, typer.Option(metavar="WORDS", help=GIVEN)] = None,
    breath: Annotated[str | None, typer.Option(metavar="IN-OUT", help=GIVEN)] = None,
    earcons: Annotated[bool | None, typer.Option("--earcons/--no-earcons", help=GIVEN)] = None,
    microphone: Annotated[str | None, typer.Option(metavar="NAME", help=GIVEN)] = None,
    loudspeaker: Annotated[str | None, typer.Option(metavar="NAME", help=GIVEN)] = None,
) -> None:
    """Show every setting and where it comes from: default, your file, environment, or option."""
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
            text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
            say(f" {text or '(default)':20} {setting.source}", label=f"{name:12}")
        where = "Your file is" if settings.FILE.exists() else "To set one, write it into the file"
        say(f"\n{where} {settings.FILE}, such as: rate = 130")
        say(f"In the environment it is {settings.PREFIX}RATE=130.")


@app.command()
def voices(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            autocompletion=voice_names,
            help="The voice to play; without it, all are listed.",
        ),
    ] = "",
    use: Annotated[bool, typer.Option("--use", help="Use it from now on.")] = False,
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
        from voice_coach.audio.loudspeaker import play
        from voice_coach.catalogue import read_language
        from voice_coach.speech.clips import clip_store
        from voice_coach.speech.narrator import PromptNarrator
        from voice_coach.speech.voices import open_voice

        language = read_language(code)
        with (
            waiting_for("Preparing the voice ..."),
            closing(PromptNarrator(open_voice(language, name), clip_store())) as narrator,
        ):
            samples = narrator.clip(language.coach.welcome[0], rate).samples
        if use:
            from voice_coach.settings import FILE, remember

            remember("voice", name)
            say(f"The coach speaks as {name} from now on. This is set in {FILE}.")
        else:
            play(samples)


def _list_voices(code: str, chosen: str) -> None:
    from voice_coach.speech.voices import known_voices, usual_voice

    for known in known_voices(code):
        mark = "*" if known.name == (chosen or usual_voice(code)) else " "
        text = f" {known.engine:10} {known.told}"
        say(text, label=f"{mark} {known.name:20}", indent=VOICES_INDENT)
    say("\nTo hear one: voice-coach voices NAME. To choose it: voice-coach voices NAME --use")
