"""The computer's sound system: finds and opens devices, and says why it cannot.

A call into it can hang for good (a sound server that is stopped), so calls run in a thread that can
be left behind. Only this module imports sounddevice, and only when sound is wanted: the rest of the
coach works without PortAudio.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import sys
import unicodedata
from concurrent.futures import TimeoutError as TooLong
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TextIO, TypeVar

from voice_coach.background import in_background
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Callable

LOOKING = 5.0
"""Seconds the sound system may take to tell which devices there are."""
USUAL_RATES = (48_000, 44_100, 32_000, 96_000, 8_000)
"""Samples a second that are tried where a device takes neither the wanted rate nor its own."""

T = TypeVar("T")


class NoSoundDevice(CoachError):
    """Sound cannot flow; the message is one sentence for the user: what, where, how to mend it."""


class Stream(Protocol):
    """Sound that flows one way."""

    def start(self) -> None:
        """Let it flow."""

    def stop(self) -> None:
        """End once all that is in store has been played."""

    def abort(self) -> None:
        """End at once."""

    def close(self) -> None:
        """Give the device back."""


@dataclass(frozen=True)
class Found:
    """A microphone or a loudspeaker that is present."""

    what: Literal["microphone", "loudspeaker"]
    index: int
    name: str
    rate: int
    """Samples a second it likes best."""
    channels: int = 1
    """As many as it has."""


class Format(NamedTuple):
    """How sound flows to or from one device."""

    rate: int
    """Samples a second."""
    channels: int


class Devices(NamedTuple):
    """The names of a microphone and a loudspeaker."""

    microphone: str
    loudspeaker: str


def devices_present(microphone: str | None = None, loudspeaker: str | None = None) -> Devices:
    """Give the pair a session would use: the ones named, else the system's own choice.

    Raises NoSoundDevice, which tells why, if a session could not have sound here.
    """
    return Devices(*(each.name for each in within(LOOKING, find, microphone, loudspeaker)))


def portaudio() -> str:
    """Give the version of PortAudio; raises NoSoundDevice if it cannot be used."""
    version: str = within(LOOKING, lambda: _sounddevice().get_portaudio_version()[1])
    return version.partition(",")[0].removeprefix("PortAudio ")


def all_devices() -> tuple[list[str], list[str]]:
    """List the names of all microphones and loudspeakers; raises NoSoundDevice if it cannot."""
    sounddevice = within(LOOKING, _sounddevice)
    devices = within(LOOKING, sounddevice.query_devices)
    inputs, outputs = (
        list(dict.fromkeys(each["name"] for each in devices if each[f"max_{kind}_channels"]))
        for kind in ("input", "output")
    )
    return inputs, outputs


def find(microphone: str | None, loudspeaker: str | None) -> tuple[Found, Found]:
    """Find the pair that devices_present names, for as long as it takes."""
    return _pick("microphone", "input", microphone), _pick("loudspeaker", "output", loudspeaker)


def find_loudspeaker() -> Found:
    """Find the system's own loudspeaker, for as long as it takes; raises NoSoundDevice."""
    return _pick("loudspeaker", "output", None)


def accepted_format(device: Found, wanted: int = SAMPLE_RATE) -> Format:
    """Give the format to open a device in: at the `wanted` rate and one channel where it can.

    Some devices take their own rate only, or all of their channels only. A device that takes
    nothing is asked for what it likes best, so that opening it tells why.
    """
    sounddevice = _sounddevice()
    kind = "input" if device.what == "microphone" else "output"
    accepts = getattr(sounddevice, f"check_{kind}_settings")
    for rate in dict.fromkeys((wanted, device.rate, *USUAL_RATES)):
        for channels in sorted({1, min(2, device.channels), device.channels}):
            with suppress(sounddevice.PortAudioError):
                accepts(device=device.index, channels=channels, dtype="float32", samplerate=rate)
                return Format(rate, channels)
    return Format(device.rate, 1)


def open_stream(
    device: Found,
    form: Format,
    latency: float,
    callback: Callable[..., None],
    ended: Callable[[], None],
) -> Stream:
    """Let float32 sound flow, `latency` seconds of it buffered; raises NoSoundDevice.

    `ended` is called if the stream ends by itself; a device whose callbacks cease is not noticed.
    """
    sounddevice = _sounddevice()
    kind = sounddevice.InputStream if device.what == "microphone" else sounddevice.OutputStream
    try:
        stream: Stream = kind(
            samplerate=form.rate,
            device=device.index,
            channels=form.channels,
            dtype="float32",
            latency=latency,
            callback=callback,
            finished_callback=ended,
        )
        stream.start()
    except sounddevice.PortAudioError as error:
        raise NoSoundDevice(
            f"The {device.what} '{device.name}' cannot be opened ({error.args[0]}): close other "
            "programs that use it, or choose another."
        ) from error
    return stream


