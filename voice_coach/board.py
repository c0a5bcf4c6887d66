"""The board of all rooms at a broker: what it knows, put into words, on a page in the browser."""

from __future__ import annotations

from dataclasses import replace
from time import sleep
from typing import TYPE_CHECKING

from voice_coach.core.transitions import State
from voice_coach.display.summary import clock
from voice_coach.display.web.board_page import (
    Alarm,
    BoardPage,
    BoardScreen,
    RoomTile,
    read_board_words,
)
from voice_coach.rooms.board import is_known, is_of_today, may_announce, may_start
from voice_coach.rooms.desk import Desk, this_instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Literal

    from voice_coach.core.language import Language
    from voice_coach.display.web.board_page import BoardWords
    from voice_coach.rooms.board import Board, Instant, Noted
    from voice_coach.rooms.messages import RoomState

LOOK = 0.25
"""Seconds after which the page is brought up to date; a person sees no delay."""
SAME = 60.0
"""Seconds by which a room's clock may differ before its own time is told besides."""
ASKING = frozenset(
    {
        State.SOUND_CHECK,
        State.STOP_TEST,
        State.PAUSED,
        State.PAIN_CONFIRMATION,
        State.FAULTED,
        State.HURT,
    }
)
"""States in which somebody has to do something, or to look."""


class BoardService:
    """Shows what a desk knows on a page."""

    def __init__(self, desk: Desk, language: Language, port: int) -> None:
        """Take a desk and a port, 0 for any free one; raises ``NoPage`` or ``InvalidLanguage``."""
        self._desk = desk
        self._choices = language.choices
        self._wording = Wording(read_board_words(language.code), language.choices)
        self.page = BoardPage(
            language.code, self._wording.words, language.choices, port, self._take
        )

    def run(self) -> None:
        """Keep an open page up to date, until the program is stopped."""
        today = None
        while True:
            now = this_instant()
            if now.time.date() != today:
                today = now.time.date()
                self._desk.forget()
            self.page.show(self._screen(now))
            sleep(LOOK)

    def _screen(self, now: Instant) -> BoardScreen:
        screen = self._wording.screen(self._desk.board, self._desk.problem, now)
        unkept = self._desk.unkept
        return replace(screen, notes=(unkept, *screen.notes)) if unkept else screen

    def _take(self, request: object) -> bool:
        """Do what the page asks for, in the server's thread; tell whether it meant anything."""
        match request:
            case {"acknowledge": str(number), "room": str(room)}:
                return self._desk.acknowledge(room, number)
            case {"start": str(choice), "room": str(room)} if choice in self._choices:
                return self._desk.start(room, choice)
            case {"say": "coming", "room": str(room)}:
                return self._desk.announce(room)
        return False


class Wording:
    """Puts a board into the words of a language."""

    def __init__(self, words: BoardWords, titles: Mapping[str, str]) -> None:
        """Take the words, and the titles of routines and plans by their identifiers."""
        self.words = words
        self._titles = titles

    def screen(self, board: Board, problem: str, now: Instant) -> BoardScreen:
        """Give what the page shows of a board; rooms with pain come first.

        `problem` is why there is no connection.
        """
        urgent = [name for name in sorted(board.rooms) if board.rooms[name].urgent]
        others = [name for name in sorted(board.rooms) if not board.rooms[name].urgent]
        ignored = self.words.ignored.format(n=board.ignored)
        return BoardScreen(
            tuple(self._tile(board, name, now) for name in (*urgent, *others)),
            banner="" if board.connected else self._banner(board, problem, now),
            alert=self.words.alert.format(things=", ".join(urgent)) if urgent else "",
            notes=(ignored,) if board.ignored else (),
        )

    def _banner(self, board: Board, problem: str, now: Instant) -> str:
        if board.since is None:
            return self.words.no_broker.format(things=problem)
        since = _time(board.since.time, now)
        return self.words.no_broker_since.format(time=since, things=problem)

    def _tile(self, board: Board, name: str, now: Instant) -> RoomTile:
        room, words = board.rooms[name], self.words
        state = room.state if is_known(board, name, now) else None
        if state:
            headline, detail = words.states[state.state], self._detail(state)
        else:
            since = room.heard and words.unknown_since.format(time=_time(room.heard.time, now))
            headline, detail = since or words.unknown, ""
        starts = may_start(board, name, now)
        return RoomTile(
            name,
            "pain" if room.urgent else _look(state),
            headline,
            detail,
            tuple(self._alarm(noted, now) for noted in room.events if noted.urgent),
            tuple(
                self._ended(noted, now)
                for noted in reversed(room.events)
                if is_of_today(noted, now)
            ),
            starts,
            words.start_what.format(things=name) if starts else "",
            announces=may_announce(board, name, now),
        )

    def _detail(self, state: RoomState) -> str:
        left = state.seconds_left
        parts = (
            self._title(state.routine),
            state.step and self.words.step.format(n=state.step, of=state.steps or state.step),
            state.side and self.words.sides[state.side],
            state.breath and self.words.breaths[state.breath],
            None if left is None else clock(left),
        )
        return " · ".join(part for part in parts if part)

    def _alarm(self, noted: Noted, now: Instant) -> Alarm:
        text = self.words.pain_at.format(time=self._when(noted, now))
        return Alarm(noted.event.id, " · ".join((text, *self._where(noted))))

    def _ended(self, noted: Noted, now: Instant) -> str:
        outcome = self.words.outcomes[noted.event.event_type]
        return " · ".join((self._when(noted, now), *self._where(noted), outcome))

    def _where(self, noted: Noted) -> tuple[str, ...]:
        title = self._title(noted.event.routine)
        return (title,) if title else ()

    def _when(self, noted: Noted, now: Instant) -> str:
        """Say when an event came, and what the room's clock says if that is another time."""
        came, told = _time(noted.arrived, now), noted.event.time
        if abs((told - noted.arrived).total_seconds()) <= SAME:
            return came
        return f"{came} ({self.words.by_its_clock.format(time=_time(told, now))})"

    def _title(self, routine: str | None) -> str:
        return self._titles.get(routine, routine) if routine else ""


def _look(state: RoomState | None) -> Literal["idle", "busy", "asking", "unknown"]:
    if state is None:
        return "unknown"
    if state.state == "idle":
        return "idle"
    return "asking" if state.state in ASKING else "busy"


def _time(at: datetime, now: Instant) -> str:
    """Write a time in the zone of the board, with its day if that is another."""
    local = at.astimezone(now.time.tzinfo)
    same_day = local.date() == now.time.date()
    return f"{local:%H:%M}" if same_day else f"{local:%Y-%m-%d %H:%M}"
