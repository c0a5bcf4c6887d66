"""The simulated person: when they do what the scene says, and how often they say it again.

They know of the session what a person sees and hears, and steer it by voice and, where the scene is
about something else, by key. A cry that changes nothing is repeated twice.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from benchmark.observer import RAISED, Observer
from benchmark.reports import END_WORDS, LOST, EventOutcome
from benchmark.scene import ASKED, CLOSED, STEP_STATES
from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.transitions import State

if TYPE_CHECKING:
    import numpy as np

    from benchmark.scene import Scene, SceneEvent
    from benchmark.simulated_room import SimulatedRoom
    from benchmark.voices import Sound
    from voice_coach.audio.studio import Studio
    from voice_coach.core.view import View

REPEATS = 2
"""How often the person says again what was not obeyed."""
REPEAT_AFTER = (1.0, 1.5)
"""Seconds from the end of what was said, at least and at most."""
AFTERMATH = 2.0
"""Seconds after its end for which anything but a cry counts as going on."""
RELIEF = 1.0
"""Seconds for which a cry counts as going on after it was obeyed."""
ANSWER_AFTER = (0.5, 1.0)
"""Seconds from the question's end to the answer, at least and at most."""
INTO = (0.2, 2.5)
"""Seconds into a sentence at which a cry begins, at least and at most."""
START = (0.3, 2.5)
"""Seconds into a session at which a cry counts as one in its first words."""
QUIET_FOR = 1.0
"""Seconds of silence that are a pause of the coach, not one between two sentences."""
READY_AFTER = 4.0
"""Seconds into the first session at which the person says that they are ready."""
AGAIN_AFTER = 4.0
"""Seconds after which they say so again."""
READY_TRIES = 3
"""How often they say so before they press the key."""
KEY_AFTER = 1.0
"""Seconds after which a person who only has to go on presses the key."""


LONGEST = 60.0
"""Seconds that an event may take until the next one can begin; then the scene is given up."""


class SessionDone(Exception):
    """Nothing more is to come of this session."""


