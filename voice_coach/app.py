"""The composition root: the only module that knows the runner and every adapter.

Here a session is given its stage, its voice, its ear and its display. What is worth knowing about
each stands in its own module.
"""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import platformdirs

from voice_coach.aec.canceller import EchoCanceller
from voice_coach.audio.device import Device
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.recorder import AudioRecorder
from voice_coach.audio.studio import Room, Studio
from voice_coach.catalogue import read_limits
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Fault, Heard
from voice_coach.core.guard import judge
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.past import Past
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.safety import vital_sentences
from voice_coach.core.session import Session
from voice_coach.core.view import Outcome
from voice_coach.demo import PERSON, PERSON_RATE, ROUTINE, Scenario
from voice_coach.display.keyboard import Keyboard
from voice_coach.display.terminal import open_display
from voice_coach.errors import CoachError
from voice_coach.hearing import model_store
from voice_coach.hearing.listener import Listener
from voice_coach.hearing.no_recogniser import NoRecogniser
from voice_coach.hearing.vad import NearEndVad
from voice_coach.history.log_writer import SessionLogWriter, sound_of
from voice_coach.history.picture import draw
from voice_coach.history.recorder import Recorder
from voice_coach.history.store import HistoryUnavailable, open_history, wall_clock
from voice_coach.runner import Runner
from voice_coach.speech.clips import ClipStore
from voice_coach.speech.narrator import Narrator, PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice
from voice_coach.speech.voices import choose_voice
from voice_coach.watchman import Watchman

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.core.breathing import Pattern
    from voice_coach.core.guard import Verdict
    from voice_coach.core.language import Language
    from voice_coach.core.ports import Display
    from voice_coach.core.routine import Routine
    from voice_coach.core.view import View
    from voice_coach.display.plain_lines import PlainLines
    from voice_coach.display.terminal import Terminal
    from voice_coach.display.web import Web
    from voice_coach.hearing.recogniser import Recogniser
    from voice_coach.speech.narrator import Synthesiser

CACHE = Path(platformdirs.user_cache_dir("voice-coach", appauthor=False))
"""Where rendered clips are kept; all of it can be deleted at any time."""


