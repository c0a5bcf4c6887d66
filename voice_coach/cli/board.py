"""The command that shows all rooms of a broker."""

from __future__ import annotations

from typing import Annotated

import typer

from voice_coach.cli.output import say
from voice_coach.cli.sessions import Port, served
from voice_coach.cli.shell import ENGLISH, LanguageCode, app, language_of, plain_words


@app.command()
def board(
    code: LanguageCode = ENGLISH,
    port: Port = 0,
    forget: Annotated[
        bool, typer.Option("--forget", help="Delete what the board has kept, and do no more.")
    ] = False,
) -> None:
    """Open a page in the browser with all rooms of the MQTT broker; Ctrl-C ends it."""
    with plain_words():
        from voice_coach.rooms.broker import missing

        try:
            from voice_coach.rooms.board_store import open_store
        except ImportError:
            raise missing("To show the rooms of a broker", "board") from None
        from voice_coach.settings import in_force

        set_up = in_force()
        server = set_up["postgresql"].value
        if forget:
            with open_store(server=server) as store:
                store.forget_all()
            say("What the board had kept is deleted.")
            return
        from voice_coach.board import BoardService
        from voice_coach.rooms.desk import Desk

        with open_store(server=server) as store:
            client = set_up["mqtt"].value.board_client(store.identifier)
            desk = Desk(client, store)
            service = BoardService(desk, language_of(code), port)
            with desk, served(service.page):
                service.run()
