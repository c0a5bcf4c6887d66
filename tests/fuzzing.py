"""How much is tried at random: little in each run of the tests, much with ``VOICE_COACH_FUZZ``.

What has once been found stays as an example beside its test.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

THOROUGH = bool(os.environ.get("VOICE_COACH_FUZZ"))
"""Whether to try much; then it is not the same every time."""
MUCH = 20
"""How many times as much that is."""


def examples(number: int) -> settings:
    """Try about so many examples."""
    return settings(
        max_examples=number * MUCH if THOROUGH else number,
        derandomize=not THOROUGH,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        print_blob=True,
    )
