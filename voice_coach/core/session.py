"""The session: what happened and the audio time go in, what to do comes out. Nothing else decides.

Where the session stands and how it moves is its ``Course``; ``Opening`` leads up to its first step,
``Interruptions`` leave it and come back to it, ``Asides`` answer what is asked in between. Here it
is decided what an event means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.actions import Listen
from voice_coach.core.another import Another
from voice_coach.core.asides import ASIDES, Asides
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.counsel import QUESTIONS, Counsel
from voice_coach.core.course import Course
from voice_coach.core.events import (
    ClipDropped,
    ClipFinished,
    ClipStarted,
    Fault,
    Heard,
    Noticed,
    TimeReached,
)
from voice_coach.core.guard import Verdict
from voice_coach.core.interruptions import Interruptions
from voice_coach.core.opening import STATES as OPENING
from voice_coach.core.opening import Opening
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.patience import Patience
from voice_coach.core.proof import Proof
from voice_coach.core.rating import Rating
from voice_coach.core.safety import whole_note
from voice_coach.core.script import earcon_lesson
from voice_coach.core.showing import Showing
from voice_coach.core.timed import GRACE
from voice_coach.core.transitions import BEFORE, State, accepted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.actions import Action
    from voice_coach.core.breathing import Pattern
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine
    from voice_coach.core.view import Outcome, View


ALL_IS_ALLOWED = Verdict()


class Session:
    """One session, from the first word to the last. Times are audio times in seconds."""

    def __init__(
        self,
        language: Language,
        routine: Routine | None = None,
        *,
        weak_hearing: bool = False,
        taped: bool = False,
        deaf: bool = False,
        verdict: Verdict = ALL_IS_ALLOWED,
        known: Iterable[str] = (),
        pattern: Pattern | None = None,
        rate: int = DEFAULT_RATE,
        recorded: bool = False,
        proven: bool = False,
        earcons: bool = True,
    ) -> None:
        """Take what was done before, `known` by identifiers, and the person's own breath.

        It begins at `rate` words a minute. Who is `deaf` understands no word and is steered by
        keys. With `taped`, the sound is kept, and everybody is told so. With `recorded`, all is
        said into a file: nobody is asked, and nobody answers. With `proven` the stop needs no
        proof any more. The `earcons` are taught to whoever has done nothing before.
        """
        self._language = language
        self._lines = language.coach
        self._taped = taped
        self._hearing = (
            self._lines.deaf if deaf else self._lines.weak_hearing if weak_hearing else ()
        )
        self._actions: list[Action] = []
        allowed = routine if routine and verdict.allows(routine) else None
        self._course = Course(
            language,
            allowed,
            self._act,
            pattern=pattern,
            rate=rate,
            recorded=recorded,
            earcons=earcons,
        )
        known = frozenset(known)
        lesson = earcon_lesson(self._lines, deaf=deaf) if earcons and not known else ()
        self._opening = Opening(language, self._course, known, lesson)
        self._narration = self._course.narration
        self._interruptions = Interruptions(language, self._course)
        self._asides = Asides(language, self._course, self._act)
        self._proof = Proof(language, self._course, self._opening, proven=proven)
        self._counsel = Counsel(
            language, self._course, self._opening, verdict, self._proof, act=self._act
        )
        self._rating = Rating(language, self._course)
        self._another = Another(language, self._course, self._opening, self._counsel, self._rating)
        self._patience = Patience(language, self._course)
        self._showing = Showing(language, self._course, self._opening, self._rating, taped=taped)
        self._wanted = routine
        self._listening: frozenset[Command] = frozenset()

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._course.state

    @property
    def outcome(self) -> Outcome | None:
        """How it ends, as soon as that is certain."""
        return self._course.outcome

    @property
    def over(self) -> bool:
        """Whether the last word is spoken."""
        return self.state is State.ENDED

    @property
    def counting(self) -> bool:
        """Whether it counts, for the person to silence it."""
        return self._proof.counting

    def start(self, now: float) -> list[Action]:
        """Begin: ask which routine, or check the sound for the one that was given."""
        self._actions = []
        taped = (self._lines.taped,) if self._taped else ()
        said = (*self._lines.welcome, *taped, *self._hearing)
        self._counsel.begin(self._wanted, said, now)
        self._listen()
        return self._actions

    def handle(self, event: Event, now: float) -> list[Action]:
        """Take what happened at the audio time `now`; give what is to be done, in order."""
        self._actions = []
        match event:
            case Heard():
                self._hear(event, now)
            case Noticed():
                self._notice(event, now)
            case ClipStarted(say_id):
                self._narration.started(say_id)
            case ClipFinished(say_id) | ClipDropped(say_id):
                if self._narration.finished(say_id, now):
                    self._asides.fit_in(now)
            case TimeReached():
                self._pass_time(now)
            case Fault():
                self._course.fail(event, now)
            case _:
                pass
        self._listen()
        return self._actions

    def deadline(self) -> float | None:
        """Give the audio time at which the session wants ``TimeReached``; None: no wish."""
        moments = (self._narration.gives_way_until, self._next_move())
        return min((moment for moment in moments if moment is not None), default=None)

    def view(self, now: float) -> View:
        """Show where the session stands."""
        return self._showing.view(now, self._listening)

    # What was heard

    def _hear(self, heard: Heard, now: float) -> None:
        if self._ignores(heard, now):
            return
        command = heard.command
        self._showing.heard(heard.phrase or command.value.replace("_", " "), now)
        self._patience.begin_anew()
        moves = (Command.NEXT, Command.BACK, Command.REPEAT)
        if command in moves and self._interruptions.left is State.BRIEFING:
            command = Command.CONTINUE  # a pause in the briefing is no way round its cautions
        if command not in URGENT:
            self._narration.resume(now)  # what is answered must be heard
        self._suit(heard)
        if self._is_acknowledged(heard):
            self._narration.acknowledge()
        rehearsed = self.state is State.PROOF and heard.source == "voice"
        if command is Command.PAIN and rehearsed:
            self._proof.hear(now)
        elif command is Command.REPEAT and self.state is State.PROOF:
            self._proof.repeat(now)
        elif heard.tier == "possible" and not self._interruptions.doubt:
            self._interruptions.ask(now)
        elif command is Command.CHOOSE:
            self._counsel.choose(self._language.routine(heard.choice), now)
        elif command is Command.ABOUT:
            self._opening.tell_about(self._language.routine(heard.choice), now)
        else:
            self._obey(command, now)
        self._asides.acknowledge(now)

    def _suit(self, heard: Heard) -> None:
        """Choose the volume by how well who begins is heard over the echo."""
        begins = self.state is State.SOUND_CHECK and heard.command in (Command.READY, Command.YES)
        if begins and heard.over_echo is not None:
            self._asides.suit(heard.over_echo)

    def _is_acknowledged(self, heard: Heard) -> bool:
        """Say whether an earcon tells that this was understood.

        What silences or ends is answered by silence, the question whether it hurt by words alone;
        and the partner is asked for less pressure without any delay.
        """
        spoken = heard.source == "voice" and heard.tier == "confirmed"
        calm = heard.command not in URGENT and heard.command is not Command.GENTLER
        return spoken and calm and not self._interruptions.doubt

    def _ignores(self, heard: Heard, now: float) -> bool:
        """Say whether this is of no interest here, answers nothing, or may be the coach's own."""
        if heard.command not in self._accepted():
            return True
        doubt = self._interruptions.doubt
        if heard.tier == "possible" and doubt:
            return heard.command is not Command.PAIN or doubt.raised_by(now)
        if heard.tier == "possible":
            return self.state not in BEFORE[State.DOUBT]
        # Who says "it hurts" while the coach teaches it must be heard.
        spoken = heard.source == "voice" and heard.command not in URGENT
        return spoken and self._narration.may_be_own(heard.phrase, now)

    def _notice(self, noticed: Noticed, now: float) -> None:
        """Give way, except in words that are there for the person's safety, and in the last."""
        doubt = self._interruptions.doubt
        if doubt and noticed.kind != "resume":
            doubt.noticed(now)
        if self.state not in BEFORE[State.DOUBT]:
            return
        match noticed.kind:
            case "duck":
                self._narration.duck(now)
            case "hush":
                self._interruptions.hush(now)
            case "resume":
                self._narration.resume(now)

    def _obey(self, command: Command, now: float) -> None:  # noqa: C901, PLR0912 - a case a command
        course, opening = self._course, self._opening
        asides, interruptions = self._asides, self._interruptions
        match command:
            case Command.PAIN:
                course.hurt(now)
            case Command.YES if interruptions.doubt:
                course.hurt(now)
            case Command.NO if interruptions.doubt:
                interruptions.go_back(command, now)
            case Command.STOP:
                course.stop(now)
            case Command.YES | Command.NO | Command.INSIST | Command.REPEAT if (
                self.state in QUESTIONS
            ):
                self._counsel.answer(command, now)
            case Command.YES | Command.NO | Command.REPEAT if self.state is State.ANOTHER:
                self._another.answer(command, now)
            case Command.REPEAT if self.state is State.RATING:
                self._rating.ask_again(now)
            case Command.BETTER | Command.SAME | Command.WORSE:
                self._rating.answer(command, now)
            case Command.READY | Command.YES:
                self._proof.begin(command, now)
            case Command.NEXT | Command.BACK | Command.REPEAT if self.state in OPENING:
                opening.turn(command, now)
            case Command.NEXT | Command.BACK | Command.REPEAT:
                course.turn(command, now)
            case Command.PAUSE | Command.HELP:
                self._pause(command, now)
            case Command.SAFETY:
                self._tell_safety(now)
            case Command.CONTINUE:
                interruptions.go_back(command, now)
            case Command.MORE_DETAIL:
                opening.brief_in_full(now)
            case Command.WHAT_ELSE:
                opening.offer_others(now)
            case _ if command in ASIDES:
                asides.take(command, now)
            case Command.NO:
                asides.answer(self._lines.answers.no_hurry, now)

    def _tell_safety(self, now: float) -> None:
        note = whole_note(self._language)
        if self.state in BEFORE[State.PAUSED]:
            # It takes more than a minute, and no hold and no breath waits so long.
            self._interruptions.pause(Command.SAFETY, (self._lines.answers.paused, *note), now)
        else:
            self._narration.put_in(note, now)

    def _pause(self, command: Command, now: float) -> None:
        answers = self._lines.answers
        if self.state in QUESTIONS:
            self._counsel.answer(Command.REPEAT, now)
        elif self.state is State.CHOOSING:
            self._asides.answer(answers.help_choosing, now)
        elif self.state is State.SOUND_CHECK:
            self._asides.answer(answers.help_sound_check, now)
        elif self.state is State.PAUSED:
            self._narration.cut(now)
            self._narration.speak(answers.help_paused, now)
        else:
            more = answers.help_paused if command is Command.HELP else ()
            self._interruptions.pause(command, (answers.paused, *more), now)

    # What goes by itself

    def _pass_time(self, now: float) -> None:
        course, narration = self._course, self._narration
        doubt = self._interruptions.doubt
        if narration.gives_way_until is not None and now >= narration.gives_way_until:
            narration.resume(now)
        if course.running:
            for cue in course.running.due(now, course.pace.stretch):
                if now <= cue.at + GRACE:
                    narration.say(cue.text, cue.at, cue)
            if course.running.over(now):
                course.step_over(now)
            else:
                self._asides.fit_in(now)
        elif doubt and now >= doubt.over_at:
            course.hurt(now)
        elif course.gives_up_at is not None and now >= course.gives_up_at:
            narration.cut(now)
            course.end(now)
        elif self.state is State.PROOF:
            self._proof.pass_time(now)
        else:
            self._patience.pass_time(now)

    def _next_move(self) -> float | None:
        """Give the audio time at which something goes by itself, if nothing happens before."""
        course = self._course
        if course.running:
            return course.running.deadline()
        if self._interruptions.doubt:
            return self._interruptions.doubt.over_at
        if course.gives_up_at is not None:
            return course.gives_up_at
        if self.state is State.PROOF:
            return self._proof.deadline()
        return self._patience.deadline()

    # Small questions

    def _act(self, action: Action) -> None:
        self._actions.append(action)

    def _accepted(self) -> frozenset[Command]:
        routine = self._course.routine
        partner = routine is not None and routine.partner
        spare = {Command.GENTLER: partner, Command.MORE_DETAIL: self._opening.abridged}
        return accepted(self.state) - {command for command in spare if not spare[command]}

    def _listen(self) -> None:
        commands = self._accepted()
        if commands != self._listening:
            self._listening = commands
            self._act(Listen(commands))
