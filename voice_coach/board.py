"""The board of all rooms at a broker: what it knows, put into words, on a page in the browser."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from time import sleep
from typing import TYPE_CHECKING

from voice_coach.catalogue import LONGEST_NAME
from voice_coach.core.adapt import without_gentle
from voice_coach.core.assigned_plan import read_assigned_plan
from voice_coach.core.plan import MINUTES, InvalidPlan, assigned_choice, parse_plan
from voice_coach.core.plan import title as plan_title
from voice_coach.core.transitions import State
from voice_coach.display.summary import clock
from voice_coach.display.web.board_page import (
    Alarm,
    BoardPage,
    BoardScreen,
    PersonRow,
    RoomTile,
    read_board_words,
)
from voice_coach.errors import CoachError
from voice_coach.rooms.board import is_known, is_of_today, may_announce, may_start
from voice_coach.rooms.desk import Desk, this_instant

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from voice_coach.core.language import Language
    from voice_coach.core.plan import Plan
    from voice_coach.display.web.board_page import BoardWords
    from voice_coach.rooms.board import Board, Instant, Noted
    from voice_coach.rooms.messages import PlanResult, RoomState
    from voice_coach.rooms.people import Assigned, Person

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
        self._language = language
        self._choices = language.choices
        self._refused = ""
        """Why what was last asked for about people was not done."""
        self._wording = Wording(read_board_words(language.code), language)
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
        return replace(
            screen,
            notes=(unkept, *screen.notes) if unkept else screen.notes,
            people=tuple(self._wording.person(each, now) for each in self._desk.people),
            refused=self._refused,
        )

    def _take(self, request: object) -> bool:
        """Do what the page asks for, in the server's thread; tell whether it meant anything."""
        match request:
            case {"acknowledge": str(number), "room": str(room)}:
                return self._desk.acknowledge(room, number)
            case {"start": str(choice), "room": str(room)} if choice in self._choices:
                return self._desk.start(room, choice)
            case {"say": "coming", "room": str(room)}:
                return self._desk.announce(room)
        return self._take_for_people(request)

    def _take_for_people(self, request: object) -> bool:
        """Do what is asked for about people; if that cannot be done, let the page say why."""
        self._refused = ""
        try:
            match request:
                case {"assign": str(plan), "to": str(name), "room": str(room), "minutes": minutes}:
                    return self._assign(plan, name, room, minutes)
                case {"withdraw": str(number)}:
                    return self._desk.withdraw(number)
                case {"forget": str(name)}:
                    return self._desk.forget_person(name)
        except CoachError as trouble:
            why = str(trouble).splitlines()[0].rstrip(".")
            words = self._wording.words
            assigning = isinstance(request, dict) and "assign" in request
            failed = words.refused if assigning else words.not_done
            self._refused = failed.format(things=f"{why}.")
        return False

    def _assign(self, plan: str, name: str, room: str, minutes: object) -> bool:
        """Assign a plan that passes all that a room asks of it."""
        name = " ".join(name.split())
        length = next((each for each in MINUTES if each == minutes), None)
        named = 0 < len(name) <= LONGEST_NAME and name.isprintable()
        readable = not re.search("[\ud800-\udfff]", plan)  # halves of pairs are no text
        if not (named and readable) or room not in self._desk.board.rooms or length is None:
            return False
        read_assigned_plan(self._language, plan, length)
        self._desk.assign(name, room, plan, length)
        return True


class Wording:
    """Puts a board into the words of a language."""

    def __init__(self, words: BoardWords, language: Language) -> None:
        """Take the words for the board, and the language with its routines and plans."""
        self.words = words
        self._language = language
        self._titles = language.titles

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

    def person(self, person: Person, now: Instant) -> PersonRow:
        """Give what the page shows of a person."""
        current = next((each for each in person.assigned if not each.withdrawn), None)
        results = [each for assigned in person.assigned for each in assigned.results]
        results.sort(key=lambda each: each.time, reverse=True)
        return PersonRow(
            person.name,
            self._plan(current, now) if current else self.words.no_plan,
            current.told.id if current else "",
            tuple(self._went(each, now) for each in results),
            self.words.results.format(things=person.name),
            self.words.forget_sure.format(things=person.name),
        )

    def _plan(self, assigned: Assigned, now: Instant) -> str:
        told = assigned.told
        plan = _readable(told.plan)
        title = (
            plan_title(plan, told.minutes, self._language)
            if plan
            else self._titles[assigned_choice(told.minutes)]
        )
        since = _time(told.made, now)
        return self.words.holds.format(things=title, of=assigned.room, time=since)

    def _went(self, result: PlanResult, now: Instant) -> str:
        felt = (self.words.felt[result.felt],) if result.felt else ()
        return " · ".join((_time(result.time, now), self.words.outcomes[result.event_type], *felt))

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
        return self._titles.get(without_gentle(routine), routine) if routine else ""


@lru_cache
def _readable(text: str) -> Plan | None:
    """Read a plan that is kept; None if it is one of another version, or damaged."""
    with suppress(InvalidPlan):
        return parse_plan(text, "plan")
    return None


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
