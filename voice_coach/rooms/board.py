"""What a board knows of all rooms at a broker, as one value; time and messages come in.

Three rules keep it from misleading anybody:

- A room is known only while its broker is connected and the room itself was heard within the last
  ``SILENCE`` seconds. What the broker had kept is shown, but it is no sign of life.
- Pain stays until it is acknowledged, whatever is told afterwards. Nothing that comes over MQTT
  acknowledges it, and of two events with one id the pain counts.
- What is not exactly a message of a room changes nothing. It is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.rooms.messages import LEGAL, OFFLINE, ONLINE, RoomEvent, RoomState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

SILENCE = 12.0
"""Seconds without a word after which a room is not known: it says "online" every five."""
LONGEST_PAYLOAD = 1024
"""Bytes of a message; those of a room are shorter than six hundred."""
ROUTINE = re.compile(r"[a-z][a-z0-9-]{1,43}")
"""The identifiers of routines and plans: ``core.routine`` allows 41 characters, and a plan has its
minutes besides. Free text would be shown to the front desk."""
MOST_ROOMS = 500
"""Rooms that are shown; a practice has some dozens."""
MOST_EVENTS = 100
"""Events that are kept of a room; a day has some twenty."""


class Instant(NamedTuple):
    """A moment, by two clocks."""

    clock: float
    """Seconds of a clock that nobody sets, to tell how long something is ago."""
    time: datetime
    """By the clock of the board's computer, with its zone: to be shown."""


class Message(NamedTuple):
    """What came from the broker."""

    topic: str
    payload: bytes
    retained: bool = False
    """Whether the broker had kept it, so that nobody knows how old it is."""


@dataclass(frozen=True)
class Noted:
    """An event as the board keeps it."""

    event: RoomEvent
    arrived: datetime
    """When it came; of one that the broker had kept, when it was by the room's clock."""
    acknowledged: datetime | None = None

    @property
    def urgent(self) -> bool:
        """Whether it is pain that nobody has acknowledged."""
        return self.event.event_type is Outcome.PAIN and self.acknowledged is None


@dataclass(frozen=True)
class RoomAtBoard:
    """What was told of one room."""

    state: RoomState | None = None
    """The newest; None if none was told."""
    online: bool = False
    heard: Instant | None = None
    """When the room itself was heard last; None if it was not since the board began."""
    events: tuple[Noted, ...] = ()
    """In the order in which they arrived."""

    @property
    def urgent(self) -> bool:
        """Whether it has pain that nobody has acknowledged."""
        return any(noted.urgent for noted in self.events)


@dataclass(frozen=True)
class Board:
    """All that a board knows."""

    rooms: Mapping[str, RoomAtBoard] = field(default_factory=dict)
    connected: bool = False
    """Whether it is connected with the broker."""
    since: Instant | None = None
    """When the connection began or ended; None before the first."""
    ignored: int = 0
    """Messages that were none of a room's."""


def connect(board: Board, now: Instant) -> Board:
    """Begin a connection: no room is known until it is heard again."""
    return replace(board, connected=True, since=now)


def disconnect(board: Board, now: Instant) -> Board:
    """End the connection: no room is known."""
    return replace(board, connected=False, since=now)


def hear(board: Board, message: Message, now: Instant) -> Board:
    """Take a message; one that is none of a room's is counted, and nothing else."""
    name, _, what = message.topic.removeprefix("voice-coach/").partition("/")
    before = board.rooms.get(name)
    full = before is None and len(board.rooms) >= MOST_ROOMS
    after = None
    if LEGAL.fullmatch(name) and not full and len(message.payload) <= LONGEST_PAYLOAD:
        after = _heard(before or RoomAtBoard(), what, message, now)
    if after is None:
        return replace(board, ignored=board.ignored + 1)
    return _with_room(board, name, after)


def acknowledge(board: Board, name: str, number: str, now: Instant) -> Board:
    """Acknowledge the pain in this room whose event has this id, if there is such."""
    if (room := board.rooms.get(name)) is None:
        return board
    events = tuple(
        replace(noted, acknowledged=now.time)
        if noted.event.id == number and noted.urgent
        else noted
        for noted in room.events
    )
    return board if events == room.events else _with_room(board, name, replace(room, events=events))


