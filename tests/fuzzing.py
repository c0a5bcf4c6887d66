"""How much is tried: little in each run of the tests, more in `scripts/nightly`.

At random little is tried as well, and much with ``VOICE_COACH_FUZZ``.

What has once been found stays as an example beside its test.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable

THOROUGH = bool(os.environ.get("VOICE_COACH_FUZZ"))
"""Whether to try much; then it is not the same every time."""
MUCH = 5
"""How many times as much that is."""


def nightly(*parameters: object) -> list[object]:
    """Give parameters of one value each that only `scripts/nightly` tries."""
    return [pytest.param(each, marks=pytest.mark.nightly) for each in parameters]


def examples(number: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Try about so many examples, and mark the test as one that can try more."""
    tried = settings(
        max_examples=number * MUCH if THOROUGH else number,
        derandomize=not THOROUGH,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )
    return lambda test: pytest.mark.fuzz(tried(test))
