"""What is tried with each change, and what only `scripts/nightly` tries."""

from __future__ import annotations

import pytest


def nightly(*parameters: object) -> list[object]:
    """Give parameters of one value each that `scripts/nightly` tries as well."""
    return [pytest.param(each, marks=pytest.mark.nightly) for each in parameters]
