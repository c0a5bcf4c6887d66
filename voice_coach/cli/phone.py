"""The command that serves phones in the local network."""

from __future__ import annotations

from typing import Annotated

import typer

from voice_coach.cli.output import out, say
from voice_coach.cli.sessions import (
    LAST_PORT,
    Earcons,
    Record,
    RoomName,
    lead_from,
    page_config,
    room_named,
)
from voice_coach.cli.shell import (
    ENGLISH,
    USUAL_RATE,
    Breath,
    LanguageCode,
    Model,
    Rate,
    VoiceName,
    app,
    plain_words,
)

PORT = 8443
"""The usual port of a page over TLS that is not the computer's first one."""

WARNING = (
    "The browser will warn you that it does not know this computer. That is true: nobody outside "
    "vouches for a computer at home. Choose 'Advanced', or 'Show details', and go on. Whoever has "
    "the address can listen and steer, so show it to nobody else."
)


@app.command()
def serve(  # noqa: PLR0917 - typer's options are passed by name
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="NAME",
            help="This computer's name or IPv4 address in the network, instead of the one found.",
        ),
    ] = "",
    port: Annotated[
        int,
        typer.Option(
            "--port",
            metavar="PORT",
            min=0,
            max=LAST_PORT,
            help="The port of the page; 0 is any free port.",
        ),
    ] = PORT,
    breath: Breath = "",
    model: Model = None,
    code: LanguageCode = ENGLISH,
    voice: VoiceName = "",
    rate: Rate = USUAL_RATE,
    record: Record = False,
    earcons: Earcons = True,
    room: RoomName = "",
) -> None:
    """Let a phone in this network be microphone, loudspeaker and screen; Ctrl-C ends it."""
    with plain_words():
        from voice_coach.app import LiveOptions
        from voice_coach.serve import PhoneService, as_code

        config = page_config(breath, code, rate, record=record, earcons=earcons)
        with room_named(room) as told:
            service = PhoneService(config.language, host, port)
            options = LiveOptions(model, voice=voice, make_stage=service.stage)
            with service.page:
                if told:
                    told.open()
                say(f"Open this page on the phone: {service.page.address}")
                # White on black, whatever the terminal's colours: scanners want dark on light.
                out.print(as_code(service.page.address), style="white on black", no_wrap=True)
                say(WARNING)
                lead_from(service.page, config, options, after=service.line.hang_up, room=told)
