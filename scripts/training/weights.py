"""The weights of the near-end network: their beginning, what they compute, and their file.

`cell` is the arithmetic of `voice_coach.hearing.vad` written for many recordings at once, in
numpy or in anything like it, so that it can be differentiated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.hearing.vad import Weights

    Vectors = NDArray[np.float32]

DENSE, RECURRENT = 48, 48
"""Units of the two layers: the cost of a block stays under a hundredth of a core."""
GIVEN = ("mean", "deviation")
"""Weights that follow from the features alone."""


def begin(features: Vectors, rng: np.random.Generator) -> dict[str, Vectors]:
    """Give weights to begin with; `features` (any, features) tell the range of each.

    Inputs are spread as Glorot & Bengio (2010) advise; the gate that keeps begins half open.
    """
    size = features.shape[-1]

    def spread(fan_in: int, *sizes: int) -> Vectors:
        fan_out = sizes[-1] if sizes[-1] < 3 * RECURRENT else RECURRENT
        limit = np.sqrt(6 / (fan_in + fan_out))
        return rng.uniform(-limit, limit, (fan_in, *sizes)).astype(np.float32)

    return {
        "mean": np.mean(features, axis=0, dtype=np.float64).astype(np.float32),
        "deviation": (np.std(features, axis=0, dtype=np.float64) + 0.05).astype(np.float32),
        "dense": spread(size, DENSE),
        "dense_bias": np.zeros(DENSE, np.float32),
        "input": spread(DENSE, 3 * RECURRENT),
        "input_bias": np.zeros(3 * RECURRENT, np.float32),
        "recurrent": spread(RECURRENT, 3 * RECURRENT),
        "output": spread(RECURRENT + DENSE, 3),
        "output_bias": np.array([-2, -3, -5], np.float32),
    }


def cell(weights: Any, state: Any, features: Any, xp: Any = np) -> tuple[Any, Any]:
    """Take a block's features (recordings, features); give the next state and the log odds.

    The state is (recordings, RECURRENT), the log odds (recordings, 3): of a sound, of a
    voice, of a cry.
    `xp` is the library that `weights` are arrays of.
    """
    plain = (features - weights["mean"]) / weights["deviation"]
    dense = xp.tanh(plain @ weights["dense"] + weights["dense_bias"])
    fresh = xp.split(dense @ weights["input"] + weights["input_bias"], 3, axis=-1)
    held = xp.split(state @ weights["recurrent"], 3, axis=-1)
    reset = 1 / (1 + xp.exp(-fresh[0] - held[0]))
    keep = 1 / (1 + xp.exp(-fresh[1] - held[1]))
    new = xp.tanh(fresh[2] + reset * held[2])
    state = new + keep * (state - new)
    both = xp.concatenate((state, dense), axis=-1)
    return state, both @ weights["output"] + weights["output_bias"]


def save(weights: Weights, path: Path) -> None:
    """Write them with half precision, which is enough for tenths of log odds."""
    halves: Any = {name: array.astype(np.float16) for name, array in weights.items()}
    np.savez_compressed(path, **halves)
