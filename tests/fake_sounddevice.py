"""A sounddevice that has no sound: what it pretends to find is settable, its streams are pumped."""

from __future__ import annotations

import numpy as np


class PortAudioError(Exception):
    """As in the real one: a message and a number."""


class Flags:
    """The status flags of a callback; false when none is set, as the real ones."""

    def __init__(self, **which):
        self.input_overflow = self.output_underflow = self.priming_output = False
        self.__dict__.update(which)

    def __bool__(self):
        return self.input_overflow or self.output_underflow or self.priming_output


class FakeStream:
    """A stream whose callback is called by hand."""

    def __init__(self, *, callback, finished_callback, device, samplerate, **settings):
        self.callback = callback
        self.ceases = finished_callback
        self.device = device
        self.samplerate = samplerate
        self.settings = settings
        self.calls = []

    def start(self):
        self.calls.append("start")

    def stop(self):
        self.calls.append("stop")

    def abort(self):
        self.calls.append("abort")

    def close(self):
        self.calls.append("close")

    def speak_all(self, frames, **flags):
        """Ask for the next samples to play, on all channels."""
        played = np.full((frames, self.settings["channels"]), np.nan, np.float32)
        self.callback(played, frames, None, Flags(**flags))
        return played

    def speak(self, frames, **flags):
        """Ask for the next samples to play; give those of the first channel."""
        return self.speak_all(frames, **flags)[:, 0]

    def hear(self, samples, **flags):
        """Give the next samples of the microphone, shape (n,) or (n, channels)."""
        samples = np.asarray(samples, np.float32).reshape(len(samples), -1)
        self.callback(samples, len(samples), None, Flags(**flags))


class FakeSounddevice:
    """Stands in for the module; put it in ``sys.modules["sounddevice"]``."""

    PortAudioError = PortAudioError

    def __init__(self):
        self.devices = [
            self.device("Desk microphone", inputs=1),
            self.device("Kitchen speaker", outputs=2),
        ]
        self.rates = {16_000, 48_000}
        """Rates that every device takes, but for those in `only`."""
        self.only = {}
        """By the index of a device: the pairs of rate and channels that it takes, and no others."""
        self.busy = set()
        self.has_default = True
        self.streams = []

    @staticmethod
    def device(name, inputs=0, outputs=0):
        """Describe a device as the real one does."""
        return {
            "name": name,
            "max_input_channels": inputs,
            "max_output_channels": outputs,
            "default_samplerate": 48_000.0,
        }

    @staticmethod
    def get_portaudio_version():
        """Tell a number and a name, as the real one does."""
        return 1246976, "PortAudio V19.6.0-devel, revision 123"

    def query_devices(self, name=None, kind=None):
        """Find a device, or list all."""
        devices = [{**each, "index": index} for index, each in enumerate(self.devices)]
        if kind is None:
            return devices
        fit = [each for each in devices if each[f"max_{kind}_channels"]]
        assert name is None, "the coach compares names by itself"
        if not fit or not self.has_default:
            raise PortAudioError("Error querying device -1")
        return fit[0]

    def check_input_settings(self, *, samplerate, device, channels, **_):
        """Object to a rate, or to a number of channels."""
        if device in self.only and (samplerate, channels) not in self.only[device]:
            raise PortAudioError("Invalid number of channels", -9998)
        if device not in self.only and samplerate not in self.rates:
            raise PortAudioError("Invalid sample rate", -9997)

    check_output_settings = check_input_settings

    def InputStream(self, **settings):  # noqa: N802 - its name in the real one
        """Open a device."""
        if settings["device"] in self.busy:
            raise PortAudioError("Device unavailable", -9985)
        form = {name: settings[name] for name in ("samplerate", "device", "channels")}
        self.check_input_settings(**form)
        self.streams.append(FakeStream(**settings))
        return self.streams[-1]

    OutputStream = InputStream
