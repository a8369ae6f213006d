"""Fifty pairs of words and a face, written by hand, to be read one by one: what words alone say, and what they say over that face.

A face is the mean verdict over FACES pictures of FER+ on which raters agreed most; a figure of the card is not made of them.
"""

import numpy as np
import torch

from ..export.bundle import EMOTIONS, SENTIMENT

FACES = 5
PAIRS = [
    ("I expected more from them.", "happy"),
    ("I expected more from them.", "sad"),
    ("I expected more from them.", "neutral"),
    ("My grandmother died last week.", "happy"),
    ("My grandmother died last week.", "sad"),
    ("We lost everything in the fire.", "neutral"),
    ("We lost everything in the fire.", "happy"),
    ("Great, another three hours of waiting.", "neutral"),
    ("Great, another three hours of waiting.", "angry"),
    ("Oh, wonderful, it broke again.", "neutral"),
    ("Oh, wonderful, it broke again.", "happy"),
    ("Sure, because that worked so well last time.", "neutral"),
    ("Sure, because that worked so well last time.", "disgust"),
    ("I love it when nobody answers the phone.", "neutral"),
    ("I love it when nobody answers the phone.", "angry"),
    ("Thanks for nothing.", "happy"),
    ("Thanks for nothing.", "angry"),
    ("What a performance.", "happy"),
    ("What a performance.", "disgust"),
    ("What a performance.", "neutral"),
    ("It is what it is.", "sad"),
    ("It is what it is.", "happy"),
    ("It was okay.", "happy"),
    ("It was okay.", "sad"),
    ("It was okay.", "angry"),
    ("The meeting is at three on Tuesday.", "happy"),
    ("The meeting is at three on Tuesday.", "angry"),
    ("The meeting is at three on Tuesday.", "neutral"),
    ("I just got the job!", "happy"),
    ("I just got the job!", "sad"),
    ("I just got the job!", "surprise"),
    ("You have to see this film.", "happy"),
    ("You have to see this film.", "fear"),
    ("I cannot believe they did that.", "surprise"),
    ("I cannot believe they did that.", "angry"),
    ("I cannot believe they did that.", "happy"),
    ("There is somebody at the door.", "fear"),
    ("There is somebody at the door.", "happy"),
    ("This is the best phone I have ever had.", "happy"),
    ("This is the best phone I have ever had.", "neutral"),
    ("This is the best phone I have ever had.", "angry"),
    ("The battery dies after an hour.", "happy"),
    ("The battery dies after an hour.", "angry"),
    ("The food was cold and the waiter was rude.", "happy"),
    ("The food was cold and the waiter was rude.", "disgust"),
    ("I am fine.", "sad"),
    ("I am fine.", "happy"),
    ("I am fine.", "angry"),
    ("Not bad at all.", "happy"),
    ("Not bad at all.", "sad"),
]  # fmt: skip


def clear_faces(faces, emotion):
    """Rows of `faces` (faces.Faces) that raters agreed most to show `emotion`."""
    return np.argsort(-faces.votes[:, EMOTIONS.index(emotion)], kind="stable")[:FACES]


def verdict(fusion, text, faces):
    """Such as "positive 0.71, +1.2": the mean over B segments of `text` [B,Dt] with `faces` [B,F,Dv], F 0 or 1."""
    sentiment, intensity, *_ = fusion(text, torch.ones(len(text), dtype=torch.bool), faces, torch.ones(faces.shape[:2]))
    shares = sentiment.softmax(1).mean(0)
    return f"{SENTIMENT[int(shares.argmax())]} {float(shares.max()):.2f}, {float(intensity.mean()):+.1f}"


@torch.no_grad()
def markdown(fusion, words, vectors, faces):
    """PAIRS as a table. `words` [50,Dt]: vectors of their texts; `vectors` [N,Dv]: of `faces`."""
    lines = ["| words | face | words alone | with the face |", "|---|---|---|---|"]
    for text, (said, emotion) in zip(words, PAIRS):
        seen = vectors[torch.from_numpy(clear_faces(faces, emotion))][:, None]
        alone, both = (verdict(fusion, text.expand(len(seen), -1), shown) for shown in (seen[:, :0], seen))
        lines.append(f"| {said} | {emotion} | {alone} | {both} |")
    return "\n".join(lines) + "\n"
