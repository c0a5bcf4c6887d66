"""The loop: coach, room, person and ear, 20 ms at a time, and what the ear says moves the coach.

The coach's sentences go through the real mixer, the simulated room and the ear. As in a session,
a duck or a hush moves the mixer, certain pain or stop cuts the coach and ends the routine, and a
suspicion puts the question, which silence answers as pain. After an end the coach begins again,
for the next happening. In a scene that is not obeyed the ear moves nothing, so that every ear is
given the same samples.

Before all that, as in a session's sound check, the person says that they are ready to a coach who
is silent: from it the ear knows how loud they are.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from benchmark.coach import Coach
from benchmark.echoes import Echo, Loudspeaker
from benchmark.person import LEVEL, Person
from benchmark.reports import Hit, Report
from benchmark.rooms import PARTS, Microphone, draw_room, paths
from benchmark.scenes import ANSWER, CHECK
from voice_coach.audio.hearing_thread import BLOCK
from voice_coach.audio.mixer import Mixer
from voice_coach.core import interruptions
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.events import ClipFinished, ClipStarted, Heard
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import SPEECH_LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmark.coach import Clips
    from benchmark.scenes import Scene
    from benchmark.voices import SoundStore
    from voice_coach.core.events import Event

    Samples = NDArray[np.float32]

CHECK_BEGINS, CHECK_LASTS = 0.5, 3.5
"""Seconds at which the person says that they are ready, and at which the routine begins."""
REST = 1.5
"""Seconds from an end until the coach begins again."""
ANSWER_AFTER = (0.5, 1.0)
"""Seconds from the question's end to the answer, at least and at most."""
LONGEST_QUESTION = 10.0
"""Seconds after which a question that is itself hushed counts as put."""
LONGEST = 60.0
"""Seconds that a happening may take, until what follows it can begin."""
SILENCE = 10 ** (-60 / 20)
"""Rms of full scale below which the coach is silent."""
DUCKED = 10 ** (-20 / 20) * SPEECH_LEVEL
"""Rms of a coach who is 20 dB softer."""
REFERENCE = 12
"""Sentences by which the echo's loudness is set."""


class Ear(Protocol):
    """What hears: the project's listener, or a peer."""

    def listen(self, commands: frozenset[Command]) -> None:
        """Report only these from now on."""

    def hear(self, microphone: Samples, far_end: Samples) -> list[Any]:
        """Take the next block of both; give ``Heard``, and things with a `kind` for the mixer."""


class Phase(Enum):
    """Where the simulated session stands."""

    CHECKING = "checking the sound"
    TALKING = "talking"
    ASKING = "asking"
    WAITING = "waiting for an answer"
    ENDED = "ended"


class _Question:
    """How long the pain confirmation waits for an answer. Times are audio times in seconds."""

    def __init__(self, over_at: float) -> None:
        self.over_at = over_at
        self._asked: float | None = None

    def asked(self, now: float) -> None:
        """Wait for the answer from now on."""
        self._asked = now
        self.over_at = now + interruptions.ANSWER

    def noticed(self, now: float) -> None:
        """Give a sound of the person the time to become an answer."""
        if self._asked is not None:
            longest = min(now + interruptions.ANSWER, self._asked + interruptions.LONGEST)
            self.over_at = max(self.over_at, longest)


