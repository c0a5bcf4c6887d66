"""Somebody who watches what a real Mosquitto passes on."""

from __future__ import annotations

import json

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from trials.mosquitto import PATIENCE, Mosquitto, until

__all__ = ["Mosquitto", "Watcher", "until"]


class Watcher:
    """Sees all that the broker passes on, and what it had for a watcher who was away."""

    def __init__(self, port, name="watcher", host="127.0.0.1"):
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
        self._client.connect(host, port, clean_start=False, properties=expiry)
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
