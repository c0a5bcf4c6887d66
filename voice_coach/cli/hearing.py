"""Commands about what the coach hears."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import Annotated

import typer

from voice_coach.cli.output import say, warn
from voice_coach.cli.shell import ENGLISH, ExitCode, LanguageCode, Model, app, plain_words


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
def fetch_model(code: LanguageCode = ENGLISH) -> None:
    """Download the speech model; nothing needs a network afterwards."""
    with plain_words():
        from voice_coach.hearing import model_store

        folder = model_store.fetch(model_store.manifest(code), model_store.store())
        say(f"The speech model is in {folder}.")