def recall(board: Board, kept: Iterable[tuple[str, Noted]]) -> Board:
    """Add the events that were kept from before the board began, in the order of their arrival."""
    for name, noted in kept:
        room = board.rooms.get(name, RoomAtBoard())
        board = _with_room(board, name, _with_event(room, noted))
    return board


def forget(board: Board, now: Instant) -> Board:
    """Forget the events of past days, but for pain nobody has acknowledged, and for each newest.

    A room tells its newest event again until its next session, which would make it news.
    """
    rooms = {}
    for name, room in board.rooms.items():
        last = room.events[-1:]
        events = (
            *(n for n in room.events[:-1] if n.urgent or is_of_today(n, now)),
            *last,
        )
        rooms[name] = replace(room, events=events)
    return replace(board, rooms=rooms)


def is_known(board: Board, name: str, now: Instant) -> bool:
    """Tell whether what is shown of this room is true now."""
    room = board.rooms[name]
    return (
        board.connected
        and board.since is not None
        and room.state is not None
        and room.online
        and room.heard is not None
        and room.heard.clock >= board.since.clock
        and now.clock - room.heard.clock <= SILENCE
    )


def may_start(board: Board, name: str, now: Instant) -> bool:
    """Tell whether a routine can be started in this room: it is known, idle, and takes a start."""
    if name not in board.rooms or not is_known(board, name, now):
        return False
    state = board.rooms[name].state
    return state is not None and state.state == "idle" and state.starts


def may_announce(board: Board, name: str, now: Instant) -> bool:
    """Tell whether the coach can say there that somebody is coming: known, and in a session."""
    if name not in board.rooms or not is_known(board, name, now):
        return False
    state = board.rooms[name].state
    return state is not None and state.state not in ("idle", State.ENDED)


def is_of_today(noted: Noted, now: Instant) -> bool:
    """Tell whether an event arrived on this day."""
    return noted.arrived.astimezone(now.time.tzinfo).date() == now.time.date()


def _heard(room: RoomAtBoard, what: str, message: Message, now: Instant) -> RoomAtBoard | None:
    """Give what is known of a room after a message; None if it is none of a room's."""
    alive = room if message.retained else replace(room, heard=now)
    match what:
        case "availability" if message.payload == ONLINE.encode():
            return replace(alive, online=True)
        case "availability" if message.payload == OFFLINE.encode():
            return replace(room, online=False)
        case "state" if state := _read_state(message.payload):
            alive = replace(alive, state=state)
            return _with_event(alive, _noted(state.last, message, now)) if state.last else alive
        case "event" if not message.retained and (event := _read_event(message.payload)):
            # No sign of life: the broker may have had it for long.
            return _with_event(room, _noted(event, message, now))
    return None


def _noted(event: RoomEvent, message: Message, now: Instant) -> Noted:
    return Noted(event, min(event.time, now.time) if message.retained else now.time)


def _read_state(payload: bytes) -> RoomState | None:
    try:
        state = RoomState.model_validate_json(payload, strict=True)
    except ValidationError:
        return None
    well = _is_identifier(state.routine) and (state.last is None or _is_well(state.last))
    return state if well else None


def _read_event(payload: bytes) -> RoomEvent | None:
    try:
        event = RoomEvent.model_validate_json(payload, strict=True)
    except ValidationError:
        return None
    return event if _is_well(event) else None


def _is_well(event: RoomEvent) -> bool:
    """Tell whether an event has a zone, a time that can be told in any, and a routine if any."""
    at = event.time
    shown = at.tzinfo is not None and MINYEAR < at.year < MAXYEAR
    return shown and _is_identifier(event.routine)


def _is_identifier(routine: str | None) -> bool:
    return routine is None or ROUTINE.fullmatch(routine) is not None


def _with_room(board: Board, name: str, room: RoomAtBoard) -> Board:
    return replace(board, rooms={**board.rooms, name: room})


def _with_event(room: RoomAtBoard, noted: Noted) -> RoomAtBoard:
    """Add an event once. Of too many, pain that nobody has acknowledged is the last to go."""
    same = next((each for each in room.events if each.event.id == noted.event.id), None)
    events = [*room.events]
    if same is None:
        if len(events) >= MOST_EVENTS:
            events.remove(next((each for each in events if not each.urgent), events[0]))
        events.append(noted)
    elif noted.urgent and same.event.event_type is not Outcome.PAIN:
        events[events.index(same)] = noted
    else:
        return room
    return replace(room, events=tuple(events))