class Person:
    """One person through all sessions of a scene; a runner's display."""

    def __init__(
        self,
        scene: Scene,
        room: SimulatedRoom,
        observer: Observer,
        rng: np.random.Generator,
        *,
        by_key: bool = False,
    ) -> None:
        """With `by_key` the person is heard by nobody, so the sound check goes by key."""
        self._scene = scene
        self._room = room
        self._observer = observer
        self._rng = rng
        self._by_key = by_key
        self._todo = deque(scene.events)
        self._event: SceneEvent | None = None
        """What goes on."""
        self._earliest = 0.0
        """Second of the scene from which on the next event may begin."""
        self._offset = 0.0
        self._ready_tries = 0
        self.begun: list[EventOutcome] = []
        """Everything that was begun."""

    def enter(self, studio: Studio, offset: float) -> None:
        """Take part in another session, which begins so many seconds after the scene."""
        self._studio = studio
        if offset:
            self._ready_tries = READY_TRIES  # the listener knows their voice by now
        self._offset = offset
        self._next_try = READY_AFTER if not offset and not self._by_key else KEY_AFTER
        self._pressed = 0.0
        self._answered = False
        self._into: float | None = None
        self._start_at = self._rng.uniform(*START)
        self._again_at = 0.0

    def leave(self) -> None:
        """Forget what was going on in a session that is over."""
        self._event, self._observer.current = None, None

    @property
    def left(self) -> int:
        """How many events have not begun."""
        return len(self._todo)

    def is_done(self, now: float) -> bool:
        """Whether nothing more happens, at this second of the scene."""
        return self._gives_up(now) or (not (self._todo or self._event) and now >= self._until)

    def _gives_up(self, now: float) -> bool:
        return now >= self._until + LONGEST * (1 + len(self._scene.events))

    @property
    def _until(self) -> float:
        """Until which second of the scene it lasts at least: beside events, talk is no reason."""
        return max(self._scene.seconds, 0.0 if self._scene.events else self._room.talk_ends)

    def show(self, view: View) -> None:
        """Look at the session, and do what it is time for; raises ``SessionDone``."""
        self._observer.look(view)
        if self._event:
            self._go_on(self._event, view)
        elif self._todo and self._may_begin(self._todo[0], view):
            self._begin(view)
        if view.state is ASKED:
            self._answer(view.now)
        else:
            self._answered = False
            self._steer(view)
        if self._is_over(view):
            raise SessionDone

    def _is_over(self, view: View) -> bool:
        ended = self._observer.ended_at
        if ended is not None and view.now > ended + RELIEF:
            return True
        closed = view.state in CLOSED
        now = self._offset + view.now
        asked = view.state is ASKED and not self._gives_up(now)
        return closed or (self.is_done(now) and not asked)

    # What the scene wants

    def _may_begin(self, event: SceneEvent, view: View) -> bool:
        observer = self._observer
        if event.when == "start":
            return view.now >= self._start_at and observer.sentence is not None
        if event.when == "check":
            asked = view.state is State.SOUND_CHECK and "ready" in observer.last
            return asked and self._quiet(view.now) >= KEY_AFTER
        free = view.state in STEP_STATES and not observer.held
        if not free or self._offset + view.now < self._earliest:
            self._into = None
            return False
        if event.when == "pause":
            return self._quiet(view.now) >= QUIET_FOR
        if event.when == "over":
            return self._is_within_sentence(view.now)
        return True

    def _is_within_sentence(self, now: float) -> bool:
        if self._observer.sentence is None:
            self._into = None
            return False
        if self._into is None:
            self._into = self._rng.uniform(*INTO)
        return now >= self._observer.sentence[1] + self._into

    def _quiet(self, now: float) -> float:
        return 0.0 if self._observer.sentence else now - self._observer.quiet_since

    def _begin(self, view: View) -> None:
        event = self._event = self._todo.popleft()
        if event.when == "question":
            self._studio.post(Heard(Command.PAIN, RAISED, tier="possible"))
        else:
            self._start(event, view.now)

    def _start(self, event: SceneEvent, now: float) -> None:
        end = self._do(event, now)
        means = event.means.value if event.means else ""
        outcome = EventOutcome(
            event.label, means, event.when, event.voice, event.groups, self._offset + now, end
        )
        self._observer.begin(outcome)
        self.begun.append(outcome)
        self._again_at = end + self._rng.uniform(*REPEAT_AFTER)

    def _do(self, event: SceneEvent, now: float) -> float:
        """Make the sound; give the second of the scene at which it is over."""
        arrived = self._room.arrive(event.sound, event.level, dry=event.dry)
        self._studio.speak(arrived, now)
        return self._offset + now + self._room.seconds(event.sound)

    def _go_on(self, event: SceneEvent, view: View) -> None:
        outcome, now = self._observer.current, self._offset + view.now
        if outcome is None:  # the question is being put
            over = self._observer.ended_at is not None
        elif outcome.means in END_WORDS:
            over = outcome.ended is None and now > outcome.start + LOST
            over = over and view.state is not ASKED
            self._repeat(event, outcome, view)
        else:
            over = now > outcome.end + AFTERMATH
        if over:
            self._event, self._observer.current = None, None
            self._earliest = now + self._next_gap

    def _repeat(self, event: SceneEvent, outcome: EventOutcome, view: View) -> None:
        """Say again what changed nothing."""
        now = self._offset + view.now
        waits = view.state in (*STEP_STATES, State.SOUND_CHECK) and outcome.ended is None
        if waits and len(outcome.repeats) < REPEATS and now >= self._again_at:
            outcome.repeats.append(now)
            self._again_at = self._do(event, view.now) + self._rng.uniform(*REPEAT_AFTER)

    # What the session asks of a person

    def _answer(self, now: float) -> None:
        if self._answered or self._observer.question_over is None:
            return
        self._answered = True
        event = self._event
        at = now + self._rng.uniform(*ANSWER_AFTER)
        if event and event.when == "question" and self._observer.current is None:
            self._start(event, at)
            return
        answer = event.answer if event and self._observer.wanted else self._scene.denial
        if answer:
            self._say(answer, at)

    def _steer(self, view: View) -> None:
        """Lead the session on."""
        match view.state:
            case State.SOUND_CHECK:
                self._earliest = self._offset + view.now + self._next_gap
                self._get_ready(view.now)
            case State.WAITING if self._event is None and not self._wants_pause():
                if self._quiet(view.now) >= KEY_AFTER:
                    self._press(Command.NEXT, view.now)
            case State.PAUSED if self._event is None:
                self._press(Command.CONTINUE, view.now)
            case _:
                pass

    def _wants_pause(self) -> bool:
        return bool(self._todo and self._todo[0].when == "pause")

    @property
    def _next_gap(self) -> float:
        return self._todo[0].gap if self._todo else 0.0

    def _get_ready(self, now: float) -> None:
        event = self._event or (self._todo[0] if self._todo else None)
        if now < self._next_try or (event and event.when in ("start", "check")):
            return
        if self._scene.ready and self._ready_tries < READY_TRIES and not self._by_key:
            self._ready_tries += 1
            self._say(self._scene.ready, now)
            self._next_try = now + AGAIN_AFTER
        else:
            self._press(Command.READY, now)

    def _press(self, command: Command, now: float) -> None:
        """Press a key, and not the next one at once."""
        if now >= self._pressed + KEY_AFTER:
            self._pressed = now
            self._studio.post(Heard(command, source="key"))

    def _say(self, sound: Sound, now: float) -> None:
        self._studio.speak(self._room.arrive(sound), now)
        over = self._offset + now + self._room.seconds(sound)
        self._observer.spoken_to_until = over + AFTERMATH
