"""Commands about what the coach hears."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voice_coach.cli.output import say, warn
from voice_coach.cli.shell import (
    ENGLISH,
    ExitCode,
    LanguageCode,
    Loudspeaker,
    Microphone,
    Model,
    app,
    plain_words,
)

if TYPE_CHECKING:
    from voice_coach.enrolment import Learned


@app.command()
def hear(  # noqa: PLR0917 - typer's options are passed by name
    recording: Annotated[
        Path | None, typer.Argument(metavar="RECORDING", help="What the microphone recorded.")
    ] = None,
    far: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What the loudspeaker played meanwhile.")
    ] = None,
    state: Annotated[
        str, typer.Option(metavar="STATE", help="The state of the session; by default, in a step.")
    ] = "",
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Many at once: a CSV file with the columns file,far,state."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each event.")
    ] = False,
    model: Model = None,
    code: LanguageCode = ENGLISH,
) -> None:
    """Show what the coach hears in recordings: WAV, FLAC, MP3 or Ogg, at any sample rate."""
    if (recording is None) == (manifest is None):
        raise typer.BadParameter("Give one recording, or --manifest with a table of many.")
    with plain_words():
        from voice_coach.catalogue import read_language
        from voice_coach.hear import HearingInput, hear_all, read_manifest, state_named

        recordings = (
            [HearingInput(str(recording), recording, far, state_named(state))]
            if recording
            else read_manifest(manifest or Path())
        )
        failed = False
        for found in hear_all(recordings, model, read_language(code)):
            if isinstance(found, Exception):
                failed = True
                warn(str(found))
                continue
            for entry in found:
                typer.echo(dumps(entry) if json else _line(entry))
        if failed:
            raise typer.Exit(ExitCode.TROUBLE)


def _line(entry: dict[str, object]) -> str:
    said = entry.get("phrase", entry.get("reason", ""))
    words = (entry.get("command", entry["kind"]), entry.get("tier", ""), said)
    return f"{entry['file']}  {entry['time']:7.2f}  " + "  ".join(
        str(word) for word in words if word
    )


@app.command()
def voice(  # noqa: PLR0917 - typer's options are passed by name
    phrases: Annotated[
        list[str] | None,
        typer.Argument(metavar="PHRASE", help='Such as "this hurts"; without one, seven.'),
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Forget how you speak, and learn nothing.")
    ] = False,
    microphone: Microphone = "",
    loudspeaker: Loudspeaker = "",
    model: Model = None,
    code: LanguageCode = ENGLISH,
) -> None:
    """Teach the coach how you say its phrases, if it often misses them; no sound is kept."""
    with plain_words():
        from voice_coach.catalogue import read_language
        from voice_coach.enrolment import SAYINGS, learn_live, usual_phrases
        from voice_coach.errors import CoachError
        from voice_coach.hearing.own_voice import NAME, OwnVoice, load, save
        from voice_coach.history import store

        folder = store.FILE.parent
        if forget:
            (folder / NAME).unlink(missing_ok=True)
            say("The coach hears you as it hears anybody.")
            return
        language = read_language(code)
        try:
            known = load(folder, code)
        except CoachError as trouble:
            warn(f"{trouble} What is learned now replaces it.")
            known = None
        gains = dict(known.gains) if known else {}
        say(f"Say each phrase {SAYINGS} times, as you would on the floor. Wait for each line.")
        for learned in learn_live(
            language,
            phrases or usual_phrases(language),
            say,
            model=model,
            microphone=microphone or None,
            loudspeaker=loudspeaker or None,
        ):
            say(_learned(learned))
            gains[learned.phrase] = learned.gain
        path = save(folder, OwnVoice(code, gains))
        say(f"This is kept in {path}. To forget it: voice-coach voice --forget")


def _learned(learned: Learned) -> str:
    count = len(learned.excesses)
    text = f'"{learned.phrase}": {learned.heard} of {count} would have been obeyed'
    if learned.gain:
        text += f", {learned.heard_from_now_on} from now on"
    if learned.heard_from_now_on < count / 2:
        return f"{text}. Say something else for it, which docs/usage.md lists."
    return f"{text}."


@app.command()
def fetch_model(code: LanguageCode = ENGLISH) -> None:
    """Download the speech model; nothing needs a network afterwards."""
    with plain_words():
        from voice_coach.hearing import model_store

        folder = model_store.fetch(model_store.manifest(code), model_store.store())
        say(f"The speech model is in {folder}.")
