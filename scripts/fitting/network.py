"""Fits the near-end network to recordings.

The loss is the cross-entropy of every block that can be judged, for a sound and for a voice, so
that the outputs are log odds. Not all blocks weigh the same: what is summed by the detector must
not add up where there is nothing, so the coach alone, and a thing taken for a voice, weigh more
than what they are to be told from. Adam (Kingma & Ba 2015) descends it, with a rate that rises
over the first twentieth and then falls along a cosine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from fitting.weights import GIVEN, RECURRENT, cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from fitting.recordings import Recording
    from voice_coach.hearing.near_end import Weights

    Vectors = NDArray[np.float32]

EPOCHS = 40
BATCH = 16
"""Recordings that are followed at once."""
RATE = 4e-3
"""Largest step of a weight."""
ALONE = 4.0
"""What a block of the coach alone weighs, against one of a silent room."""
NO_VOICE = 4.0
"""What a sound that is no voice weighs in telling a voice, against one that is."""


def importance(recording: Recording) -> Vectors:
    """Give what each block counts for (blocks, 2), zero where nothing can be told."""
    sound, voice = recording.truth.T
    counts = np.ones((len(sound), 2), np.float32)
    counts[recording.coach & ~sound] = ALONE
    counts[sound & ~voice, 1] = NO_VOICE
    return counts * recording.certain


def fit(
    weights: Weights,
    recordings: Sequence[Recording],
    rng: np.random.Generator,
    tell: Callable[[str], None],
) -> Weights:
    """Go on from these weights; the recordings are equally long."""
    features = np.stack([each.features for each in recordings])
    truth = np.stack([each.truth for each in recordings]).astype(np.float32)
    counts = np.stack([importance(each) for each in recordings])
    given = {name: weights[name] for name in GIVEN}
    free: Any = {name: jnp.asarray(weights[name]) for name in weights if name not in GIVEN}
    batches = len(recordings) // BATCH
    steps = EPOCHS * batches
    rate = optax.warmup_cosine_decay_schedule(0.0, RATE, steps // 20, steps)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(rate))
    memory = optimiser.init(free)

    def descend(free: Any, memory: Any, *batch: Any) -> Any:
        loss, slope = jax.value_and_grad(_loss)(free, given, *batch)
        change, memory = optimiser.update(slope, memory)
        return optax.apply_updates(free, change), memory, loss

    quick = jax.jit(descend)
    for epoch in range(EPOCHS):
        losses = []
        for some in np.array_split(rng.permutation(len(recordings))[: batches * BATCH], batches):
            free, memory, loss = quick(free, memory, features[some], truth[some], counts[some])
            losses.append(float(loss))
        tell(f"epoch {epoch + 1} of {EPOCHS}: loss {np.mean(losses):.4f}")
    return {**given, **{name: np.asarray(array, np.float32) for name, array in free.items()}}


def _loss(free: Any, given: Any, features: Any, truth: Any, counts: Any) -> Any:
    """Give the mean cross-entropy of a batch (recordings, blocks, ...)."""
    weights = {**given, **free}

    def step(state: Any, block: Any) -> Any:
        return cell(weights, state, block, jnp)

    start = jnp.zeros((len(features), RECURRENT))
    _, odds = jax.lax.scan(step, start, jnp.swapaxes(features, 0, 1))
    entropy = optax.sigmoid_binary_cross_entropy(jnp.swapaxes(odds, 0, 1), truth)
    return jnp.sum(counts * entropy) / jnp.sum(counts)