class Loop:
    """One scene, played to one ear."""

    def __init__(self, scene: Scene, ear: Ear, clips: Clips, store: SoundStore) -> None:
        """Make the room and everybody in it; nothing sounds yet."""
        self._scene = scene
        self._ear = ear
        self._rng = np.random.default_rng(
            [PARTS.index(scene.part), scene.seed, *scene.row.encode("utf-8")]
        )
        room = draw_room(scene.part, int(self._rng.integers(1 << 16)))
        conditions = scene.conditions
        self._echo = Echo(
            paths(room)[0],
            conditions,
            loudspeaker=Loudspeaker(self._rng, strong=conditions.strong),
            delay=room.delay,
            rng=self._rng,
        )
        reference = np.concatenate([clips[text] for text in sorted(clips)[:REFERENCE]])
        self._echo.set_level(reference, LEVEL * 10 ** (conditions.echo / 20))
        self._microphone = Microphone(LEVEL * 10 ** (conditions.noise / 20), self._rng)
        self._mixer = Mixer()
        self._coach = Coach(self._mixer, clips, self._rng)
        self._person = Person(scene, paths(room), store, self._rng)
        self._phase = Phase.CHECKING
        self._since = 0.0
        """When the phase began."""
        self._question = 0
        """The id of the question's clip."""
        self._doubt = _Question(0.0)
        """How long that one waits for an answer."""
        self._held = ""
        """What the ear has asked of the mixer: "duck", "hush" or nothing."""
        self._loudness = 0.0
        """Rms of the last block that was played."""
        self._report = Report(scene.row, scene.seed, scene.coach, scene.obeyed, conditions.echo)

    def run(self) -> Report:
        """Play the scene to its end."""
        self._check_sound()
        until = max(self._scene.seconds, self._person.background_ends)
        while not self._person.done or self._now < until or self._phase is not Phase.TALKING:
            began = self._person.act(
                self._now,
                talking=self._phase is Phase.TALKING,
                held=bool(self._held),
                audible=self._loudness > DUCKED,
            )
            if began:
                self._report.outcomes.append(began)
            self._step()
            self._let_time_pass()
            if self._now > until + LONGEST * (1 + len(self._scene.happenings)):
                raise RuntimeError(f"{self._scene.row}: the ear holds the coach for ever")
        self._report.seconds = self._now
        return self._report

    def _check_sound(self) -> None:
        self._ear.listen(CHECK)
        if self._scene.ready:
            self._person.say(self._scene.ready, CHECK_BEGINS)
        while self._now < CHECK_LASTS:
            self._step()
        self._talk()

    @property
    def _now(self) -> float:
        return self._mixer.position / SAMPLE_RATE

    def _step(self) -> None:
        start = self._mixer.position
        far_end = self._mixer.render(BLOCK)
        self._loudness = float(np.sqrt(np.mean(far_end**2)))
        for event in self._mixer.take_events():
            self._follow_coach(event)
        self._watch()
        microphone = self._microphone.hear(self._echo.hear(far_end) + self._person.sounding(start))
        for event in self._ear.hear(microphone, far_end):
            self._react(event)
        if start % SAMPLE_RATE == 0 and (canceller := getattr(self._ear, "canceller", None)):
            self._report.erle.append(canceller.measures.erle)

    def _follow_coach(self, event: Event) -> None:
        self._coach.note(event)
        if isinstance(event, ClipStarted):
            self._person.hear_sentence_begin(self._now, self._coach.seconds)
        if isinstance(event, ClipFinished) and event.say_id == self._question:
            self._wait_for_answer()

    def _watch(self) -> None:
        """Note when the coach obeyed, by what the loudspeaker is given."""
        if not self._person.current:
            return
        outcome = self._person.current[1]
        # A pause between two sentences is no obedience, but a question breaks off what was said.
        quiet = self._phase is not Phase.TALKING or self._held == "hush"
        silent = quiet and (self._loudness < SILENCE or self._phase is Phase.ASKING)
        if outcome.silent is None and silent:
            outcome.silent = self._now
        if outcome.ducked is None and (silent or (self._held and self._loudness < DUCKED)):
            outcome.ducked = self._now

    # What the session makes of what the ear says.

    def _react(self, event: Any) -> None:
        if self._phase is Phase.CHECKING:
            return
        if not isinstance(event, Heard):
            self._move_mixer(event.kind)
            return
        tier = event.tier
        hit = Hit(self._now, event.command.value, tier, _score(event))
        self._report.hits.append(hit)
        if self._scene.obeyed and self._phase is not Phase.ENDED:
            self._obey(event.command, certain=tier == "confirmed")

    def _move_mixer(self, kind: str) -> None:
        if kind != "resume" and self._phase is Phase.WAITING:
            self._doubt.noticed(self._now)
        if kind == "hush" and self._held != "hush":
            self._report.hushes.append(self._now)
        if kind == "duck" and not self._held:
            self._report.ducks.append(self._now)
        if self._scene.obeyed:
            self._held = "" if kind == "resume" else kind
            mixer = self._mixer
            {"duck": mixer.duck, "hush": mixer.hush, "resume": mixer.resume}[kind]()

    def _obey(self, command: Command, *, certain: bool) -> None:
        asked = self._phase in (Phase.ASKING, Phase.WAITING)
        if command in URGENT:
            if certain:
                self._end("confirmed")
            elif not asked:
                self._ask()
        elif asked and command is Command.YES:
            self._end("answered")
        elif asked and command in ANSWER:
            self._talk()

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self._since = self._now
        self._held = ""

    def _wanted(self) -> bool:
        """Tell whether somebody has just asked for the end."""
        return bool(self._person.current and self._person.current[0].means in URGENT)

    def _ask(self) -> None:
        if self._person.current:
            self._person.current[1].asked = self._now
        if not self._wanted():
            self._report.false_questions.append(self._now)
        self._doubt = _Question(self._now + LONGEST_QUESTION)
        self._question = self._coach.ask()
        self._ear.listen(ANSWER)
        self._enter(Phase.ASKING)

    def _wait_for_answer(self) -> None:
        self._enter(Phase.WAITING)
        self._doubt.asked(self._now)
        current = self._person.current
        answer = current[0].answer if current and self._wanted() else self._scene.denial
        if answer:
            self._person.say(answer, self._now + self._rng.uniform(*ANSWER_AFTER))

    def _end(self, tier: str) -> None:
        if not self._wanted():
            self._report.false_ends.append(self._now)
        if self._person.current:
            outcome = self._person.current[1]
            outcome.ended, outcome.tier = self._now, tier
        self._coach.fall_silent()
        self._enter(Phase.ENDED)

    def _talk(self) -> None:
        """Take the routine up, or begin one."""
        self._coach.fall_silent()
        self._ear.listen(self._scene.commands)
        self._enter(Phase.TALKING)
        if self._scene.coach:
            self._coach.talk()

    def _let_time_pass(self) -> None:
        waited = self._now - self._since
        if self._phase is Phase.ASKING and waited > LONGEST_QUESTION:
            self._wait_for_answer()
        elif self._phase is Phase.WAITING and self._now > self._doubt.over_at:
            self._end("unanswered")
        elif self._phase is Phase.ENDED and waited > REST:
            self._talk()


def _score(heard: Heard) -> float:
    """Give one number for how sure the ear is; higher is surer."""
    return 1.0 + (heard.tier == "confirmed") if heard.llr is None else heard.llr
