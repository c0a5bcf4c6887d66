"""The computer's sound system: finds and opens devices, and says why it cannot.

A call into it can hang for good (a sound server that is stopped), so calls run in a thread that can
be left behind. Only this module imports sounddevice, and only when sound is wanted: the rest of the
coach works without PortAudio.
"""

from __future__ import annotations

import atexit
import os
import sys
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLong
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeVar

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOKING = 5.0
"""Seconds the sound system may take to tell which devices there are."""

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


def common_rate(microphone: Found, loudspeaker: Found) -> int:
    """Give the coach's own rate where both devices do it, else the loudspeaker's."""
    sounddevice = _sounddevice()
    wanted = {"channels": 1, "dtype": "float32", "samplerate": SAMPLE_RATE}
    try:
        sounddevice.check_input_settings(device=microphone.index, **wanted)
        sounddevice.check_output_settings(device=loudspeaker.index, **wanted)
    except sounddevice.PortAudioError:
        return loudspeaker.rate
    return SAMPLE_RATE


def open_stream(
    device: Found,
    rate: int,
    latency: float,
    callback: Callable[..., None],
    ended: Callable[[], None],
) -> Stream:
    """Let mono float32 sound flow, `latency` seconds of it buffered; raises NoSoundDevice.

    `ended` is called if the stream ends by itself; a device whose callbacks cease is not noticed.
    """
    sounddevice = _sounddevice()
    kind = sounddevice.InputStream if device.what == "microphone" else sounddevice.OutputStream
    try:
        stream: Stream = kind(
            samplerate=rate,
            device=device.index,
            channels=1,
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
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(act(*arguments))
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            future.set_exception(error)

    try:
        with _no_chatter():
            Thread(target=run, name="sound system", daemon=True).start()
            return future.result(seconds)
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
    try:
        device = sounddevice.query_devices(name, kind)
    except sounddevice.PortAudioError:
        raise NoSoundDevice(
            f"This computer has no {what}: plug one in, or see in the system's sound settings "
            "that it is switched on, and start again."
        ) from None
    except ValueError:
        present = [
            each["name"] for each in sounddevice.query_devices() if each[f"max_{kind}_channels"]
        ]
        raise NoSoundDevice(
            f"'{name}' is not the name of one {what}: choose one of those present "
            f"({'; '.join(present) or 'none'})."
        ) from None
    return Found(what, device["index"], device["name"], round(device["default_samplerate"]))


def _sounddevice() -> Any:
    try:
        import sounddevice  # noqa: PLC0415 - the studio and --help must work without it
    except Exception as error:
        raise NoSoundDevice(
            f"PortAudio, through which sound comes and goes, cannot be used ({error}): install it "
            "(Debian and Ubuntu: sudo apt install libportaudio2) and start again."
        ) from error
    return sounddevice


@contextmanager
def _no_chatter() -> Iterator[None]:
    """Keep off the terminal what ALSA and PortAudio print there while they look for devices."""
    terminal = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
