"""Tells an MQTT broker how the sessions of one room go, and takes "stop" from it."""
