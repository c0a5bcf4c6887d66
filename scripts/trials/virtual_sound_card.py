"""A sound card without hardware: a private PulseAudio whose loudspeaker and room are null sinks.

The virtual microphone hears the "room"; whatever is said there is what the person says. The
server lives in a folder of its own and answers on a socket of its own, so a user's own sound
server is neither seen nor touched, and only processes started here are ever ended. Programs
reach the card with ``env`` added to their environment; PortAudio reads it when it initialises,
so a program under test is a child process that gets ``env`` before it starts.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING, cast

import numpy as np

from trials.microphone import RATE, Microphone
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray
    from typing_extensions import Self

    from trials.microphone import Spoilt

# Without norewinds a null sink takes back what it has rendered, and streams stall for seconds.
SERVER = """\
load-module module-native-protocol-unix socket={folder}/pulse.sock auth-anonymous=1
load-module module-null-sink norewinds=1 sink_name=speaker rate=48000 channels=1
load-module module-null-sink norewinds=1 sink_name=room rate=48000 channels=1
load-module {microphone}
load-module module-null-source source_name=nothing rate=48000 channels=1
set-default-sink speaker
set-default-source mic
"""

MICROPHONE = "module-remap-source source_name=mic master=room.monitor"
OWN_CLOCK = (
    "module-pipe-source source_name=mic file={folder}/mic.pipe format=float32le "
    f"rate={RATE} channels=1"
)
"""A microphone of the server's clock, and one whose samples come from here."""

CONFIGURATION = f"default-sample-rate = {RATE}\n"
"""A program that plays at the usual rate, as Chromium does, plays at the sinks' own."""

# The whole of ALSA as a client sees it: one device, so that no real one can be the default.
ALSA = """\
pcm.!default {{
    type pulse
    server "unix:{folder}/pulse.sock"
    hint {{ show on description "A virtual sound card" }}
}}
"""

EQUAL = 100
"""Volume in percent at which the coach is as loud in the room as the person."""
RAW = ("--raw", f"--rate={SAMPLE_RATE}", "--channels=1", "--format=float32le")
"""How samples pass to and from the server's tools: those of the coach, 16 kHz mono float32."""