def within(seconds: float, act: Callable[..., T], *arguments: object) -> T:
    """Call into the sound system; raises NoSoundDevice if it takes longer than `seconds`."""
    try:
        with _NO_CHATTER:
            return in_background("sound system", act, *arguments).result(seconds)
    except TooLong:
        # At the end of the program PortAudio would be asked once more, and hang the program.
        atexit.unregister(getattr(sys.modules.get("sounddevice"), "_exit_handler", within))
        raise NoSoundDevice(
            "The sound system does not answer: restart it, or the computer, and start again."
        ) from None


def _pick(
    what: Literal["microphone", "loudspeaker"], kind: Literal["input", "output"], name: str | None
) -> Found:
    sounddevice = _sounddevice()
    key = f"max_{kind}_channels"
    present = [
        {**each, "index": index}
        for index, each in enumerate(sounddevice.query_devices())
        if each[key] > 0
    ]
    if not present:
        raise NoSoundDevice(
            f"This computer has no {what}: plug one in, or see in the system's sound settings "
            "that it is switched on, and start again."
        )
    if name is None:
        device = present[0]
        with suppress(sounddevice.PortAudioError, ValueError):  # there may be no default
            device = sounddevice.query_devices(None, kind)
    else:
        device = _named(what, name, present)
    return Found(
        what, device["index"], device["name"], round(device["default_samplerate"]), device[key]
    )


def _named(what: str, name: str, present: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the device of this name, or the only one with this part in its name.

    Windows lists a device once for each of its sound interfaces; the first one is the usual one.
    """
    wanted = _plain(name)
    fitting = [each for each in present if _plain(each["name"]) == wanted] or [
        each for each in present if wanted in _plain(each["name"])
    ]
    names = list(dict.fromkeys(each["name"] for each in fitting))
    if len(names) == 1:
        return fitting[0]
    if names:
        raise NoSoundDevice(
            f"'{name}' is part of the name of several devices: write more of it, to mean one "
            f"{what} of these ({'; '.join(names)})."
        )
    known = dict.fromkeys(each["name"] for each in present)
    raise NoSoundDevice(
        f"'{name}' is not the name of one {what}: choose one of those present ({'; '.join(known)})."
    )


def _plain(name: str) -> str:
    """Give a name as it is compared: without case, accents composed, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _sounddevice() -> Any:
    try:
        import sounddevice  # noqa: PLC0415 - the studio and --help must work without it
    except Exception as error:
        raise NoSoundDevice(
            f"PortAudio, through which sound comes and goes, cannot be used ({error}): install it "
            "(Debian and Ubuntu: sudo apt install libportaudio2) and start again."
        ) from error
    _silence_alsa()
    return sounddevice


@cache
def _silence_alsa() -> None:
    """Take from ALSA's library what it would write to the terminal, for good.

    It writes "underrun occurred" from the audio thread. That scribbles over the screen, and stops
    the loudspeaker where the terminal takes nothing. The handler is a function of C that does
    nothing, since one of Python would make the audio thread wait for the interpreter (alsa-lib,
    error.h, ``snd_lib_error_set_handler``; since version 1.2.15 ``snd_lib_log_set_handler``).
    """
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        alsa = ctypes.CDLL("libasound.so.2")
        nothing = ctypes.cast(ctypes.CDLL(None).abs, ctypes.c_void_p)
        alsa.snd_lib_error_set_handler(nothing)
        alsa.snd_lib_log_set_handler(nothing)


class _Chatter:
    """Keeps off the terminal what ALSA and PortAudio print there while they look for devices.

    What Python prints there meanwhile, in any thread, still comes there. Several threads may be
    inside at once: the last to leave gives the terminal back.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._terminal: TextIO | None = None
        """What Python prints to while libraries print to nothing. It stays open, for a thread may
        still be printing there."""
        self._muted = False
        self._usual: TextIO | None = None

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            with suppress(OSError):  # the shell has closed it, and nothing can come there
                if self._terminal is None:
                    self._terminal = os.fdopen(os.dup(2), "w", 1, "utf-8", "backslashreplace")
                    atexit.register(self._terminal.close)
                else:
                    os.dup2(2, self._terminal.fileno())
                self._muted = True
                with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                    os.dup2(nowhere.fileno(), 2)
                if sys.stderr is sys.__stderr__:
                    self._usual, sys.stderr = sys.stderr, self._terminal

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside or not self._muted or self._terminal is None:
                return
            self._muted = False
            os.dup2(self._terminal.fileno(), 2)
            if sys.stderr is self._terminal:
                sys.stderr = self._usual


_NO_CHATTER = _Chatter()
