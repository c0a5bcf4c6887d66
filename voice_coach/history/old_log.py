"""Reads what logs of format 1 hold as if they were of format 2, so that they still replay.

Format 1 has other names for the same things. A log may come from anywhere, so its shape is not
trusted here; what is wrong with it is found afterwards, in its new form.
"""

from __future__ import annotations

from typing import Any

from voice_coach.core.adapt import ChangeReason

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
UNSAID = "Not said in a session of format 1."
"""Stands for each sentence that came later: nothing in such a session can lead to it."""
UNHEARD = {
    "ask_again": ["ask me again"],
    "longer_hold": ["longer hold"],
    "shorter_hold": ["shorter hold"],
    "start_over": ["start over"],
    "where": ["where are we"],
    "what_next": ["what's next"],
    "unhurt": ["no pain"],
    "another_place": ["another place"],
    "higher": ["higher"],
    "lower": ["further down"],
    "cracked": ["it cracked"],
    "skip": ["skip this one"],
}
ANSWERS = {"where": "{title}", "next_step": "{title}", "many_steps_left": "{n}"}
COACH_LATER = {
    "loud_room": [UNSAID],
    **dict.fromkeys(("not_understood", "teach_help", "coming"), UNSAID),
}
SCREENING = {"say": [UNSAID], "every": 10, "times": 0}
PRESS = {
    **dict.fromkeys(("release", "enough", "louder", "unheard", "missed", "by_clock"), UNSAID),
    **dict.fromkeys(("none", "another", "higher", "lower", "far_enough", "there"), UNSAID),
    **dict.fromkeys(("unanswered", "later"), UNSAID),
    "heard": "{n}",
}
BY_TWO = {"lying": [UNSAID], "partner": [UNSAID]}
TEACHING = {
    "moving": {"needs": "{things}", "down": [UNSAID], "up": [UNSAID], "lift": [UNSAID]},
    "screening": {
        **{part: [UNSAID] for part in ("intro", "lying", "free", "limited", "unknown")},
        "refused": [UNSAID],
        "questions": {},
    },
    "adapt": {
        "reasons": {reason.value: UNSAID for reason in ChangeReason},
        "longer": UNSAID,
        "shorter": UNSAID,
    },
    "plans": {
        **dict.fromkeys(("title", "summary", "offer", "order", "then", "ready_to_move"), UNSAID),
        "caution": [UNSAID],
        "same_again": UNSAID,
        "assigned": UNSAID,
        "assigned_title": UNSAID,
        "or_another": [UNSAID],
        "consent": [UNSAID],
        **dict.fromkeys(("consented", "declined"), UNSAID),
        "phrases": {"timed": "{n} {name}", "short": "{name}"},
    },
    "wordings": [],
}
TIERS = {"certain": "confirmed", "suspected": "possible"}


def config(origin: object) -> object:
    """Give the config that format 1 calls the origin of a session."""
    made_of = _renamed(origin, CONFIG)
    language = _part(made_of, "language", LANGUAGE)
    guard = _part(made_of, "guard", {})
    if isinstance(guard, dict):
        _add(guard, {"after_pain": guard.get("gentle", [])})
    coach = _part(language, "coach", COACH)
    if isinstance(coach, dict) and isinstance(earcons := coach.pop("earcons", None), dict):
        _add(coach, {"teach_earcon": earcons.get("heard")})
    _add(_part(coach, "stop_test", STOP_TEST), BY_TWO)
    _add(made_of, {"press_by_breath": False})
    prompts = _part(coach, "prompts", PROMPTS)
    _add(prompts, {"screening": SCREENING, "consent": SCREENING})
    _add(coach, {"press": PRESS, **COACH_LATER})
    _add(_part(coach, "answers", {}), ANSWERS)
    _add(_part(coach, "pain_confirmation", {}), {"again": UNSAID})
    _add(_part(coach, "rendering", {}), {"leave_out": "leave it out"})
    _add(language, {"teaching": TEACHING})
    _add(_part(language, "commands", {}), UNHEARD)
    _part_safety(_part(language, "safety", {}))
    return made_of


def _part_safety(notes: object) -> None:
    """Divide the notes as they are now: the note after pain is the same as it was."""
    if not isinstance(notes, dict):
        return
    doctor, signs = notes.get("doctor"), notes.pop("red_flags", None)
    if isinstance(doctor, list):
        notes["doctor"], notes["emergency"] = doctor[:-1], doctor[-1:]
    _add(notes, {"neck": [UNSAID], "soon": signs})


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


def _add(part: object, later: dict[str, Any]) -> None:
    """Add to a part what came later."""
    if isinstance(part, dict):
        for key, value in later.items():
            part.setdefault(key, value)


def _renamed(content: object, names: dict[str, str]) -> object:
    if not isinstance(content, dict):
        return content
    return {names.get(key, key): value for key, value in content.items()}
