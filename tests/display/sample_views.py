"""Views of a made-up session in every state, in words that no edit of the real ones can change."""

from __future__ import annotations

from dataclasses import replace

from voice_coach.catalogue import read_language
from voice_coach.core.breathing import Beat, Phase
from voice_coach.core.routine import parse_routine
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome, View
from voice_coach.display.captions import Captions
from voice_coach.display.terminal.frame import FramePainter
from voice_coach.display.words import read_screen_words

ALONE = """
id = "cat-bow"
title = "Cat bow"
names = ["cat bow"]
summary = "On hands and knees, the back goes up and down."
place = ["Kneel on a mat."]
steps = [{ title = "Round your back", say = ["Round your back."] }]
"""
TOGETHER = """
id = "shoulder-press"
title = "Shoulder press"
names = ["shoulder press"]
summary = "Face down, a partner presses between the shoulder blades with each long breath out."
partner = true
place = ["Lie on something firm."]
steps = [{ title = "Lie face down", say = ["Lie face down."] }]
"""

SHIPPED = read_language()
LANGUAGE = SHIPPED.model_copy(
    update={
        "routines": tuple(parse_routine(text, "sample") for text in (ALONE, TOGETHER)),
        "safety": SHIPPED.safety.model_copy(
            update={
                "partner": ("Partner: hands off.", "Step away."),
                "person": ("Breathe calmly.", "Come out of the position slowly, in your own time."),
                "doctor": ("If it does not ease at rest, see a doctor.",),
            }
        ),
    }
)
CAPTIONS = Captions(LANGUAGE, read_screen_words())
PAINTER = FramePainter(CAPTIONS)

CHOOSING = View(
    now=1.0,
    state=State.CHOOSING,
    routine="",
    routine_id="",
    title="",
    step=0,
    steps=0,
    side="",
    to_partner=False,
    saying="",
    heard="",
    heard_at=0.0,
    seconds_left=None,
    beat=None,
    rounds=0,
    pose=None,
    mirrored=False,
    can_say=("repeat", "stop", "it hurts", "louder", "softer"),
    offered=0,
    outcome=None,
    felt=None,
    fault="",
    listening=False,
)
SOUND_CHECK = replace(
    CHOOSING,
    now=9.0,
    state=State.SOUND_CHECK,
    routine="Shoulder press",
    steps=5,
    saying="When you can hear me well, say: ready.",
    heard="shoulder press",
    heard_at=1.0,
    can_say=("repeat", "stop", "it hurts", "ready", "louder", "softer"),
    level=-31.0,
)
BRIEFING = replace(
    SOUND_CHECK,
    now=20.0,
    state=State.BRIEFING,
    saying="Partner: you do not feel the limit. The one lying down does.",
    heard="ready",
    heard_at=2.0,
    can_say=(
        *("next", "go back", "repeat", "pause", "stop", "it hurts", "slower", "faster"),
        *("louder", "softer", "how long", "help", "gentler"),
    ),
)
TELLING = replace(
    BRIEFING,
    now=62.0,
    state=State.TELLING,
    title="Lie face down",
    step=1,
    saying="Turn your head to whichever side feels easy, and let both of your arms rest.",
)
WAITING = replace(TELLING, now=70.0, state=State.WAITING, saying="")
BREATHING_IN = replace(
    TELLING,
    now=130.0,
    state=State.BREATHING,
    title="Partner: press with the breath out",
    step=4,
    to_partner=True,
    saying="Breathe in. Hands rest.",
    heard="next",
    heard_at=3.0,
    seconds_left=77.2,
    beat=Beat(0, Phase.IN, 0.7),
    rounds=8,
)
BREATHING_OUT = replace(
    BREATHING_IN,
    now=196.0,
    saying="Breathe out. Gently down.",
    seconds_left=13.1,
    beat=Beat(6, Phase.OUT, 0.35),
)
PAUSED = replace(
    BREATHING_OUT, now=198.0, state=State.PAUSED, saying="", heard="pause", heard_at=4.0,
    seconds_left=None, beat=None,
    can_say=("next", "go back", "repeat", "continue", "stop", "it hurts"),
)  # fmt: skip
QUESTION = replace(
    PAUSED,
    state=State.PAIN_CONFIRMATION,
    saying="Did that hurt?",
    heard="it hurts",
    heard_at=4.5,
    can_say=("continue", "stop", "it hurts", "yes", "no"),
)
LISTENING = replace(
    PAUSED, state=State.BREATHING, can_say=TELLING.can_say, heard="next", listening=True
)
HURT = replace(
    PAUSED,
    now=199.0,
    state=State.HURT,
    saying="Breathe calmly.",
    heard="it hurts",
    heard_at=5.0,
    can_say=("it hurts",),
    outcome=Outcome.PAIN,
)
FAULTED = replace(
    HURT,
    state=State.FAULTED,
    saying="I cannot hear you any more, so we end here.",
    heard="next",
    heard_at=6.0,
    outcome=Outcome.FAULT,
    fault="The microphone is gone; plug it in and start again.",
)
HOLDING = replace(
    TELLING,
    state=State.HOLDING,
    routine="Cat bow",
    title="Bend to the right",
    side="right side",
    saying="",
    seconds_left=19.2,
)
HURT_ALONE = replace(HURT, routine="Cat bow")
ENDED = replace(
    HOLDING, now=300.0, state=State.ENDED, seconds_left=None, can_say=("it hurts",),
    outcome=Outcome.COMPLETED,
)  # fmt: skip

VIEWS = {
    "choosing": CHOOSING,
    "sound-check": SOUND_CHECK,
    "briefing": BRIEFING,
    "telling": TELLING,
    "waiting": WAITING,
    "breathing-in": BREATHING_IN,
    "breathing-out": BREATHING_OUT,
    "paused": PAUSED,
    "question": QUESTION,
    "listening": LISTENING,
    "hurt": HURT,
    "hurt-alone": HURT_ALONE,
    "faulted": FAULTED,
    "holding": HOLDING,
    "ended": ENDED,
}
