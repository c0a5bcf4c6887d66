"""What a room tells a broker and what it takes: topics, payloads, and Home Assistant's discovery.

docs/rooms.md describes them. No payload holds sound or a sentence, neither of the coach nor of a
person.
"""

from __future__ import annotations

import hashlib
import math
import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from voice_coach import __version__
from voice_coach.core.assigned_plan import LONGEST_PLAN
from voice_coach.core.breathing import Phase
from voice_coach.core.plan import Minutes
from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Collection

    from voice_coach.core.view import View

ONLINE, OFFLINE, STOP, COMING = "online", "offline", "stop", "coming"
"""The payloads that are no JSON."""
LEGAL = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""The names of rooms: what Home Assistant allows in a discovery topic, so no wildcard of MQTT."""

Count = Annotated[int, Field(ge=1)]
Number = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]


class InvalidRoom(CoachError):
    """The name cannot be a room's; the message says which can."""


class _Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoomEvent(_Payload):
    """A session has come to its end."""

    event_type: Outcome
    id: Number
    """The same if a message comes twice, and never otherwise."""
    time: datetime
    """In UTC, by the clock of the room's computer."""
    routine: str | None = None
    step: Count | None = None


class RoomState(_Payload):
    """What happens in a room now. What is not known, or is not there, is null."""

    state: State | Literal["idle"] = "idle"
    """Where the session stands; idle where none runs."""
    routine: str | None = None
    """The identifier of the routine or plan."""
    step: Count | None = None
    steps: Count | None = None
    side: Literal["first", "second"] | None = None
    """Which side is done; null until a side is changed."""
    breath: Phase | None = None
    seconds_left: Annotated[int, Field(ge=0)] | None = None
    """Of a hold or of the breathing, rounded up."""
    listening: bool = False
    """Whether the coach holds back because it has noticed the person."""
    starts: bool = False
    """Whether a routine can be started from afar now."""
    last: RoomEvent | None = None
    """How the latest session ended, for those who were away; null from the start of the next on."""


class Assignment(_Payload):
    """A plan that the board has for whoever is in a room. It says nothing of who that is."""

    id: Number
    plan: Annotated[str, Field(max_length=LONGEST_PLAN)]
    """The text of the plan's file."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """Of that text in UTF-8."""
    minutes: Minutes
    made: datetime
    """In UTC, by the clock of the board's computer."""


class PlanResult(_Payload):
    """How a session with an assigned plan went; told only if the person has agreed."""

    id: Number
    """The same if a message comes twice, and never otherwise."""
    assignment: Number
    """The ``id`` of the assignment."""
    event_type: Outcome
    time: datetime
    """In UTC, by the clock of the room's computer."""
    felt: Feeling | None = None
    """Against before; null if nobody answered."""


def checksum(plan: str) -> str:
    """Give the checksum that goes with the text of a plan."""
    return hashlib.sha256(plan.encode()).hexdigest()


class Topics:
    """The topics of one room."""

    def __init__(self, room: str) -> None:
        """Take the name of the room; raises ``InvalidRoom``."""
        if not LEGAL.fullmatch(room):
            raise InvalidRoom(
                f"'{room:.60}' cannot be the name of a room: use 1 to 40 letters from a to z, "
                "digits, hyphens and underscores, such as --room living-room."
            )
        self.device = f"voice-coach-{room}"
        """The identifier of the room as a device of Home Assistant."""
        self.availability = f"voice-coach/{room}/availability"
        self.state = f"voice-coach/{room}/state"
        self.event = f"voice-coach/{room}/event"
        self.stop = f"voice-coach/{room}/stop"
        self.coming = f"voice-coach/{room}/coming"
        self.start = f"voice-coach/{room}/start"
        self.plan = f"voice-coach/{room}/plan"
        self.result = f"voice-coach/{room}/result"
        self.discovery = f"homeassistant/device/{self.device}/config"


