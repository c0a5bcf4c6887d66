"""How one person says the phrases: what makes up for an accent or a speech impairment.

``voice-coach voice`` hears each phrase ten times. Where the decision would not have been sure of it
often enough, the phrase gains log odds from then on. Only these numbers are kept, on this computer,
and no sound.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voice_coach.errors import CoachError
from voice_coach.hearing.decision import shipped_rules
from voice_coach.plain_files import read_plain_text
from voice_coach.private import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from voice_coach.hearing.decision import DecisionRules

NAME = "own-voice.json"
"""The file in the data folder."""
LARGEST = 100_000
"""Bytes it may have; it needs some hundred."""
AS_SURE = 0.8
"""Share of somebody's sayings of a phrase that should be confirmed."""
MOST = 2.0
"""Log odds that a phrase may gain. A sound that is not the phrase is taken for it then even if its
odds are e^2 = 7 times lower than they must be for anybody else."""


@dataclass(frozen=True)
class OwnVoice:
    """What is known of one person's voice."""

    language: str
    """The code of the language they speak."""
    gains: Mapping[str, float]
    """Log odds by which the score of a phrase is raised, by phrase."""

    def applied_to(self, rules: DecisionRules) -> DecisionRules:
        """Give the same rules for this person."""
        return replace(rules, own_voice=self.gains)


def gain(excesses: Sequence[float]) -> float:
    """Give the log odds that let enough sayings of a phrase be confirmed, as far as that may be.

    `excesses` has the score of each saying above the threshold, in log odds, and -inf where the
    phrase was not found at all. 0 if no gain helps: most sayings were not found.
    """
    ordered = sorted(excesses, reverse=True)
    if math.isinf(ordered[len(ordered) // 2]):
        return 0.0
    needed = -ordered[math.ceil(AS_SURE * len(ordered)) - 1]
    return math.ceil(100 * min(max(needed, 0.0), MOST)) / 100


def load(folder: Path, language: str) -> OwnVoice | None:
    """Read what is known of the voice of whoever speaks `language`; None if nothing is.

    Raises ``CoachError`` if the file in the data `folder` is damaged.
    """
    path = folder / NAME
    try:
        entry = json.loads(read_plain_text(path, LARGEST))
        gains = {str(phrase): float(value) for phrase, value in entry["gains"].items()}
        known = OwnVoice(str(entry["language"]), gains)
        sound = all(0 <= value <= MOST for value in gains.values())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CoachError(f"{path} {_unread(error.strerror)}") from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        sound = False
    if not sound:
        raise CoachError(f"{path} {_unread('is damaged')}")
    return known if known.language == language else None


def save(folder: Path, voice: OwnVoice) -> Path:
    """Write it for the user alone; give where it is. Raises ``OSError``."""
    path = private_folder(folder) / NAME
    entry = {"language": voice.language, "gains": dict(voice.gains)}
    write_private(path, json.dumps(entry, indent=2))
    return path


def rules_for(folder: Path, language: str) -> DecisionRules:
    """Give the rules of decision for whoever speaks here; raises ``CoachError`` as ``load``."""
    voice = load(folder, language)
    return voice.applied_to(shipped_rules()) if voice else shipped_rules()


def _unread(reason: str | None) -> str:
    return (
        f"{reason or 'cannot be read'}: teach the coach your voice again (voice-coach voice), or "
        "let it forget (voice-coach voice --forget)."
    )
