"""An offline, hands-free, voice-guided back-stretching coach."""

__version__ = "0.1.0"
