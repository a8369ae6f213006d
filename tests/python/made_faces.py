"""Made-up faces in the layout of shared/data/faces, for the tests of the training."""

import numpy as np

NAMES = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF"]


def make_faces(folder, count=60):
    """Writes folder/faces: `count` valid ones, of each of seven emotions in turn."""
    draw = np.random.default_rng(5)
    votes = np.zeros((count, 10), np.uint8)
    votes[np.arange(count), np.arange(count) % 7] = 10
    (folder / "faces").mkdir(exist_ok=True)
    np.savez(
        folder / "faces" / "ferplus.npz", images=draw.integers(0, 255, (count, 48, 48), np.uint8), votes=votes, vote_names=np.array(NAMES),
        split=np.array(["valid"] * count), ferplus_majority=np.array([NAMES[i % 7] for i in range(count)]), dup_in_train=np.zeros(count),
        dup_in_train_or_valid=np.zeros(count), fer2013_label=np.array(["fear"] * count),
    )  # fmt: skip
