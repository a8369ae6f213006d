"""Words in place of emoji, which an English vocabulary has hardly any of: the table emoji.txt and how it is applied.

A line of the table is a symbol, a tab and its words; without words the symbol vanishes. The rule, which the program follows too:
from left to right, the longest symbol of the table gives its words, set off by spaces. After a symbol, U+200D takes the symbol
behind it along (a sequence counts as its base), and the same symbol again counts once. A symbol that begins with an ASCII
character (":)") takes all further of its last character along (":))))"), but no slashes (a link's "://"), and is none
- where a letter, a digit or a slash comes next ("9:30", "http://"),
- directly behind a digit or a colon ("20:00:(", "std::D") or a word of one letter ("D:\\", "x<3"), nor behind any letter unless it
  begins with one of : ; < and ends with no letter ("thanks:)" and "girl<3", not "said:D", "list=["),
- within a run of the character with which it begins and ends ("^^^^x"), which would be gone through again and again.
Directly behind another symbol anything goes ("<3<3"). What this costs: "<3 apples" has a heart, and "love u<3" has none.

Made once, so that no two versions differ, from CLDR's names of emoji as the package emoji 2.16.0 has them:
    python -m scripts.train.emoji > scripts/train/emoji.txt
A name says what a picture shows. Where people mean something else by it, MEANT says that. A button is what is written on it.
Characters that the vocabulary of BERT (uncased) knows, such as the suits of cards, stay as they are.
"""

import re
from pathlib import Path

TABLE = Path(__file__).with_name("emoji.txt")
JOINER = "\u200d"
# Without words: what only varies a symbol, the letters and tags of flags, and the flags that are the bases of others: of
# England and the like, rainbow, transgender, pirates.
VANISHING = [
    *("\ufe0f", "\u20e3", "\U0001f3f3", "\U0001f3f4"),
    *map(chr, range(0x1F3FB, 0x1F400)),
    *map(chr, range(0x1F1E6, 0x1F200)),
    *map(chr, range(0xE0020, 0xE0080)),
]
KNOWN = "©®™↔▪♠♣♥♦"  # to the vocabulary
# By hand, for much used symbols only.
MEANT = {
    "🤬": "furious swearing face",  # not "symbols on mouth"
    "😤": "frustrated angry face",  # not "steam from nose"
    "🖕": "insulting middle finger",
    "🙄": "annoyed face rolling eyes",
    "😒": "annoyed face",  # "unamused" is no word of the vocabulary
    "🤦": "exasperated face palm",
    "🤮": "disgusted vomiting face",
    "🤢": "disgusted sick face",
    "😭": "crying face",  # not "loudly": of grief, laughter or joy
    "🥺": "touched begging face",
    "💀": "dying of laughter",  # "I'm dead"; seldom death
    "😅": "nervous laughing face",
    "😬": "awkward face",
    "😍": "face in love",
    "💯": "absolutely one hundred percent",
    "❣": "red heart",
    "🙏": "praying hands",
    "🙌": "celebrating hands",
    "💪": "strong arm",
    "🎉": "celebration party",
    "🎊": "celebration party",
    "🤯": "mind blown",
    "😈": "mischievous devil face",
    "🥱": "bored tired face",  # nor is "yawning"
    "🚩": "warning red flag",
    "🗿": "stone face",  # a moai's
    "🫠": "embarrassed melting face",
}
BUTTON = re.compile(r"(?:Japanese )?(.+) button(?: \(blood type\))?")
EMOTICONS = {
    "smiling face": ":) :-) =) :] (: ^^ ^_^",
    "grinning face": ":D :-D =D",
    "laughing face": "XD xD",
    "winking face": ";) ;-) ;D",
    "frowning face": ":( :-( =( :[ ):",
    "angry face": ">:(",
    "crying face": ":'( ;( T_T",
    "confused face": ":/ :-/ :\\ =/",
    "neutral face": ":| :-| -_-",
    "face with tongue": ":P :p :-P ;P",
    "kissing face": ":* :-*",
    "surprised face": ":O :o :-O o_O O_o O_O",
    "red heart": "<3",
    "broken heart": "</3",
}


def read_table(path=TABLE):
    """Symbol to words."""
    return dict(line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())


class EmojiWords:
    """Call it with a text: the text with words for symbols. What has none comes back as it is."""

    def __init__(self, table=None):
        self.table = read_table() if table is None else table

        single = sorted(symbol for symbol in self.table if len(symbol) == 1 and not symbol.isascii())
        longer = sorted(set(self.table) - set(single), key=len, reverse=True)
        first = "".join(sorted({re.escape(symbol[0]) for symbol in longer}))

        def symbols(pattern):
            # What comes next is looked at before a long list of symbols is gone through, at every character of a text.
            kinds = [f"(?=[{single[0]}-{single[-1]}])[{''.join(single)}]"] if single else []
            kinds += [f"(?=[{first}])(?:{'|'.join(map(pattern, longer))})"] if longer else []
            return "|".join(kinds)

        anywhere, standing = symbols(symbol_pattern), symbols(lambda symbol: behind_pattern(symbol) + symbol_pattern(symbol))
        sequence = f"(?:{JOINER}(?:{anywhere}))*"
        self.found = re.compile(f"(?P<base>{standing}){sequence}")
        self.behind_another = re.compile(f"(?P<base>{anywhere}){sequence}")

    def words_of(self, base):
        """Those of a symbol, which may have its last character more often than in the table."""
        while base not in self.table:
            base = base[:-1]
        return self.table[base]

    def __call__(self, text):
        parts, at, last = [], 0, None
        while found := (at and self.behind_another.match(text, at)) or self.found.search(text, at):
            if found.start() > at:
                last = None
            between, at, words = text[at : found.start()], found.end(), self.words_of(found["base"])
            parts.append(between)
            if words and words != last:
                parts.append(f" {words} ")
            last = words or last
        return " ".join("".join([*parts, text[at:]]).split()) if parts else text


def symbol_pattern(symbol):
    """Of a symbol and what may come next."""
    if not symbol[0].isascii():
        return re.escape(symbol)
    last = re.escape(symbol[-1]) if symbol[-1].isascii() and symbol[-1] != "/" else ""
    return f"{re.escape(symbol)}{last and last + '*'}(?![A-Za-z0-9/{last}])"


def behind_pattern(symbol):
    """Of what may come before a symbol."""
    if not symbol[0].isascii():
        return ""
    own = f"(?<!{re.escape(symbol[0])})" if symbol[0] == symbol[-1] else ""
    if symbol[0] in ":;<" and not symbol[-1].isalpha():
        return own + r"(?<![0-9:])(?<!(?<![A-Za-z\u0080-\U0010ffff])[A-Za-z])"
    return own + "(?<![A-Za-z0-9:])"


def main():
    from emoji import EMOJI_DATA

    rows = {symbol: "" for symbol in VANISHING}
    for symbol, names in EMOJI_DATA.items():
        if len(symbol) == 1 and symbol not in KNOWN and symbol not in rows:
            name = names["en"].strip(":").replace("_", " ")
            rows[symbol] = MEANT.get(symbol) or BUTTON.sub(r"\1", name)
    rows.update({symbol: words for words, symbols in EMOTICONS.items() for symbol in symbols.split()})
    for symbol in sorted(rows):
        print(f"{symbol}\t{rows[symbol]}")


if __name__ == "__main__":
    main()
