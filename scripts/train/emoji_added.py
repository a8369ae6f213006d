"""Emoji put behind some of the training texts that have a plain sign and no emoji of their own.

Most emoji of the sources are those of comments under short videos (CSMV), where tears and rage are mostly in fun. Behind a sentence
that is sad or angry itself they are not: these rows keep their labels.
"""

import numpy as np

from .emoji import EmojiWords
from .texts import CLASSES, EMOTIONS

SHARE = 0.1  # of the rows that qualify
PLAIN = 0.9  # the least share of one class
# Tears are also of joy.
BY_CLASS = {"negative": "😭😢💔😞😠😡🤬👎🙄😒😩🤦", "positive": "😀😊😍🥰❤👍👏🎉🙏🔥😂😭"}
BY_EMOTION = {"happy": "😀😊😂🥰❤🎉", "sad": "😭😢💔😞🥺", "angry": "😠😡🤬😤🖕", "fear": "😨😰😱", "disgust": "🤮🤢😒", "surprise": "😮😲🤯"}


def with_emoji(rows, seed):
    """`rows`, texts.Rows, with one to three of an emoji of their class, or of their emotion where that is one alone, behind SHARE of
    the texts whose class is plain."""
    draw, words, written = np.random.default_rng(seed), EmojiWords(), list(rows.texts)
    for i in np.flatnonzero(draw.random(len(rows)) < SHARE):
        shares = np.nan_to_num(rows.classes[i])
        emoji = BY_CLASS.get(CLASSES[shares.argmax()], "")
        if rows.emotions[i].max() == 1:
            emoji = BY_EMOTION.get(EMOTIONS[rows.emotions[i].argmax()], "")
        if emoji and shares.max() >= PLAIN and words(written[i]) == written[i]:
            written[i] += " " + emoji[draw.integers(len(emoji))] * int(draw.integers(1, 4))
    return type(rows)(written, rows.intensity, rows.classes, rows.emotions)
