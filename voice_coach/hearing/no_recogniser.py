"""Hears no word: used where a language has no recogniser, so that nothing is taken for words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from voice_coach.hearing.recogniser import Hypothesis, Result


class NoRecogniser:
    """Knows no phrase; see ``Recogniser``. That there is a voice is still noticed elsewhere."""

    name = "none"

    def listen_for(self, phrases: Sequence[str]) -> None:
        """Take no notice."""

    def forget(self) -> None:
        """There is nothing to forget."""

    def accept(self, samples: npt.NDArray[np.float32]) -> Result | None:  # noqa: ARG002
        """Give no result."""
        return None

    def decode(
        self,
        samples: npt.NDArray[np.float32],  # noqa: ARG002
        phrases: Sequence[str],  # noqa: ARG002
    ) -> list[Hypothesis]:
        """Give no hypothesis."""
        return []

    def transcribe(self, samples: npt.NDArray[np.float32]) -> str | None:  # noqa: ARG002
        """Give no words."""
        return None
