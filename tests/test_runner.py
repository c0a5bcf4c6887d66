"""The loop does what the session asks, in order, and never plays what was cut."""

from dataclasses import dataclass

from voice_coach.core.actions import (
    Cut,
    Duck,
    Hush,
    Listen,
    Prepare,
    Resume,
    Say,
    SetVolume,
)
from voice_coach.core.commands import Command
from voice_coach.core.events import ClipReady, Fault, Heard, TimeReached
from voice_coach.runner import Runner


@dataclass(frozen=True)
class Shown:
    """As much of a view as the loop knows of."""

    now: float
    level: float | None = None


class Session:
    """Answers each event with the actions it was told to."""

    def __init__(self, opening, answers, deadline=None):
        self.opening, self.answers, self.wanted = opening, list(answers), deadline
        self.handled = []

    @property
    def over(self):
        return not self.answers

    def start(self, now):
        return self.opening

    def handle(self, event, now):
        self.handled.append((event, now))
        return self.answers.pop(0)

    def deadline(self):
        return self.wanted

    def view(self, now):
        return Shown(now)


class Stage:
    """Gives the events it was told to, and writes down what it is asked."""

    level = -20.0

    def __init__(self, *events):
        self.events = list(events)
        self.asked = []
        self.deadlines = []

    def wait(self, deadline):
        self.deadlines.append(deadline)
        return self.events.pop(0)

    def post(self, event):
        raise AssertionError

    def play(self, say_id, clip, *, at, latest=None):
        self.asked.append(("play", say_id, clip, at, latest))

    def cut(self):
        self.asked.append("cut")

    def duck(self):
        self.asked.append("duck")

    def hush(self):
        self.asked.append("hush")

    def resume(self):
        self.asked.append("resume")

    def set_volume(self, decibels):
        self.asked.append(("volume", decibels))

    def listen(self, commands):
        self.asked.append(("listen", commands))


class Voice:
    """Has rendered some texts and not others."""

    def __init__(self, *ready):
        self.ready = set(ready)
        self.prepared = []

    def prepare(self, texts, rate):
        self.prepared.append((texts, rate))

    def clip(self, text, rate):
        return f"clip of {text}" if text in self.ready else None


class Display:
    """Remembers what it was shown."""

    def __init__(self):
        self.shown = []

    def show(self, view):
        self.shown.append(view)


def run(session, stage, voice=None, display=None):
    Runner(session, stage, voice or Voice(), display or Display()).run()


def test_every_action_reaches_its_part_in_order():
    opening = [
        Prepare(("a", "b"), 150),
        Say(1, "a", 150, 2.0, 2.15),
        SetVolume(4.0),
        Duck(),
        Hush(),
        Resume(),
        Listen(frozenset({Command.NEXT})),
        Cut(),
    ]
    stage, voice = Stage((TimeReached(), 0.1)), Voice("a")
    run(Session(opening, [[]]), stage, voice)
    assert voice.prepared == [(["a", "b"], 150)]
    assert stage.asked == [
        ("play", 1, "clip of a", 2.0, 2.15),
        ("volume", 4.0),
        "duck",
        "hush",
        "resume",
        ("listen", frozenset({Command.NEXT})),
        "cut",
    ]


def test_a_sentence_that_is_not_rendered_yet_is_played_when_it_is():
    voice = Voice()
    session = Session([Say(1, "a", 150, 0.0)], [[], []])
    stage = Stage((TimeReached(), 0.1), (ClipReady("a", 150), 0.2))
    original = session.handle

    def render(event, now):
        voice.ready.add("a")
        return original(event, now)

    session.handle = render
    run(session, stage, voice)
    assert stage.asked == [("play", 1, "clip of a", 0.0, None)]


def test_sentences_keep_their_order_when_the_first_is_rendered_last():
    voice = Voice("b")
    session = Session([Say(1, "a", 150, 0.0), Say(2, "b", 150, 0.0)], [[], []])
    stage = Stage((TimeReached(), 0.1), (ClipReady("a", 150), 0.2))
    original = session.handle

    def render(event, now):
        voice.ready.add("a")
        return original(event, now)

    session.handle = render
    run(session, stage, voice)
    assert [asked[1] for asked in stage.asked] == [1, 2]


def test_a_sentence_that_was_cut_before_it_was_rendered_is_never_played():
    voice = Voice()
    session = Session([Say(1, "a", 150, 0.0)], [[Cut()], []])

    class Renders(Stage):
        def cut(self):
            super().cut()
            voice.ready.add("a")

    stage = Renders((Heard(Command.STOP), 0.1), (ClipReady("a", 150), 0.2))
    run(session, stage, voice)
    assert stage.asked == ["cut"]


def test_the_session_is_woken_at_its_deadline_and_the_display_ten_times_a_second():
    display = Display()
    stage = Stage((TimeReached(), 0.05), (Heard(Command.NEXT), 3.0))
    run(Session([], [[], []], deadline=0.05), stage, display=display)
    assert stage.deadlines == [0.05, 0.05]
    assert [view.now for view in display.shown] == [0.05, 3.0]
    idle = Stage((TimeReached(), 0.1))
    run(Session([], [[]]), idle)
    assert idle.deadlines == [0.1]


def test_a_view_shows_how_loud_the_person_is_of_which_the_session_knows_nothing():
    display = Display()
    run(Session([], [[]]), Stage((TimeReached(), 0.1)), display=display)
    assert display.shown == [Shown(0.1, Stage.level)]


def test_everything_that_happens_is_witnessed():
    seen = []
    stage = Stage((Heard(Command.STOP), 1.5))
    session = Session([Listen(frozenset())], [[Cut()]])
    Runner(session, stage, Voice(), Display(), lambda now, what: seen.append((now, what))).run()
    assert seen == [(0.0, Listen(frozenset())), (1.5, Heard(Command.STOP)), (1.5, Cut())]


class Posting(Stage):
    """A stage that keeps what is posted."""

    posted = None

    def post(self, event):
        self.posted = [*(self.posted or []), event]


def mute_stage(session, voice=None):
    """Give the stage of a session that lasts a little longer than a voice may take."""
    stage = Posting(*((TimeReached(), at) for at in (0.1, 5.0, 5.1, 5.2)))
    run(session, stage, voice)
    return stage


def test_a_voice_that_does_not_come_in_time_is_one_fault():
    stage = mute_stage(Session([Say(1, "a", 150, 0.0)], [[]] * 4))
    (fault,) = stage.posted
    assert fault == Fault("voice", fault.reason)
    assert "The speech engine does not answer" in fault.reason


def test_a_voice_that_comes_in_time_or_is_not_wanted_any_more_is_none():
    said = [Say(1, "a", 150, 0.0)]
    assert not mute_stage(Session(said, [[]] * 4), Voice("a")).posted
    assert not mute_stage(Session(said, [[Cut()], [], [], []])).posted