A_WHILE = 1.0
"""Seconds a person waits without being told for what."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Ears:
    """The two recognisers a session is to use."""

    person: Recogniser
    """Hears the microphone."""
    coach: Recogniser
    """Hears the far end."""
    weak: str = ""
    """Why hearing is worse than it could be, in one sentence; empty when it is not."""
    deaf: bool = False
    """Whether no word is understood at all."""
    unknown: tuple[str, ...] = ()
    """Phrases of the language that the model does not know, and so will never hear."""


def open_ears(language: Language, model: Path | None = None) -> Ears:
    """Load the recogniser: vosk with a model that is there or can be fetched, else pocketsphinx.

    Pocketsphinx knows but one language; in any other no word is understood then.

    Raises ``NoModel`` or ``UnusableModel`` if the `model` that was asked for cannot be used.
    """
    wanted = model_store.manifest(language.code)
    kept = model_store.store()
    try:
        folder = model_store.find(wanted, kept, model) or model_store.fetch(wanted, kept)
    except model_store.NoModel as nothing:
        if model is not None or model_store.VARIABLE in os.environ:
            raise
        from voice_coach.hearing.pocketsphinx_recogniser import (  # noqa: PLC0415 - rarely needed
            LANGUAGE,
            PocketsphinxRecogniser,
        )

        if language.code != LANGUAGE:
            told = str(nothing).removesuffix(".")
            weak = f"{told}; until then no word is understood, and the keyboard steers."
            return Ears(NoRecogniser(), NoRecogniser(), weak=weak, deaf=True)
        return Ears(PocketsphinxRecogniser(), PocketsphinxRecogniser(), weak=str(nothing))
    from voice_coach.hearing.vosk_recogniser import (  # noqa: PLC0415 - it takes 0.1 s
        UnusableModel,
        VoskModel,
        VoskRecogniser,
    )

    loaded = VoskModel(folder)
    unknown = tuple(phrase for phrase in language.phrases() if not loaded.knows(phrase))
    for command in URGENT:
        if (taught := language.commands[command][0]) in unknown:
            raise UnusableModel(
                f'{folder} does not know "{taught}", so it is a model of another language: name '
                f'one of "{language.code}".'
            )
    return Ears(VoskRecogniser(loaded), VoskRecogniser(loaded), unknown=unknown)


def open_listener(language: Language, ears: Ears) -> Listener:
    """Put a fresh ear together, for one stream of sound; `ears` may have heard others before."""
    ears.person.forget()
    ears.coach.forget()
    return Listener(ears.person, ears.coach, EchoCanceller(), NearEndVad(), language)


def open_voice(language: Language, name: str = "") -> Synthesiser:
    """Give the voice of this `name`, as ``known_voices`` lists it, or the best there is.

    Raises ``VoiceUnavailable`` if it is known not to speak the language.
    """
    return choose_voice(language, name).voice


def clip_of(language: Language, voice: str, rate: int) -> NDArray[np.float32]:
    """Let a voice of the language say how the coach greets; raises ``VoiceUnavailable``."""
    with closing(PromptNarrator(open_voice(language, voice), clip_store())) as narrator:
        return narrator.clip(language.coach.welcome[0], rate).samples


def clip_store() -> ClipStore:
    """Open the store of rendered clips."""
    return ClipStore(CACHE / "clips")


def run_live(
    language: Language,
    routine: Routine | None,
    *,
    pattern: Pattern | None = None,
    model: Path | None = None,
    microphone: str | None = None,
    loudspeaker: str | None = None,
    voice: str = "",
    rate: int = DEFAULT_RATE,
    taped: bool = False,
    earcons: bool = True,
    announce: Callable[[str], None],
    leave: Callable[[], None],
    open_ear: Callable[[Language, Ears], BlockListener] = open_listener,
    proven: bool = False,
    web: Web | None = None,
) -> View:
    """Lead a session on the real microphone and loudspeaker; give its last view.

    Raises ``NoSoundDevice``, ``VoiceUnavailable``, ``NoModel`` or ``UnusableModel``, each with a
    sentence for the person. With `taped` its sound is kept beside its log; without `earcons` it is
    led by words alone. `announce` is told what they should know before or after it; who wants to
    know what passes through the ear puts something around it with `open_ear`, and who tries nothing
    but the ear takes the stop for `proven`. If this thread hangs, another one calls `leave`, which
    must end the program at once. With `web` the session is shown, and can be steered, there too.
    """
    device: Device
    verdict, known = weigh_the_past(language, announce)
    recorder = Recorder(language)
    tape: AudioRecorder | None = None
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(2))
        loading = pool.submit(open_ears, language, model)
        # The model takes longest to load, so the voice gets ready beside it; an engine that has
        # spoken once answers in time.
        choice = choose_voice(language, voice)
        if choice.warning:
            announce(choice.warning)
        speaks = choice.voice
        pool.submit(speaks.render, language.coach.welcome[0], DEFAULT_RATE)
        narrator = Narrator(speaks, clip_store(), lambda event: device.post(event))  # noqa: PLW0108 - there is no device yet
        stack.enter_context(closing(narrator))
        with _told_after(A_WHILE, "Voice and hearing are getting ready ...", announce):
            narrator.hold(vital_sentences(language), DEFAULT_RATE)
            ears = loading.result()
        if ears.weak:
            announce(ears.weak)
        if ears.deaf:
            language = _steered_by_keys(language, routine)
        origin = SessionConfig(
            language=language,
            routine=routine.id if routine else "",
            weak_hearing=bool(ears.weak),
            deaf=ears.deaf,
            taped=taped,
            verdict=verdict,
            known=known,
            pattern=pattern,
            rate=rate,
            proven=proven,
            earcons=earcons,
        )
        scribe = stack.enter_context(SessionLogWriter(origin))
        ear = open_ear(language, ears)
        if taped:
            tape = stack.enter_context(AudioRecorder(sound_of(scribe.path)))
            ear = tape.around(ear)
        device = Device(
            Mixer(),
            ear,
            last_words=narrator.clip(language.coach.faults.broken, DEFAULT_RATE),
            microphone=microphone,
            loudspeaker=loudspeaker,
        )
        session = origin.session()
        stack.enter_context(recorder)
        stack.enter_context(device)
        display = stack.enter_context(open_display(language))
        keyboard = stack.enter_context(Keyboard(device.post, language.routines, display))
        stack.enter_context(_stopped_by_signals(device))
        page = stack.enter_context(web.session(language, device.post)) if web else None
        shown = _All(display, recorder, *([page] if page else []))
        part = partial(_part, display, shown, keyboard, recorder, scribe)
        stack.enter_context(Watchman(lambda: device.turns, part, leave))
        Runner(session, device, narrator, shown, scribe).run()
    if recorder.trouble:
        announce(f"{recorder.trouble} This session is not remembered whole.")
    for trouble in (scribe.trouble, tape and tape.trouble):
        if trouble:
            announce(str(trouble))
    if tape and not tape.trouble:
        announce(f"The sound of this session is in {sound_of(scribe.path)}.")
    return session.view(0.0)


def run_web(
    language: Language,
    web: Web,
    lead: Callable[[Routine | None], object],
    announce: Callable[[str], None],
) -> None:
    """Let `lead` lead each routine that is chosen on the page, until the program is stopped.

    It raises ``CoachError`` if a session cannot begin; `announce` is told that.
    """
    while True:
        chosen = web.choice()
        try:
            lead(language.routine(chosen) if chosen else None)
        except CoachError as trouble:
            announce(str(trouble))


def open_web(language: Language, port: int, *, home: bool) -> Web:
    """Make the page for the browser, not yet open; raises ``NoPage``."""
    from voice_coach.display.web import Web  # noqa: PLC0415 - it takes 0.3 s

    titles = {routine.id: routine.title for routine in language.routines}

    def past() -> tuple[str, int] | None:
        try:
            with open_history() as history:
                sessions = history.past().sessions
        except HistoryUnavailable:
            return None
        return (draw(sessions, titles), len(sessions)) if sessions else None

    return Web(language, port, home=home, history=past)


def _part(
    display: Terminal | PlainLines,
    shown: _All,
    keyboard: Keyboard,
    recorder: Recorder,
    scribe: SessionLogWriter,
) -> None:
    """Show, and write down, that the coach hung; from a thread of its own, for the other hangs."""
    fault = Fault("computer", "The coach broke down: start it again.")
    if display.view:
        outcome = display.view.outcome or Outcome.FAULT
        view = replace(display.view, outcome=outcome, fault=fault.reason)
        scribe(view.now, fault)
        shown.show(view)
    for each in (display, keyboard, recorder, scribe):
        each.__exit__()


def _steered_by_keys(language: Language, routine: Routine | None) -> Language:
    """Leave out what is not led without hearing: under a partner's hands nobody reaches a key."""
    if routine and routine.partner:
        raise model_store.NoModel(
            f'"{routine.title}" is not led where no word is understood, because nobody could end '
            "it by voice: take a routine without a partner."
        )
    return language.alone()


