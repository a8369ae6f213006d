"""Words in place of emoji, which an English vocabulary has hardly any of: the table emoji.txt and how it is applied.

A line of the table is a symbol, a tab and its words; without words the symbol vanishes. The rule, which the program follows too:
from left to right, the longest symbol of the table gives its words, set off by spaces. After a symbol, U+200D takes the symbol
behind it along (a sequence counts as its base), and the same symbol again counts once. A symbol of ASCII characters (":)") is
none where a letter, a digit or a slash comes next, nor, if it begins with a letter or a digit, where one comes before.

Made once, so that no two versions differ, from CLDR's names of emoji as the package emoji 2.16.0 has them:
    python -m scripts.train.emoji > scripts/train/emoji.txt
Characters that the vocabulary of BERT (uncased) knows, such as the suits of cards, stay as they are.
"""

import re
from pathlib import Path

TABLE = Path(__file__).with_name("emoji.txt")
JOINER = "\u200d"
# Without words: what only varies a symbol, and the letters and tags of flags.
VANISHING = ["\ufe0f", "\u20e3", *map(chr, range(0x1F3FB, 0x1F400)), *map(chr, range(0x1F1E6, 0x1F200)), *map(chr, range(0xE0020, 0xE0080))]
KNOWN = "©®™↔▪♠♣♥♦"  # to the vocabulary
EMOTICONS = {
    "smiling face": ":) :)) :))) :-) =) :] (: ^^ ^_^",
    "grinning face": ":D :DD :-D =D",
    "laughing face": "XD XDD xD xDD",
    "winking face": ";) ;-) ;D",
    "frowning face": ":( :(( :((( :-( =( :[ ):",
    "crying face": ":'( ;(",
    "confused face": ":/ :-/ :\\",
    "neutral face": ":| :-| -_-",
    "face with tongue": ":P :p :-P ;P",
    "surprised face": ":O :o :-O",
    "red heart": "<3 <33 <333",
    "broken heart": "</3",
}


def read_table(path=TABLE):
    """Symbol to words."""
    return dict(line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())


class EmojiWords:
    """Call it with a text: the text with words for symbols. What has none comes back as it is."""

    def __init__(self, table=None):
        self.table = read_table() if table is None else table

        def pattern(symbol):
            if not symbol.isascii():
                return re.escape(symbol)
            return (r"(?<![A-Za-z0-9])" if symbol[0].isalnum() else "") + re.escape(symbol) + r"(?![A-Za-z0-9/])"

        single = sorted(symbol for symbol in self.table if len(symbol) == 1 and not symbol.isascii())
        longer = sorted(set(self.table) - set(single), key=len, reverse=True)
        first = "".join(sorted({re.escape(symbol[0]) for symbol in longer}))
        # What comes next is looked at before a long list of symbols is gone through, at every character of a text.
        kinds = [f"(?=[{single[0]}-{single[-1]}])[{''.join(single)}]"] if single else []
        kinds += [f"(?=[{first}])(?:{'|'.join(map(pattern, longer))})"] if longer else []
        symbol = "|".join(kinds)
        self.symbols = re.compile(f"(?:{symbol})(?:{JOINER}(?:{symbol}))*")
        self.symbol = re.compile(symbol)

    def __call__(self, text):
        parts, at, last = [], 0, None
        for found in self.symbols.finditer(text):
            if found.start() > at:
                last = None
            symbol = self.symbol.match(text, found.start())[0]
            between, at, words = text[at : found.start()], found.end(), self.table[symbol]
            parts.append(between)
            if words and words != last:
                parts.append(f" {words} ")
            last = words or last
        return " ".join("".join([*parts, text[at:]]).split()) if parts else text


def main():
    from emoji import EMOJI_DATA

    rows = {symbol: "" for symbol in VANISHING}
    for symbol, names in EMOJI_DATA.items():
        if len(symbol) == 1 and symbol not in KNOWN and symbol not in rows:
            rows[symbol] = names["en"].strip(":").replace("_", " ")
    rows.update({symbol: words for words, symbols in EMOTICONS.items() for symbol in symbols.split()})
    for symbol in sorted(rows):
        print(f"{symbol}\t{rows[symbol]}")


if __name__ == "__main__":
    main()
