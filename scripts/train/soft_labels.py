"""What a teacher says of the training texts: work/teacher/soft/SOURCE.npz, in the order of the source's training rows.

A label is (intensity [N] on MOSI's scale, probabilities of CLASSES [N,3], of EMOTIONS [N,7]). The file names its texts by a
digest: labels of other texts, as they were before a source was read differently, are refused.
"""

import hashlib

import numpy as np

from ..export.problem import Problem

PARTS = ("intensity", "classes", "emotions")


def _path(work, source):
    return work / "teacher" / "soft" / f"{source}.npz"


def _digest(texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def write(work, source, texts, labels):
    path = _path(work, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, texts=_digest(texts), **dict(zip(PARTS, labels)))


def read(work, sources):
    """Source to its labels, of those of `sources` (name to texts.Rows) that have some."""
    labels = {}
    for source, rows in sources.items():
        path = _path(work, source)
        if path.exists():
            found = np.load(path)
            if str(found["texts"]) != _digest(rows.texts):
                raise Problem(f"{path}: is of other texts than {source} has now; run the stage teacher again")
            labels[source] = tuple(found[part] for part in PARTS)
    return labels
