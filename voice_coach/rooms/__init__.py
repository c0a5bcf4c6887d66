"""Tells an MQTT broker how the sessions of a room go, and follows all rooms there for a board."""
