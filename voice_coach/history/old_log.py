"""Reads what logs of format 1 hold as if they were of format 2, so that they still replay.

Format 1 has other names for the same things. A log may come from anywhere, so its shape is not
trusted here; what is wrong with it is found afterwards, in its new form.
"""

from __future__ import annotations

from typing import Any

CONFIG = {
    "taped": "audio_kept",
    "verdict": "guard",
    "known": "known_routines",
    "proven": "stop_tested",
}
LANGUAGE = {"decoys": "fillers"}
COACH = {
    "taped": "audio_kept",
    "doubt": "pain_confirmation",
    "recording": "rendering",
    "guard": "usage_guard",
    "proof": "stop_test",
}
STOP_TEST = {"proven": "passed"}
PROMPTS = {"another": "restart"}
LINE = {"margin": "llr"}
COMMANDS = {
    "start_over": ["start over"],
    "where": ["where are we"],
    "what_next": ["what's next"],
    "unhurt": ["no pain"],
}
ANSWERS = {"where": "{title}. Step {n} of {steps}.", "next_step": "After this one: {title}."}
LINES = {
    "loud_room": ["The music is loud for me: I may miss you."],
    "not_understood": "I did not understand.",
}
CONFIRMATION = {"again": "I ask once more: did it hurt?"}
"""What came later, and nobody can have said in a session of format 1."""
TIERS = {"certain": "confirmed", "suspected": "possible"}


def config(origin: object) -> object:
    """Give the config that format 1 calls the origin of a session."""
    made_of = _renamed(origin, CONFIG)
    language = _part(made_of, "language", LANGUAGE)
    coach = _part(language, "coach", COACH)
    _part(coach, "stop_test", STOP_TEST)
    _part(coach, "prompts", PROMPTS)
    _filled(language, "commands", COMMANDS)
    _filled(coach, "answers", ANSWERS)
    _filled(coach, "pain_confirmation", CONFIRMATION)
    _filled(language, "coach", LINES)
    return made_of


def line(content: dict[str, Any]) -> dict[str, Any]:
    """Give an event or an action."""
    renamed = {LINE.get(key, key): value for key, value in content.items()}
    if content.get("event") == "Heard" and isinstance(tier := content.get("tier"), str):
        renamed["tier"] = TIERS.get(tier, tier)
    return renamed


def _part(whole: object, key: str, names: dict[str, str]) -> object:
    """Rename the keys of one part of `whole`, and give it."""
    if not isinstance(whole, dict) or key not in whole:
        return None
    whole[key] = _renamed(whole[key], names)
    part: object = whole[key]
    return part


def _filled(whole: object, key: str, missing: dict[str, Any]) -> None:
    """Put what is `missing` into one part of `whole`."""
    if isinstance(whole, dict) and isinstance(whole.get(key), dict):
        whole[key] = {**missing, **whole[key]}


def _renamed(content: object, names: dict[str, str]) -> object:
    if not isinstance(content, dict):
        return content
    return {names.get(key, key): value for key, value in content.items()}