def state_of(view: View | None, last: RoomEvent | None, *, startable: bool = False) -> RoomState:
    """Give the state that a view shows; None is a room without a session.

    A room that is `startable` takes a start while no session runs.
    """
    if view is None:
        return RoomState(starts=startable, last=last)
    sided = "second" if view.mirrored else "first"
    return RoomState(
        state=view.state,
        routine=view.routine_id or None,
        step=view.step or None,
        steps=view.steps or None,
        side=sided if view.side else None,
        breath=view.beat.phase if view.beat else None,
        seconds_left=None if view.seconds_left is None else max(0, math.ceil(view.seconds_left)),
        listening=view.listening,
        last=last,
    )


def event_of(view: View, outcome: Outcome, number: str, time: datetime) -> RoomEvent:
    """Give the event that a session has ended so."""
    return RoomEvent(
        event_type=outcome,
        id=number,
        time=time,
        routine=view.routine_id or None,
        step=view.step or None,
    )


def discovery(room: str, choices: Collection[str]) -> dict[str, Any]:
    """Give the payload that makes the room a device of Home Assistant.

    With `choices`, a routine can be started there. Its keys are those of Home Assistant's device
    discovery (home-assistant.io/integrations/mqtt, "Device discovery payload").
    """
    topics = Topics(room)
    components: dict[str, dict[str, Any]] = {
        "state": _sensor("State", "state", options=["idle", *(state.value for state in State)]),
        "routine": _sensor("Routine", "routine"),
        "step": _sensor("Step", "step"),
        "side": _sensor("Side", "side", options=["first", "second"]),
        "breath": _sensor("Breath", "breath", options=[phase.value for phase in Phase]),
        "seconds_left": _sensor("Time left", "seconds_left")
        | {"device_class": "duration", "unit_of_measurement": "s"},
        "listening": _binary_sensor("Listening", "value_json.listening"),
        "pain": _binary_sensor("Pain", "(value_json.last or {}).event_type == 'pain'")
        | {"device_class": "problem"},
    }
    for component in components.values():
        component["state_topic"] = topics.state
    components |= {
        "event": {
            "platform": "event",
            "name": "Event",
            "state_topic": topics.event,
            "event_types": [outcome.value for outcome in Outcome],
            "qos": 1,
        },
        "stop": {
            "platform": "button",
            "name": "Stop",
            "command_topic": topics.stop,
            "payload_press": STOP,
            "qos": 1,
        },
        "coming": {
            "platform": "button",
            "name": "Somebody is coming",
            "command_topic": topics.coming,
            "payload_press": COMING,
            "qos": 1,
        },
        # Without more, it is taken away again where it was before.
        "start": {"platform": "select"},
    }
    if choices:
        components["start"] |= {
            "name": "Start",
            "command_topic": topics.start,
            "state_topic": topics.state,
            "value_template": "{{ value_json.routine }}",
            "options": [*choices],
            "qos": 1,
        }
    for key, component in components.items():
        if len(component) > 1:
            component["unique_id"] = f"{topics.device}-{key}"
    return {
        "device": {
            "identifiers": [topics.device],
            "name": f"Coach {room}",
            "manufacturer": "voice-coach",
            "sw_version": __version__,
        },
        "origin": {"name": "voice-coach", "sw_version": __version__},
        "availability_topic": topics.availability,
        "components": components,
    }


def _sensor(name: str, key: str, options: list[str] | None = None) -> dict[str, Any]:
    sensor = {"platform": "sensor", "name": name, "value_template": f"{{{{ value_json.{key} }}}}"}
    return {**sensor, "device_class": "enum", "options": options} if options else {**sensor}


def _binary_sensor(name: str, condition: str) -> dict[str, Any]:
    template = f"{{{{ 'ON' if {condition} else 'OFF' }}}}"
    return {"platform": "binary_sensor", "name": name, "value_template": template}
