"""Fits hearing and session to each other: whose voice it is, how well it is heard, how fast.

The session is told what its recognisers can do, and the listener how this person speaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.errors import CoachError
from voice_coach.hearing.decision import shipped_rules
from voice_coach.hearing.model_store import NoModel
from voice_coach.hearing.own_voice import rules_for
from voice_coach.hearing.speed import BUSY, real_time_factor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.core.config import SessionConfig
    from voice_coach.core.language import Language
    from voice_coach.hearing.decision import DecisionRules
    from voice_coach.hearing.listener import Listener
    from voice_coach.hearing.recognisers import Recognisers


def as_heard(
    config: SessionConfig, recognisers: Recognisers, announce: Callable[[str], None]
) -> SessionConfig:
    """Fit the session to how well its recognisers hear."""
    if recognisers.weak:
        announce(recognisers.weak)
    changes = {
        "language": _steered_by_keys(config) if recognisers.deaf else config.language,
        "weak_hearing": bool(recognisers.weak),
        "deaf": recognisers.deaf,
    }
    return config.model_copy(update=changes)


def _steered_by_keys(config: SessionConfig) -> Language:
    """Leave out what is not led without hearing: under a partner's hands nobody reaches a key."""
    routine = config.language.routine(config.routine) if config.routine else None
    if routine and routine.partner:
        raise NoModel(
            f'"{routine.title}" is not led where no word is understood, because nobody could end '
            "it by voice: take a routine without a partner."
        )
    return config.language.alone()


def own_rules(folder: Path, language: Language, announce: Callable[[str], None]) -> DecisionRules:
    """Give the rules of decision for whoever has taught the coach their voice, or for anybody.

    What they taught is in the data `folder`; if it is damaged, `announce` is told.
    """
    try:
        return rules_for(folder, language.code)
    except CoachError as damaged:
        announce(str(damaged))
        return shipped_rules()


def live_listener(language: Language, recognisers: Recognisers, rules: DecisionRules) -> Listener:
    """Make the listener of a live session."""
    from voice_coach.hearing.listener import (  # noqa: PLC0415 - the first word does without
        open_live_listener,
    )

    return open_live_listener(language, recognisers, rules)


def warn_if_busy(
    language: Language,
    recognisers: Recognisers,
    speech: NDArray[np.float32],
    announce: Callable[[str], None],
) -> None:
    """Say before the session that it may end because the computer is too slow.

    `speech` is some sound to try it with, at ``SAMPLE_RATE``.
    """
    from voice_coach.hearing.listener import open_listener  # noqa: PLC0415 - seldom needed

    listener = open_listener(language, recognisers)
    if real_time_factor(listener, speech) > BUSY:
        announce(
            "This computer is busy, and may be too slow to listen: close other programs before you "
            "begin."
        )
