"""The composition root: the only module that knows the runner and every adapter.

It gives a session its stage, voice, listener and display; each is described in its own module.
"""

from __future__ import annotations

import gc
import secrets
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from voice_coach.audio.device import Device
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.recorder import AudioRecorder
from voice_coach.audio.sound_system import portaudio
from voice_coach.audio.while_loading import HeldBack, LoadingListener
from voice_coach.background import if_longer, in_background
from voice_coach.catalogue import read_limits, read_rules, read_screening
from voice_coach.core.assigned_plan import read_assigned_plan
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipStarted, Fault, Heard
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.safety import vital_sentences
from voice_coach.core.session import Session
from voice_coach.core.view import Outcome
from voice_coach.display.terminal.keyboard import Keyboard
from voice_coach.display.terminal.screen import open_display
from voice_coach.hearing.loaded_later import LoadedLater
from voice_coach.hearing.session_hearing import as_heard, live_listener, own_rules, warn_if_busy
from voice_coach.history import store
from voice_coach.history.event_log import kept
from voice_coach.history.log_writer import SessionLogWriter, sound_of
from voice_coach.history.recorder import HistoryRecorder
from voice_coach.history.usage import Figures, recall
from voice_coach.only_session import only_session
from voice_coach.runner import Runner
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import Narrator
from voice_coach.speech.shipped_voice import ShippedVoice
from voice_coach.speech.voices import choose_voice
from voice_coach.watchman import Watchman, stopped_by_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.audio.live_stage import LiveStage
    from voice_coach.core.actions import Action
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.ports import Display
    from voice_coach.core.view import View
    from voice_coach.display.terminal.plain_lines import PlainLines
    from voice_coach.display.terminal.screen import Terminal
    from voice_coach.display.web.display import WebDisplay
    from voice_coach.hearing.recognisers import Recognisers
    from voice_coach.rooms.room import Room
    from voice_coach.speech.clips import SpeechClip
    from voice_coach.speech.narrator import Synthesiser

A_WHILE = 1.0
"""Seconds a person waits without being told for what."""
USUAL_START = 0.3
"""Seconds in which a voice is chosen and the vital sentences are read: 0.1 on an idle laptop. Where
it takes longer, this computer may be too slow to listen, too."""

STOP_SIGNAL = Heard(Command.STOP, source="signal")

PORTION = 2_000
"""New objects after which Python looks for garbage in a session: as many as from Python 3.13 on."""


@dataclass(frozen=True)
class LiveOptions:
    """The parts a live session uses; what it does is in its ``SessionConfig``."""

    model: Path | None = None
    """The speech model; None: the one that is there or can be fetched."""
    microphone: str | None = None
    loudspeaker: str | None = None
    """The devices by name; None: the system's own."""
    voice: str = ""
    """As ``known_voices`` lists it; empty: the language's own."""

    make_stage: Callable[[BlockListener, SpeechClip | None], LiveStage] | None = None
    """Makes another stage than the sound card, from a listener and the last words."""

    def stage(self, listener: BlockListener, last_words: SpeechClip | None) -> LiveStage:
        """Make the stage of a session."""
        if self.make_stage:
            return self.make_stage(listener, last_words)
        return Device(
            Mixer(),
            listener,
            last_words=last_words,
            microphone=self.microphone,
            loudspeaker=self.loudspeaker,
        )


