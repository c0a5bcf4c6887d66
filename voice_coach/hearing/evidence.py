"""Hush, then decide: what has been noticed of the person becomes silence, a question or an end.

Silence is cheap and instant, an ending dear and sure. So a sound of the person's ducks the coach,
and a voice, or a phrase of pain in the recogniser that is easily fooled, silences it for HOLD
seconds from the last sign. Meanwhile an *inquiry* hears the same sound anew, through the small
grammar and through the full one, and takes the difference of their log likelihoods: the *margin*
by which a phrase of pain or stop explains the whole sound better than anything else does. A talk
with such a word in it has no margin, for most of it is something else. A margin of CERTAIN is
certain; one of SUSPECTED is worth a question; below that nothing was said. A phrase that was
already heard as it was spoken needs less. In the midst of talk, which is a voice that goes on for
longer than a cry, a phrase needs much more and a pause after it, and is then asked about;
only one that is louder than the talk may end the routine by itself.

Every other command waits until the voice has fallen silent, and must then be all that was said.
Where people have been talking, it must also be as loud as the person, and sure.

A breath out is a sound and no voice: after BREATH seconds without a voice the coach comes back to
its full loudness in the middle of it. Somebody who goes on talking for TALK seconds talks to
somebody else: the coach speaks on, and until they pause only a phrase of pain or stop hushes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, Protocol

Tier = Literal["confirmed", "possible"]

BLOCK = 0.02
"""Seconds of sound that are weighed at once."""
SOUND = 5.0
"""Summed log odds from which on the person is held to make a sound."""
VOICE, HUSHING = 6.0, 8.0
"""Summed log odds from which on a sound is held to be a voice, and from which on that silences the
coach: it is 0.01 s later and spares it half of the coughs, doors and laughs."""
HOLD = 2.0
"""Seconds of silence after the last sign of a voice; with one second the coach spoke again before
people repeated themselves."""
BREATH = 0.35
"""Seconds a sound ducks the coach if no voice shows in it."""
CALM = 0.3
"""Seconds without a sound after which a duck is over, and without a voice an utterance."""
PAUSE = 0.15
"""Seconds without a voice after which a phrase is taken to be complete."""
TALK = 6.0
"""Seconds of voice in one hush after which it is talk to somebody else."""
LOOKS = (0.25, 0.5, 0.8)
"""Seconds after a phrase of pain was suspected at which the sound is heard anew. At the moment
itself too many sentences still begin like one: "that h..."."""
CERTAIN = -2.5
"""Margin from which on, twice in a row or when the voice has fallen silent, pain or stop is
certain; see `docs/hearing.md` for how these were chosen."""
SUSPECTED = -5.0
"""Margin from which on it is worth a question."""
TALKING, TALK_BEFORE = 5.0, 1.4
"""By how much the margin of a phrase must be higher after this many seconds of speech, for it is
most likely a part of that; and then it is asked about, unless it stands out."""
PEAK_FALL = 10.0
"""Decibels a second by which a loud block is forgotten."""
SENTENCE = 1.3
"""Seconds of voice after which an utterance is longer than a cry, and is talk."""
LOUD_IN_TALK = 14.0
"""Decibels of a cry's loudest block over the louder ones of a talk from which on it is somebody
else's, or for somebody else, and need not wait for a pause. Words of a talk were 13 above."""
LOUDER_SHARE, TALK_PACE, FORGOTTEN = 0.1, 10.0, 0.1
"""Share of a talk's blocks that are those louder ones; the decibels a second by which their level
is looked for: slowly, for the cry is a part of the sound, too; and the seconds of talk that are
still remembered from which on one begins anew."""
CHATTER, VOICES, CHATTER_MEMORY = 1.0, 2.0, 8.0
"""Seconds of such talk, and of any voice, as far as they are remembered, from which on a phrase
counts as said in the midst of speech; and the time constant of that memory. Talk across a room
comes in pieces no longer than a cry, but one after another."""
LATELY = 1.2
"""The same of any voice from which on a phrase is asked about and ends nothing by itself: who reads
aloud slowly speaks in such pieces, and one of them may sound like a cry."""
ORDINARY, ORDINARY_IN_TALK = -3.5, 0.0
"""Margin from which on any other command is obeyed: said by itself, and where people talk."""
CLEARLY = 3.0
"""By how much a command must explain an utterance better than pain or stop does to be obeyed
instead: "speak up" holds a "stop"."""
AGREED = 2.5
"""How much a margin gains where the phrase is the one that was suspected as it was spoken."""
LEARNT = 1.5
"""Seconds after the echo was last heard over a path that is not learnt again in which what is left
of the coach's voice may be heard for a phrase: pain or stop is then asked about."""
VOICELESS = 1.0
"""How much higher a margin must be where there is a sound and no voice; it may be a whisper or a
cough, so it is asked about."""
WINDOW = (1.2, 2.6)
"""Seconds of sound that are heard anew, at least and at most."""
LEAD = 0.4
"""Seconds before the first notice of a voice from which on it is heard anew."""
FRESH = 1.0
"""Seconds after a voice in which a phrase of pain silences the coach at once, and after a sound in
which it does when it was heard anew: a laugh or a cough begins like "ouch". Without either it is
the coach's own voice, most likely, and is heard anew in any case."""
RECENT, HEARD, HEARD_ALONE = 1.5, 0.25, 0.1
"""Seconds of sound of the person's, RECENT seconds ago at most, without which no phrase is
believed: it is the coach's own voice, bent by its loudspeaker; and while the coach has been silent
for as long, when it cannot be. The shortest "stop" made 0.34, in the noise of a fan 0.14."""
LONGEST, LONGEST_ORDER = 2.5, 3.2
"""Seconds of voice no cry takes longer than, and no order: "tell me about", and a long name."""
FAINT_ORDER, FAINT_ORDER_IN_TALK, FAINT_TALK, FAINT_PAIN = 12.0, 2.0, 6.0, 20.0
"""Decibels below the person's own loudness at which a voice is somebody else's: orders, and where
people talk; pain in the midst of talk; and any other pain, which is easily spoken into a mat."""
FAINTER, FAINTER_BY = 8.0, 2.5
"""Decibels below the person's own loudness from which on a margin must be higher; by how much."""
CRY_LEVEL, CRY_LENGTH, CRY_WAIT = 12.0, 0.3, 1.5
"""Decibels above the person's loudness, and seconds, from which on a voice without words is a cry;
and the seconds after its beginning for which it may still become words."""
REPEAT = 1.0
"""Seconds after a command in which the same sound is not taken for another one."""


