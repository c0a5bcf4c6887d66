"""Fits the near-end network to recordings.

The loss is the cross-entropy of every block that can be judged, for a sound, a voice and a cry, so
that the outputs are log odds; and beside it that of the summed log odds against the thresholds of
`voice_coach.hearing.endpointer`, for by these the coach acts: without it 12 % of the voices were
missed instead of 2 %, and they were noticed a tenth of a second later (100 scenes, the trial's
three echo levels together). What a block counts for is said in `sample_weights.py`. Adam (Kingma &
Ba 2015) descends it, at a rate that rises over the first twentieth and then falls along a cosine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from training.sample_weights import sample_weights
from training.weights import GIVEN, RECURRENT, cell
from voice_coach.hearing.endpointer import ACTIVITY_THRESHOLD, SPEECH_THRESHOLD
from voice_coach.hearing.vad import CRY, STEP_LIMIT, SUM_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from training.recordings import PlayedScene
    from voice_coach.hearing.vad import Weights

    Vectors = NDArray[np.float32]

STEPS = 7000
BATCH, WINDOW = 16, 600
"""Recordings that are followed at once, and for how many blocks: 12 s, far more than the network
remembers, so that a step costs a third of one that follows whole recordings."""
BEGINNINGS = 0.3
"""Share of the windows that are a recording's first: a session begins only once, and what is heard
while the canceller does not know the room yet is like nothing after it."""
RATE = 2e-3
"""Largest step of a weight."""
RAISED = np.array([0.7, 0.7, 0.0], np.float32)
"""Log odds by which a sound and a voice are raised after the fit: what the coach alone counts for
holds them down. See docs/vad.md."""
TELL_EVERY = 50
"""Steps."""


def fit(
    weights: Weights,
    recordings: Sequence[PlayedScene],
    rng: np.random.Generator,
    tell: Callable[[str], None],
) -> Weights:
    """Go on from these weights; the recordings are equally long."""
    features = np.stack([each.features.astype(np.float16) for each in recordings])
    truth = np.stack([each.truth for each in recordings])
    counts = np.stack([sample_weights(each) for each in recordings])
    given = {name: weights[name] for name in GIVEN}
    free: Any = {name: jnp.asarray(weights[name]) for name in weights if name not in GIVEN}
    rate = optax.warmup_cosine_decay_schedule(0.0, RATE, STEPS // 20, STEPS)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(rate))
    memory = optimiser.init(free)

    def descend(free: Any, memory: Any, *batch: Any) -> Any:
        loss, slope = jax.value_and_grad(_loss)(free, given, *batch)
        change, memory = optimiser.update(slope, memory)
        return optax.apply_updates(free, change), memory, loss

    quick = jax.jit(descend)
    losses: list[float] = []
    for step in range(1, STEPS + 1):
        some = rng.choice(len(recordings), BATCH)
        starts = rng.integers(0, features.shape[1] - WINDOW + 1, BATCH)
        starts[rng.random(BATCH) < BEGINNINGS] = 0
        windows = starts[:, None] + np.arange(WINDOW)
        batch = (
            each[some[:, None], windows].astype(np.float32) for each in (features, truth, counts)
        )
        free, memory, loss = quick(free, memory, *batch)
        losses.append(float(loss))
        if step % TELL_EVERY == 0:
            tell(f"step {step} of {STEPS}: loss {np.mean(losses[-TELL_EVERY:]):.4f}")
    fitted = {name: np.asarray(array, np.float32) for name, array in free.items()}
    return {**given, **fitted, "output_bias": fitted["output_bias"] + RAISED}


def _loss(free: Any, given: Any, features: Any, truth: Any, counts: Any) -> Any:
    """Give the mean cross-entropy of a batch (recordings, blocks, ...), of odds and of sums."""
    weights = {**given, **free}

    def step(carried: Any, block: Any) -> Any:
        state, sums = carried
        state, odds = cell(weights, state, block, jnp)
        sums = jnp.clip(sums + jnp.minimum(odds, STEP_LIMIT), 0, SUM_LIMIT)
        return (state, sums), (
            odds,
            sums - jnp.array([ACTIVITY_THRESHOLD, SPEECH_THRESHOLD, CRY]),
        )

    nothing = jnp.zeros((len(features), RECURRENT)), jnp.zeros((len(features), 3))
    _, evidence = jax.lax.scan(step, nothing, jnp.swapaxes(features, 0, 1))
    entropy = sum(
        optax.sigmoid_binary_cross_entropy(jnp.swapaxes(each, 0, 1), truth) for each in evidence
    )
    return jnp.sum(counts * entropy) / jnp.sum(counts)