def run_live(
    config: SessionConfig,
    options: LiveOptions,
    *,
    announce: Callable[[str], None],
    leave: Callable[[], None],
    web: WebDisplay | None = None,
    room: Room | None = None,
    hearing: LoadedLater | None = None,
    make_listener: Callable[[Language, Recognisers], BlockListener] | None = None,
) -> View:
    """Lead a session in real time, on microphone and loudspeaker; give its last view.

    What the history allows and how well the coach hears is added to `config` here. `announce` is
    told what the person should know before or after the session. If this thread hangs, another one
    calls `leave`, which must end the program at once. With `web` the session is shown there too,
    and can be steered there; with `room` it is told to a broker, and can be stopped from there.
    `hearing` is what is being found already; else the search begins here.
    `make_listener` lets a trial put something around the listener.

    Raises ``NoSoundDevice``, ``VoiceUnavailable``, ``NoModel``, ``UnusableModel`` or
    ``AnotherSession``, each with a sentence for the person. Raises ``KeyboardInterrupt`` after a
    session that a signal has stopped, if the page would wait for another one.
    """
    device: LiveStage
    sound: AudioRecorder | None
    language, history, sound = config.language, HistoryRecorder(), None
    with ExitStack() as stack:
        stack.enter_context(only_session(store.FILE.parent))
        in_background("sound system", portaudio)
        hearing = stack.enter_context(hearing or LoadedLater(language, options.model))
        figures = Figures(read_limits(), read_screening(), read_rules())
        remembered = recall(language, figures, announce)
        began = perf_counter()
        voice = _chosen_voice(language, options.voice, announce)
        narrator = Narrator(voice, clip_store(), lambda event: device.post(event))  # noqa: PLW0108 - there is no device yet
        stack.enter_context(closing(narrator))
        with if_longer(A_WHILE, announce, "Voice and hearing are getting ready ..."):
            narrator.hold(vital_sentences(language), DEFAULT_RATE)
            slow = perf_counter() - began > USUAL_START
            # A model that is not known to load can leave the session without hearing.
            recognisers = hearing.at_once() if slow or not hearing.found.result().sure else None
        if recognisers:
            config = as_heard(config, recognisers, announce)
        language = config.language
        config = SessionConfig(
            **{
                **dict(config),
                "seed": secrets.randbelow(2**31),
                "assigned": room and room.offer(partial(read_assigned_plan, language), announce),
                "asks_consent": room is not None and room.asks_consent,
                **remembered,
            }
        )
        last_words = narrator.clip(language.coach.faults.broken, DEFAULT_RATE)
        if recognisers and last_words:
            warn_if_busy(language, recognisers, last_words.samples, announce)
        log = stack.enter_context(SessionLogWriter(config))
        rules = own_rules(store.FILE.parent, language, announce)
        make = make_listener or partial(live_listener, rules=rules)
        ears = in_background("ears", _when_loaded, make, language, hearing)
        listener: BlockListener = LoadingListener(ears)
        if config.audio_kept:
            sound = stack.enter_context(AudioRecorder(sound_of(log.path)))
            listener = sound.around(listener)
        device = options.stage(listener, last_words)
        session = Session(config)
        post = HeldBack(device.post, ears)
        # The page says that the session is over when a signal ends the program again.
        followers = _followers(stack, language, post, web, room)
        # It is left late: a signal that comes while all is put away must not end that.
        signalled = stack.enter_context(
            stopped_by_signals(partial(device.post, STOP_SIGNAL), device.leave)
        )
        stack.enter_context(history)
        stack.enter_context(device)
        display = stack.enter_context(open_display(language))
        keyboard = stack.enter_context(Keyboard(post, language.routines, display))
        shown = _All(display, history, *followers)
        ends = [each.__exit__ for each in (display, keyboard, history, log, room) if each]
        stack.enter_context(
            Watchman(lambda: device.heartbeat, partial(_clean_up, display, shown, log, ends), leave)
        )
        _keep_what_is_loaded()
        Runner(session, device, narrator, shown, _noting(session, log, hearing)).run()
    _tell_what_is_kept(history, log, sound, announce)
    if web and web.home and signalled.is_set():
        raise KeyboardInterrupt
    return session.view(0.0)


def _tell_what_is_kept(
    history: HistoryRecorder,
    log: SessionLogWriter,
    sound: AudioRecorder | None,
    announce: Callable[[str], None],
) -> None:
    """Say what could not be written, and where the sound is."""
    if history.trouble:
        announce(f"{history.trouble} This session is not remembered whole.")
    for trouble in (log.trouble, sound and sound.trouble):
        if trouble:
            announce(str(trouble))
    if sound and not sound.trouble:
        announce(f"The sound of this session is in {sound_of(log.path)}.")


def _when_loaded(
    make: Callable[[Language, Recognisers], BlockListener], language: Language, hearing: LoadedLater
) -> BlockListener:
    return make(language, hearing.recognisers.result())


def _noting(
    session: Session, log: SessionLogWriter, hearing: LoadedLater
) -> Callable[[float, Event | Action], None]:
    """Write down what happens, and load the recognisers as soon as the first sentence sounds."""

    def note(now: float, what: Event | Action) -> None:
        log(now, kept(session.state, what))
        if isinstance(what, ClipStarted):
            hearing.begin()

    return note


def _keep_what_is_loaded() -> None:
    """Look for garbage in small portions again, and not among all that was loaded.

    The search stops everything, the sound as well: 0.02 s where it goes through all.
    """
    if not gc.get_freeze_count():
        gc.freeze()
    gc.set_threshold(PORTION)


def _clean_up(
    display: Terminal | PlainLines,
    shown: _All,
    log: SessionLogWriter,
    ends: Sequence[Callable[[], None]],
) -> None:
    """Show and write down that the coach hung, and call the `ends`.

    It is called in another thread than the one that hangs.
    """
    fault = Fault("computer", "The coach broke down: start it again.")
    if display.view:
        outcome = display.view.outcome or Outcome.FAULT
        view = replace(display.view, outcome=outcome, fault=fault.reason)
        log(view.now, fault)
        shown.show(view)
    for end in ends:
        end()


def _chosen_voice(language: Language, name: str, announce: Callable[[str], None]) -> Synthesiser:
    choice = choose_voice(language, name)
    if choice.warning:
        announce(choice.warning)
    if not isinstance(choice.voice, ShippedVoice):  # an engine that has spoken once answers in time
        in_background("first words", choice.voice.render, language.coach.welcome[0], DEFAULT_RATE)
    return choice.voice


class _Follower(Protocol):
    def session(
        self, language: Language, post: Callable[[Event], None]
    ) -> AbstractContextManager[Display]: ...


def _followers(
    stack: ExitStack,
    language: Language,
    post: Callable[[Event], None],
    *followers: _Follower | None,
) -> list[Display]:
    """Let all that are there follow a session, until the end of the stack."""
    return [stack.enter_context(each.session(language, post)) for each in followers if each]


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