@dataclass(frozen=True)
class Clues:
    """What is known of one block."""

    sound: float
    """Summed log odds that the person makes a sound."""
    voice: float
    """Summed log odds that they use their voice."""
    level: float
    """How loud what is left of the microphone is, in dB of full scale."""
    urgent: str = ""
    """A phrase of pain or stop that the small grammar has just come to hear."""
    relearning: bool = False
    """Whether what is left may be the coach's voice, for its echo has just jumped."""
    coach: bool = False
    """Whether the coach can be heard."""


@dataclass(frozen=True)
class Verdict:
    """What a piece of sound holds, heard anew."""

    urgent: str = ""
    """The phrase of pain or stop that explains it best; empty if none does at all."""
    urgent_margin: float = -20.0
    order: str = ""
    """The other phrase that it is, whole."""
    order_margin: float = -20.0


class Inquiry(Protocol):
    """Hears the last `seconds` of sound anew."""

    def __call__(self, seconds: float, orders: bool) -> Verdict:
        """Give what they hold; other phrases than pain and stop only if `orders` are asked for."""


@dataclass(frozen=True)
class Sign:
    """What follows from the evidence."""

    kind: Literal["duck", "hush", "resume", "command"]
    phrase: str = ""
    tier: Tier = "confirmed"
    scores: dict[str, float] = field(default_factory=dict)
    """What led to it: the summed log odds of "sound" and "voice"; of a phrase its "margin", of a
    cry by how many dB it was "louder" than the person speaks."""


