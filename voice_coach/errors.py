"""Errors that a person can act on."""

from __future__ import annotations


class CoachError(Exception):
    """Something expected went wrong. The message is one sentence: what, where, how to mend it."""
