"""A real Mosquitto of a test's own, and somebody who watches what it passes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

PATIENCE = 10.0
"""Seconds to wait for what comes in hundredths, on a computer that is busy."""


def until(holds, seconds=PATIENCE):
    """Wait until `holds` gives something, and give it."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)
    return found


class Mosquitto:
    """A broker on a free port of the loopback address, and not yet there."""

    def __init__(self, folder, *lines):
        self._program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
        assert self._program, "Mosquitto is missing: sudo apt install mosquitto"
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._config = folder / "mosquitto.conf"
        # What was confirmed outlives the broker: it is written down before more is done.
        kept = ["persistence true", f"persistence_location {folder}/", "autosave_interval 1"]
        lines = lines or ("allow_anonymous true",)
        own = ["user root"] if os.geteuid() == 0 else []
        self._config.write_text(
            "\n".join(
                [f"listener {self.port} 127.0.0.1", *kept, "autosave_on_changes true", *own, *lines]
            )
        )
        self._process = None

    def start(self):
        self._process = subprocess.Popen(
            [self._program, "-c", self._config],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._answers)
        return self

    def _answers(self):
        with closing(socket.socket()) as knocking:
            return knocking.connect_ex(("127.0.0.1", self.port)) == 0

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def end(self):
        if self._process:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None


class Watcher:
    """Sees all that the broker passes on, and what it had for a watcher who was away."""

    def __init__(self, port, name="watcher"):
        self.messages = []
        """Topic, payload, and whether the broker had kept it, in order."""
        self._client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTv5)
        self._client.on_message = lambda _client, _data, message: self.messages.append(
            (message.topic, message.payload.decode(), message.retain)
        )
        self._client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self._client.reconnect_delay_set(0.1, 0.1)
        expiry = Properties(PacketTypes.CONNECT)
        expiry.SessionExpiryInterval = 60
        self._seen = []
        self._client.on_subscribe = lambda *_: self._seen.append(True)
        self._client.connect("127.0.0.1", port, clean_start=False, properties=expiry)
        self._client.loop_start()
        until(lambda: self._seen)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, topic, payload, *, retain=False):
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE)

    def told(self, topic):
        """Give the payloads of this topic so far."""
        return [payload for name, payload, _ in self.messages if name == topic]

    def states(self, room="mat"):
        return [json.loads(payload) for payload in self.told(f"voice-coach/{room}/state")]

    def events(self, room="mat"):
        return [json.loads(payload) for payload in self.told(f"voice-coach/{room}/event")]