def weigh_the_past(
    language: Language, announce: Callable[[str], None]
) -> tuple[Verdict, frozenset[str]]:
    """Say what the sessions so far allow now, and which routines were done in them.

    A past that cannot be read counts as lost just now. `announce` is told why it cannot be read,
    and what else a person should see.
    """
    now = wall_clock().utc
    try:
        with open_history() as history:
            past = history.past()
            if history.set_aside:
                announce(
                    f"The history was damaged and is kept as {history.set_aside}; "
                    "a new one is begun."
                )
    except HistoryUnavailable as trouble:
        announce(f"{trouble} Until then nothing is remembered.")
        past = Past(lost_at=now)
    verdict = judge(past, now, read_limits())
    if verdict.hurt_often:
        announce(" ".join(language.coach.guard.see_doctor))
    return verdict, frozenset(session.routine for session in past.sessions if session.reached)


@contextmanager
def _told_after(seconds: float, sentence: str, announce: Callable[[str], None]) -> Iterator[None]:
    """Announce what is waited for, if it takes longer than this."""
    timer = Timer(seconds, announce, [sentence])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


@contextmanager
def _stopped_by_signals(device: Device) -> Iterator[None]:
    """Let Ctrl-C, a polite kill or the loss of the terminal stop the session aloud.

    A second one ends the program.
    """
    asked: list[int] = []

    def stop(number: int, _frame: object) -> None:
        if asked:
            device.leave()
        asked.append(number)
        device.post(Heard(Command.STOP, source="key"))

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_demo(
    language: Language, wav: Path, *, echo: float, model: Path | None = None
) -> tuple[Scenario, float]:
    """Play the demo in the studio and write it to `wav`; give what happened, and its seconds."""
    ears = open_ears(language, model)
    listener = open_listener(language, ears)
    studio = Studio(Mixer(), listener, Room(echo))
    routine = language.routine(ROUTINE)
    session = Session(language, routine, weak_hearing=bool(ears.weak))
    with (
        wav.open("wb") as file,
        closing(PromptNarrator(open_voice(language), clip_store())) as coach,
        closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person,
    ):
        coach.hold(vital_sentences(language), DEFAULT_RATE)
        director = Scenario(lambda words: person.clip(words, PERSON_RATE))
        Runner(session, studio, coach, Nobody(), partial(director, studio)).run()
        director.find_silences(studio.played)
        studio.save(file)
    return director, len(studio.played) / SAMPLE_RATE


class _All:
    """Several that are shown the same."""

    def __init__(self, *displays: Display) -> None:
        self._displays = displays

    def show(self, view: View) -> None:
        """Show it to each."""
        for display in self._displays:
            display.show(view)


class Nobody:
    """A display nobody looks at."""

    def show(self, view: View) -> None:
        """Show nothing."""