class Evidence:
    """Weighs one block after another."""

    def __init__(self, inquire: Inquiry) -> None:
        self._inquire = inquire
        self._state: Literal["open", "ducked", "hushed"] = "open"
        self._since = 0.0
        """When the coach was ducked or hushed, in seconds."""
        self._silent_until = 0.0
        self._sound_at = self._voice_at = -1e9
        """When the last sound and the last voice were noticed."""
        self._begun = 0.0
        """When the voice of the latest utterance was first noticed."""
        self._voice_from: float | None = None
        """The same while that utterance is under way."""
        self._cried = 0
        """Blocks of it with a voice much louder than the person's."""
        self._sound_from = 0.0
        """When the latest sound began."""
        self._sounded = 0
        """Blocks of it."""
        self._talk_level = math.inf
        """Level that people's talk exceeds for a tenth of the time, in dB of full scale."""
        self._chatter = self._chatter_before = 0.0
        """Seconds of long utterances that are remembered: now, and from before the latest."""
        self._voices = self._voices_before = 0.0
        """The same of any voice."""
        self._loudest = self._peak = -200.0
        """Loudest block of the utterance, and of the last half second or so."""
        self._stands_out = False
        """Whether what was suspected is louder than a talk it is in the midst of."""
        self._person: float | None = None
        """The person's own loudness in dB of full scale, known from commands that were certain."""
        self._breath = self._talk = False
        """Whether a sound that is no voice, or a talk, goes on that the coach has got used to."""
        self._looks: list[float] = []
        self._suspected, self._suspected_at = "", -1e9
        """The phrase of pain that was last suspected, and when."""
        self._last_tier: Tier | None = None
        """What the last look made of a phrase."""
        self._reported_at = -1e9
        self._relearning_at = -1e9
        """When the echo was last heard over a path that was not learnt again."""
        self._coach_at = -1e9
        """When the coach could last be heard."""

    @property
    def loudest(self) -> float:
        """How loud the latest utterance was at its loudest, in dB of full scale."""
        return self._loudest

    def weigh(self, now: float, clues: Clues) -> list[Sign]:
        """Take the clues of the block that ends at `now`, in seconds; give what follows."""
        signs: list[Sign] = []
        if clues.relearning:
            self._relearning_at = now
        if clues.coach:
            self._coach_at = now
        over = self._follow_utterance(now, clues)
        self._quieten(now, clues, signs)
        if clues.urgent and now - self._reported_at > REPEAT:
            if not self._looks:
                self._last_tier = None
            self._suspected, self._suspected_at = clues.urgent, now
            self._stands_out = self._peak > self._talk_level + LOUD_IN_TALK
            self._looks = [now + after for after in LOOKS]
        if over:
            self._hear_out(now, signs)
        elif self._looks and now >= self._looks[0]:
            self._look(now, clues, signs)
        elif self._cried * BLOCK > CRY_LENGTH and now - self._begun > CRY_WAIT:
            self._report_cry(now, signs)
        self._loosen(now, signs)
        return signs

    def _follow_utterance(self, now: float, clues: Clues) -> bool:
        """Note sounds and voices; tell whether an utterance has just ended."""
        self._chatter *= 1 - BLOCK / CHATTER_MEMORY
        self._voices *= 1 - BLOCK / CHATTER_MEMORY
        self._peak = max(clues.level, self._peak - PEAK_FALL * BLOCK)
        if clues.sound > SOUND:
            if now - self._sound_at > CALM:
                self._sound_from, self._sounded = now, 0
            self._sound_at = now
            self._sounded += 1
        if self._voice_from is not None and now - self._voice_from > SENTENCE:
            self._chatter += BLOCK
            self._follow_talk(clues.level)
        if clues.voice > VOICE:
            if self._voice_from is None:
                self._begun = self._voice_from = now
                self._cried, self._loudest = 0, clues.level
                self._chatter_before, self._voices_before = self._chatter, self._voices
            self._voice_at = now
            self._voices += BLOCK
            if self._person is not None and clues.level > self._person + CRY_LEVEL:
                self._cried += 1
            self._loudest = max(self._loudest, clues.level)
        return self._voice_from is not None and now - self._voice_at > CALM

    def _follow_talk(self, level: float) -> None:
        """Move towards the quantile: up by as much more as it should seldom be exceeded."""
        if self._chatter < FORGOTTEN:
            self._talk_level = self._peak
        share = 1 - LOUDER_SHARE if level > self._talk_level else -LOUDER_SHARE
        self._talk_level += share * TALK_PACE * BLOCK

    def _quieten(self, now: float, clues: Clues, signs: list[Sign]) -> None:
        self._breath = self._breath and now - self._sound_at <= CALM
        self._talk = self._talk and now - self._voice_at <= CALM
        if now - self._reported_at <= REPEAT:
            return
        voice = clues.voice > (VOICE if self._state == "hushed" else HUSHING) and not self._talk
        if voice or (clues.urgent and now - self._voice_at < FRESH):
            self._hush(now, clues, signs)
        elif clues.sound > SOUND and self._state == "open" and not (self._breath or self._talk):
            self._enter("ducked", now)
            signs.append(self._sign("duck", clues))

    def _hush(self, now: float, clues: Clues, signs: list[Sign]) -> None:
        self._silent_until = now + HOLD
        # Anew with each utterance, for a key may have made the coach speak again meanwhile.
        if self._state != "hushed" or now == self._begun:
            signs.append(self._sign("hush", clues))
        if self._state != "hushed":
            self._enter("hushed", now)

    def _loosen(self, now: float, signs: list[Sign]) -> None:
        """Let the coach speak up again where nothing came of a sound."""
        if self._state == "ducked":
            self._breath = now - self._since > BREATH
            if self._breath or now - self._sound_at > CALM:
                self._resume(signs, now)
        elif self._state == "hushed" and not self._looks:
            self._talk = now - self._since > TALK and now - self._voice_at <= CALM
            if self._talk or now >= self._silent_until:
                self._resume(signs, now)

    def _enter(self, state: Literal["open", "ducked", "hushed"], now: float) -> None:
        self._state, self._since = state, now

    def _resume(self, signs: list[Sign], now: float) -> None:
        self._enter("open", now)
        signs.append(Sign("resume"))

    def _look(self, now: float, clues: Clues, signs: list[Sign]) -> None:
        """Hear a suspected phrase anew."""
        del self._looks[0]
        before = self._last_tier
        verdict = self._inquire(self._window(now), orders=False)
        if verdict.urgent_margin >= SUSPECTED and now - self._sound_at < FRESH:
            self._hush(now, clues, signs)
        self._last_tier = tier = self._tier(now, verdict)
        paused = now - self._voice_at > PAUSE
        if self._in_talk and not paused:
            return
        if tier == "confirmed" and (before == "confirmed" or paused):
            self._report_urgent(now, verdict, tier, signs)
        elif tier and not self._looks:
            self._report_urgent(now, verdict, "possible", signs)

    def _window(self, now: float) -> float:
        begun = self._suspected_at - WINDOW[0] if self._voice_from is None else self._voice_from
        return min(max(now - begun + LEAD, WINDOW[0]), WINDOW[1])

    def _tier(self, now: float, verdict: Verdict) -> Tier | None:
        """Tell what a phrase of pain or stop is worth; None for nothing."""
        heard = self._sounded * BLOCK if now - self._sound_at < RECENT else 0.0
        voiceless = now - self._voice_at > RECENT
        learnt = self._is_learnt(now)
        margin = verdict.urgent_margin
        if self._in_talk:
            margin -= TALKING
        elif voiceless:
            margin -= VOICELESS
        elif learnt and verdict.urgent == self._suspected and self._suspected_at >= self._begun:
            margin += AGREED  # but the coach's echo agrees with itself as well
        if self._faint(FAINTER):
            margin -= FAINTER_BY
        enough = HEARD if now - self._coach_at < RECENT else HEARD_ALONE
        if margin < SUSPECTED or heard < enough or self._faint(FAINT_PAIN):
            return None
        if self._in_talk and self._faint(FAINT_TALK):
            return None
        if self._in_talk or voiceless or not learnt:
            return "possible" if margin >= CERTAIN else None
        alone = self._stands_out or self._voices_lately <= LATELY
        return "confirmed" if margin >= CERTAIN and alone else "possible"

    def _is_learnt(self, now: float) -> bool:
        """Whether what is left of the coach's voice is no longer heard for a phrase."""
        return now - self._relearning_at > LEARNT

    @property
    def _in_talk(self) -> bool:
        """Whether the phrase comes in the midst of speech, and does not stand out of it."""
        before = self._suspected_at - self._begun if self._spoken else 0.0
        chatter = self._chatter_before if self._spoken else self._chatter
        talk = before > TALK_BEFORE or chatter > CHATTER or self._voices_lately > VOICES
        return talk and not self._stands_out

    @property
    def _spoken(self) -> bool:
        """Whether the suspected phrase belongs to the latest utterance."""
        return self._suspected_at - self._voice_at <= CALM

    @property
    def _voices_lately(self) -> float:
        """Seconds of any voice that are remembered from before the phrase."""
        return self._voices_before if self._spoken else self._voices

    def _hear_out(self, now: float, signs: list[Sign]) -> None:
        """Judge an utterance that is over."""
        self._voice_from = None
        length = now - self._begun
        if now - self._reported_at <= REPEAT or length > LONGEST_ORDER + CALM:
            return
        seconds = max(length + LEAD, WINDOW[0])
        verdict = Verdict()
        if length <= LONGEST + CALM:
            verdict = self._inquire(min(seconds, WINDOW[1]), orders=True)
        tier = self._tier(now, verdict)
        if not tier and seconds > WINDOW[1]:
            verdict = self._inquire(seconds, orders=True)  # an order must be heard whole
        if tier and verdict.order_margin < verdict.urgent_margin + CLEARLY:
            self._report_urgent(now, verdict, tier, signs)
        elif self._is_order(now, verdict):
            self._report(now, verdict.order, "confirmed", {"margin": verdict.order_margin}, signs)
            self._looks.clear()
            self._learn(self._loudest)
            self._resume(signs, now)
        elif self._cried * BLOCK > CRY_LENGTH:
            self._report_cry(now, signs)

    def _is_order(self, now: float, verdict: Verdict) -> bool:
        """Tell whether a command that is neither pain nor stop is obeyed."""
        in_talk = self._voices_before > VOICES
        doubtful = in_talk or not self._is_learnt(now)
        enough = ORDINARY_IN_TALK if doubtful else ORDINARY
        faint = self._faint(FAINT_ORDER_IN_TALK if in_talk else FAINT_ORDER)
        return bool(verdict.order) and verdict.order_margin >= enough and not faint

    def _report_cry(self, now: float, signs: list[Sign]) -> None:
        """Report a loud voice without words."""
        louder = self._loudest - (self._person or 0.0)
        self._cried = 0
        self._report(now, "", "possible", {"louder": louder}, signs)

    def _report_urgent(self, now: float, verdict: Verdict, tier: Tier, signs: list[Sign]) -> None:
        self._report(now, verdict.urgent, tier, {"margin": verdict.urgent_margin}, signs)
        if tier == "confirmed" and now - self._voice_at < FRESH:
            self._learn(self._loudest)
        self._looks.clear()
        self._last_tier = None
        self._enter("open", now)

    def _report(
        self,
        now: float,
        phrase: str,
        tier: Tier,
        scores: dict[str, float],
        signs: list[Sign],
    ) -> None:
        self._reported_at = now
        if tier == "confirmed":  # what they said to the coach is no talk
            self._chatter, self._voices = self._chatter_before, self._voices_before
        rounded = {name: round(score, 2) for name, score in scores.items()}
        signs.append(Sign("command", phrase, tier, rounded))

    def _faint(self, below: float) -> bool:
        return self._person is not None and self._loudest < self._person - below

    def _learn(self, loudest: float) -> None:
        """Take the loudness of a command that was certain for the person's own."""
        known = loudest if self._person is None else self._person
        self._person = known + 0.3 * (loudest - known)

    @staticmethod
    def _sign(kind: Literal["duck", "hush"], clues: Clues) -> Sign:
        scores = {"sound": round(clues.sound, 1), "voice": round(clues.voice, 1)}
        return Sign(kind, clues.urgent, scores=scores)
