"""Commands that lead a session."""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from voice_coach import __version__
from voice_coach.cli.output import out, say, warn
from voice_coach.cli.shell import (
    ENGLISH,
    USUAL_RATE,
    Breath,
    ExitCode,
    LanguageCode,
    Loudspeaker,
    Microphone,
    Model,
    Rate,
    VoiceName,
    app,
    language_of,
    pattern_of,
    plain_words,
    plan_named,
    remembered,
    routine_ids,
    routine_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from voice_coach.app import LiveOptions
    from voice_coach.core.config import SessionConfig
    from voice_coach.core.language import Language
    from voice_coach.display.web.board_page import BoardPage
    from voice_coach.display.web.display import WebDisplay
    from voice_coach.rooms.room import Room

    Page = TypeVar("Page", WebDisplay, BoardPage)

LAST_PORT = 65535
LAST_LINE = 2.0
"""Seconds in which a terminal must take the last line of a session."""

Record = Annotated[
    bool, typer.Option("--record", help="Record the session's sound; the coach says so aloud.")
]
Earcons = Annotated[
    bool, typer.Option("--earcons/--no-earcons", help="Play short sounds with the words, or not.")
]
RoomName = Annotated[
    str,
    typer.Option(
        "--room",
        metavar="NAME",
        help="Tell the MQTT broker of your settings file how the sessions go, as this room.",
    ),
]
Port = Annotated[
    int,
    typer.Option(
        "--port",
        metavar="PORT",
        min=0,
        max=LAST_PORT,
        help="The port of the page; 0 is any free port.",
    ),
]


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Lead a session, or play the demo without sound devices."""
    if version:
        out.print(f"voice-coach {__version__}")
        raise typer.Exit
    if verb := context.invoked_subcommand:
        with plain_words():
            context.default_map = {verb: remembered(context, verb)}
    else:
        with plain_words():
            from voice_coach.audio.device import NoSoundDevice, devices_present
            from voice_coach.cli.demo import demo

            options = remembered(context, "run")
            try:
                devices_present()
            except NoSoundDevice as nothing:
                say(f"No live session here: {nothing}\nHere is the demo instead.\n")
                context.invoke(demo)
            else:
                context.invoke(run, **options)


@app.command()
def run(  # noqa: PLR0917 - typer's options are passed by name
    routine: Annotated[
        str,
        typer.Argument(
            metavar="ROUTINE",
            autocompletion=routine_ids,
            help="A routine; without it, the coach asks aloud.",
        ),
    ] = "",
    area: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="AREA",
            help="A plan instead: upper-back, lower-back, whole-back, or one of your own.",
        ),
    ] = "",
    minutes: Annotated[
        int | None,
        typer.Option(metavar="MINUTES", help="How long the plan takes: 5, 10 or 15; else 10."),
    ] = None,
    breath: Breath = "",
    model: Model = None,
    code: LanguageCode = ENGLISH,
    microphone: Microphone = "",
    loudspeaker: Loudspeaker = "",
    voice: VoiceName = "",
    rate: Rate = USUAL_RATE,
    record: Record = False,
    earcons: Earcons = True,
    web: Annotated[
        bool, typer.Option("--web", help="Show it in the browser as well, on this computer only.")
    ] = False,
    port: Port = 0,
    room: RoomName = "",
) -> None:
    """Lead a session on the microphone and the loudspeaker."""
    with plain_words():
        from voice_coach.hearing.loaded_later import LoadedLater

        pattern = pattern_of(breath)
        language = language_of(code)
        if routine and area:
            raise typer.BadParameter("name a routine, or a plan with --for, and not both.")
        if minutes is not None and not area:
            raise typer.BadParameter("--minutes is for a plan: name it with --for.")
        if area:
            wanted = plan_named(language, area, minutes)
        else:
            wanted = routine_named(language, routine).id if routine else ""
        hearing = LoadedLater(language, model)  # it works while all else is imported
        from voice_coach.app import LiveOptions, run_live
        from voice_coach.core.config import SessionConfig
        from voice_coach.core.view import Outcome

        config = SessionConfig(
            language=language,
            routine=wanted,
            pattern=pattern,
            rate=rate,
            audio_kept=record,
            earcons=earcons,
        )
        options = LiveOptions(model, microphone or None, loudspeaker or None, voice)
        with (
            room_named(room) as told,
            _page_of(language, port) if web else nullcontext() as page,
        ):
            if told:
                told.open()  # a plan that was assigned is to be there before the first word
            view = run_live(
                config,
                options,
                announce=_announce,
                leave=partial(os._exit, ExitCode.FAULT),
                web=page,
                room=told,
                hearing=hearing,
            )
        ends = {Outcome.PAIN: ExitCode.PAIN, Outcome.FAULT: ExitCode.FAULT}
        end = ends.get(view.outcome, ExitCode.DONE) if view.outcome else ExitCode.FAULT
        if view.fault:
            _say_last(partial(warn, view.fault), end)
        raise typer.Exit(end)


@app.command()
def web(  # noqa: PLR0917 - typer's options are passed by name
    breath: Breath = "",
    model: Model = None,
    code: LanguageCode = ENGLISH,
    microphone: Microphone = "",
    loudspeaker: Loudspeaker = "",
    voice: VoiceName = "",
    rate: Rate = USUAL_RATE,
    record: Record = False,
    earcons: Earcons = True,
    port: Port = 0,
    room: RoomName = "",
) -> None:
    """Open a page in the browser to choose, see and steer sessions; Ctrl-C ends it."""
    with plain_words():
        from voice_coach.app import LiveOptions
        from voice_coach.home_page import open_web

        config = page_config(breath, code, rate, record=record, earcons=earcons)
        language = config.language
        options = LiveOptions(model, microphone or None, loudspeaker or None, voice)
        with room_named(room) as told, served(open_web(language, port, home=True)) as page:
            if told:
                told.open(language.choices, page.choose)
            lead_from(page, config, options, room=told)


def page_config(breath: str, code: str, rate: int, *, record: bool, earcons: bool) -> SessionConfig:
    """Give the sessions of a page, on which the routine is chosen, what the options ask for."""
    from voice_coach.core.config import SessionConfig

    pattern = pattern_of(breath)
    language = language_of(code)
    return SessionConfig(
        language=language, pattern=pattern, rate=rate, audio_kept=record, earcons=earcons
    )


def lead_from(
    page: WebDisplay,
    config: SessionConfig,
    options: LiveOptions,
    after: Callable[[], None] = lambda: None,
    room: Room | None = None,
) -> None:
    """Lead every session that is chosen on an open page, until Ctrl-C; call `after` after each."""
    from voice_coach.app import run_live
    from voice_coach.home_page import run_web

    def announce(sentence: str) -> None:
        _announce(sentence)
        page.tell(sentence)

    def lead(wanted: SessionConfig) -> None:
        leave = partial(os._exit, ExitCode.FAULT)
        try:
            run_live(wanted, options, announce=announce, leave=leave, web=page, room=room)
        finally:
            after()

    run_web(config, page, lead, announce)


@contextmanager
def room_named(name: str) -> Iterator[Room | None]:
    """Make the room of this name, at the broker of the settings; None without a name.

    At its end, say what the broker was not told.
    """
    if not name:
        yield None
        return
    from voice_coach.rooms.room import Room
    from voice_coach.settings import in_force

    broker = in_force()["mqtt"].value
    room = Room(name, broker.client(name), str(broker), share=broker.share)
    try:
        with room:
            yield room
    finally:
        if room.trouble:
            _say_last(partial(_announce, room.trouble), ExitCode.FAULT)


def _say_last(say_it: Callable[[], None], end: ExitCode) -> None:
    """Say the last line; a frozen terminal takes nothing more, so leave with `end` then."""
    from voice_coach.background import if_longer

    with if_longer(LAST_LINE, os._exit, end):
        say_it()


def _page_of(language: Language, port: int) -> AbstractContextManager[WebDisplay]:
    from voice_coach.home_page import open_web

    return served(open_web(language, port, home=False))


@contextmanager
def served(page: Page) -> Iterator[Page]:
    """Serve the page, print its address, and open it if there is a desktop."""
    import webbrowser

    from voice_coach.display.web.display import has_desktop

    with page:
        say(f"The page is at {page.address}")
        if has_desktop():
            webbrowser.open(page.address)
        yield page


def _announce(sentence: str) -> None:
    warn(sentence, "yellow")