class Recording:
    """What has sounded in one place since the recording began."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._pieces: list[NDArray[np.float32]] = []
        self._arrivals: list[float] = []
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def samples(self) -> NDArray[np.float32]:
        """Samples recorded so far, 16 kHz mono, -1 to 1."""
        return np.concatenate((np.zeros(0, np.float32), *self._pieces))

    @property
    def times(self) -> NDArray[np.float64]:
        """By which moment of ``time.monotonic`` each of the samples had been played."""
        return np.concatenate(
            [
                arrival + (np.arange(len(piece)) - len(piece)) / SAMPLE_RATE
                for piece, arrival in zip(self._pieces, self._arrivals, strict=False)
            ]
        )

    def end(self) -> None:
        """Take the samples that are still in buffers."""
        self._thread.join()
        self._source.close()

    def _read(self) -> None:
        rest = b""
        while piece := os.read(self._source.fileno(), 1 << 16):
            whole = (len(rest) + len(piece)) // 4 * 4
            self._arrivals.append(time.monotonic())
            self._pieces.append(np.frombuffer((rest + piece)[:whole], np.float32))
            rest = (rest + piece)[whole:]


class VirtualSoundCard:
    """A loudspeaker, a room and a microphone, for as long as the ``with`` block lasts."""

    def __init__(self, drift: float | None = None, block: int = 1) -> None:
        """Give the microphone a clock that is this many millionths too fast, if not None.

        Only a microphone with a clock of its own can be spoilt. What is recorded arrives every
        `block` milliseconds, and while it is recorded the sound card takes sound in such blocks.
        """
        self._block = f"--latency-msec={block}"
        self._folder = Path(tempfile.mkdtemp(prefix="card-"))
        self._started: list[subprocess.Popen[bytes]] = []
        self._sounds = 0
        self._own: Microphone | None = None
        self._leak = ""
        """The server's number of the echo."""
        source = MICROPHONE if drift is None else OWN_CLOCK.format(folder=self._folder)
        server = SERVER.format(folder=self._folder, microphone=source)
        (self._folder / "server.pa").write_text(server)
        (self._folder / "daemon.conf").write_text(CONFIGURATION)
        (self._folder / "alsa.conf").write_text(ALSA.format(folder=self._folder))
        self.env = {
            "PULSE_SERVER": f"unix:{self._folder}/pulse.sock",
            "PULSE_CONFIG": f"{self._folder}/daemon.conf",
            "PULSE_COOKIE": f"{self._folder}/cookie",
            "PULSE_RUNTIME_PATH": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "ALSA_CONFIG_PATH": f"{self._folder}/alsa.conf",
        }
        """What a program needs in its environment to use this card and no other."""
        self._server = self._start(
            *("pulseaudio", "-n", "-F", str(self._folder / "server.pa"), "--daemonize=no"),
            *("--exit-idle-time=-1", "--use-pid-file=no", "--system=no"),
        )
        try:
            self._until(lambda: "mic" in self._control("list", "short", "sources"), "no server")
            if drift is not None:
                self._own = self._microphone(drift)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Use the card; it is there already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the card away."""
        self.close()

    def say(self, sound: Path | NDArray[np.float32]) -> subprocess.Popen[bytes]:
        """Speak a WAV file, or 16 kHz samples, into the room.

        Returns at once; ``wait()`` on what is given back lasts until all has been said.
        """
        if isinstance(sound, Path):
            return self._start("paplay", "--device=room", str(sound))
        return self._start("paplay", "--device=room", *RAW, str(self._file(sound)))

    @contextmanager
    def background(self, sound: NDArray[np.float32]) -> Iterator[None]:
        """Let the microphone hear 16 kHz samples over and over; it needs a clock of its own.

        They do not come through the server: with a long sound in it the room was 0.08 % too fast,
        and the echo came sooner and sooner until it was gone. Probably a sink that mixes two sounds
        renders pieces of any length, and rounds the time of each.
        """
        microphone = self._with_own_clock
        at = np.arange(len(sound) * RATE // SAMPLE_RATE) * SAMPLE_RATE / RATE
        microphone.background = np.interp(at, np.arange(len(sound)), sound).astype(np.float32)
        try:
            yield
        finally:
            microphone.background = np.zeros(1, np.float32)

    def spoil(self, how: Spoilt) -> None:
        """Let the microphone live and not hear; it needs a clock of its own."""
        self._with_own_clock.spoilt = how

    @property
    def _with_own_clock(self) -> Microphone:
        if self._own is None:
            raise ValueError("This microphone has no clock of its own.")
        return self._own

    def _microphone(self, drift: float) -> Microphone:
        room = self._start(
            *("parec", "--device=room.monitor", "--latency-msec=1", "--raw", f"--rate={RATE}"),
            *("--channels=1", "--format=float32le"),
            output=subprocess.PIPE,
        )
        return Microphone(cast("IO[bytes]", room.stdout), self._folder / "mic.pipe", drift)

    def record_loudspeaker(self) -> AbstractContextManager[Recording]:
        """Record what the loudspeaker plays, from before the block's first line."""
        return self._record("speaker")

    def record_room(self) -> AbstractContextManager[Recording]:
        """Record all that sounds in the room, likewise."""
        return self._record("room")

    @contextmanager
    def _record(self, place: str) -> Iterator[Recording]:
        recorder = self._start(
            *("parec", f"--device={place}.monitor", self._block, *RAW),
            output=subprocess.PIPE,
        )
        recording = Recording(cast("IO[bytes]", recorder.stdout))
        self._until(lambda: len(recording.samples) > 0, "the recorder does not start")
        try:
            yield recording
        finally:
            recorder.terminate()
            recorder.wait()
            recording.end()

    def echo(self, volume_percent: int, milliseconds: int = 30) -> None:
        """Let the loudspeaker be heard in the room, at this volume, about 10 ms later than told.

        Called again, it takes the place of the echo that was there.
        """
        if self._leak:
            self._control("unload-module", self._leak)
        self._leak = module = self._control(
            *("load-module", "module-loopback", "source=speaker.monitor", "sink=room"),
            *(f"latency_msec={milliseconds}", "source_dont_move=true", "sink_dont_move=true"),
            # Never trim the rate: an echo path whose delay creeps is a fault of its own.
            "adjust_time=0",
        ).strip()
        inputs = json.loads(self._control("--format=json", "list", "sink-inputs"))
        leak = next(str(each["index"]) for each in inputs if each["owner_module"] == module)
        self._control("set-sink-input-volume", leak, f"{volume_percent}%")

    def kill(self) -> None:
        """End the server as a crash would."""
        self._server.kill()
        self._server.wait()

    def freeze(self) -> None:
        """Stop the server where it stands: it holds its connections and answers nobody."""
        self._server.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._server.send_signal(signal.SIGCONT)

    def suspend_speaker(self) -> None:
        """Put the loudspeaker to sleep, as unplugging a headset does."""
        self._control("suspend-sink", "speaker", "1")

    def remove_microphone(self) -> None:
        """Take the microphone away, as pulling its plug does."""
        self._control("unload-module", "module-remap-source")

    def mute_microphone(self) -> None:
        """Switch the microphone off in the system's settings."""
        self._control("set-source-mute", "mic", "1")

    def drop_gain(self) -> None:
        """Turn the microphone down to 5 % in the system's settings."""
        self._control("set-source-volume", "mic", "-26dB")

    def hiss(self) -> None:
        """Let the room be never quite silent, as no real one is: noise, 60 dB below speech.

        A tone would not do, because it repeats to the bit, as a driver does that hangs.
        """
        self._noise(6554)  # a tenth, whose cube is -60 dB

    def roar(self) -> None:
        """Let a noise at full scale be heard in the room."""
        self._noise(65536)

    def _noise(self, volume: int) -> None:
        self._start(
            *("pacat", "--device=room", "--rate=16000", "--channels=1", "--format=u8"),
            *(f"--volume={volume}", "/dev/urandom"),
        )

    def suspend_microphone(self) -> None:
        """Put the microphone to sleep."""
        self._control("suspend-source", "mic", "1")

    def close(self) -> None:
        """End every process started here, and leave nothing behind."""
        with ExitStack() as last:
            last.callback(shutil.rmtree, self._folder, ignore_errors=True)
            if self._own:
                last.callback(self._own.end)
            for process in self._started:
                last.callback(process.wait)
                with suppress(ProcessLookupError):
                    process.kill()

    def _start(self, *command: str, output: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - the commands are our own
            command,
            env={**os.environ, **self.env, "HOME": str(self._folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
        )
        self._started.append(process)
        return process

    def _control(self, *words: str) -> str:
        return subprocess.run(  # noqa: S603 - the words are our own
            ["pactl", *words],  # noqa: S607 - found wherever the system has it
            env={**os.environ, **self.env, "HOME": str(self._folder)},
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        ).stdout

    def _file(self, samples: NDArray[np.float32]) -> Path:
        self._sounds += 1
        path = self._folder / f"sound-{self._sounds}.f32"
        samples.astype(np.float32).tofile(path)
        return path

    def _until(self, ready: Callable[[], bool], trouble: str) -> None:
        deadline = time.monotonic() + 10
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The virtual sound card failed: {trouble}.")
            time.sleep(0.02)
