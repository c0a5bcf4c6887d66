"""Sessions that wander: random events in virtual time, written down as a real session is."""

from __future__ import annotations

import io
from random import Random

from voice_coach.core.breathing import Pattern
from voice_coach.core.commands import NAMING, URGENT, Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import CandidateScored, ClipDropped, Fault, Heard, Noticed, TimeReached
from voice_coach.core.guard import GuardResult, TwistReason
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.history.event_log import Draft, Entry, head

GENTLE = ("gentle-bends", "gentle-bends-shower")
GUARDS = (
    GuardResult(),
    GuardResult(gentle=GENTLE, twists_left=1),
    GuardResult(TwistReason.LATELY, gentle=GENTLE),
    GuardResult(TwistReason.UNKNOWN, gentle=GENTLE, hurt_often=True),
    GuardResult(hurt_lately=True, gentle=GENTLE, after_pain=("bent-knees-rest",)),
)
HARMLESS = [command for command in Command if command not in URGENT]


class Witnessed:
    """A session that tells all that it is told, and all that it asks for."""

    def __init__(self, session, witness):
        self._session = session
        self._witness = witness

    def __getattr__(self, name):
        return getattr(self._session, name)

    def start(self, now):
        return self._told(self._session.start(now), now)

    def handle(self, event, now):
        self._witness(now, event)
        return self._told(self._session.handle(event, now), now)

    def _told(self, actions, now):
        for action in actions:
            self._witness(now, action)
        return actions


def config(language, random):
    """Make up what a session is made of."""
    routines = [routine.id for routine in language.routines]
    return SessionConfig(
        language=language,
        routine=random.choice(["", "", *routines]),
        weak_hearing=random.random() < 0.2,
        audio_kept=random.random() < 0.2,
        guard=random.choice(GUARDS),
        known_routines=frozenset(random.sample(routines, random.randrange(4))),
        pattern=random.choice([None, Pattern(5.0, 7.3)]),
        rate=random.choice([110, 150, 190]),
    )


def something(language, random):  # noqa: PLR0911 - one for each kind of event
    """Make up an event; those that end a session are rare."""
    chance = random.random()
    if chance < 0.2:
        return Noticed(random.choice(["duck", "hush", "resume"]))
    if chance < 0.25:
        return TimeReached()
    if chance < 0.26:
        return ClipDropped(random.randrange(50))
    if chance < 0.27:
        features = (("llr", round(random.uniform(-20, 5), 2)), ("energy", random.random()))
        tier = random.choice(["confirmed", "possible", "rejected"])
        return CandidateScored("it hurts", tier, round(random.uniform(-9, 9), 3), features)
    if chance < 0.28:
        return Fault(
            random.choice(["hearing", "voice", "sound", "computer"]), "It is gone: mend it."
        )
    llr = random.choice([None, round(random.uniform(-20, 5), 2)])
    if chance < 0.35:
        tier = random.choice(["confirmed", "possible", "possible"])
        return Heard(random.choice([*URGENT]), "it hurts", tier=tier, llr=llr)
    command = random.choice(HARMLESS)
    choice = random.choice(language.routines).id if command in NAMING else ""
    source = random.choice(["voice", "key"])
    over = random.choice([None, round(random.uniform(-20, 40), 1)])
    return Heard(command, f"{command.value} – ja\n", choice, source, "confirmed", llr, over)


def walk(language, seed, most=80):
    """Wander through a session; give its log, and all that happened in it as entries."""
    random = Random(seed)  # noqa: S311 - a walk keeps no secret
    made_of = config(language, random)
    happened, draft, text = [], Draft(), io.StringIO()
    text.write(head(made_of, "2026-05-04T18:00:00+00:00"))

    def witness(now, what):
        happened.append(Entry(now, what))
        text.writelines(draft.lines(now, what))

    simulation = Simulation(Witnessed(Session(made_of), witness))
    for _ in range(random.randrange(most)):
        if simulation.session.over:
            break
        if random.random() < 0.6:
            simulation.step()
        else:
            simulation.advance(random.choice([0.1, 0.1, 1.0, random.uniform(0, 20)]))
            simulation.handle(something(language, random))
    text.writelines(draft.rest())
    return text.getvalue(), happened
