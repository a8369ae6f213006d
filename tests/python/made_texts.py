"""Small made-up files in the layouts of shared/data/text, for the tests of the training."""

WORDS = "good bad day film the a is was very not so don t".split()
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS, "'", ".", "!"]


def write(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(row + "\n" for row in rows), encoding="utf-8")


def sentences(count, start=0):
    """`count` different texts, every other one good."""
    return [f"{'good' if i % 2 else 'bad'} film {' '.join(WORDS[int(digit) + 2] for digit in str(i))}." for i in range(start, start + count)]


def make_texts(folder):
    """Writes folder/text."""
    text = folder / "text"
    score = ["-1.5", "2.0"]
    mosi = ["id\tvideo_id\tclip_id\tsplit\tlabel\tstart\tstop\ttext\ttext_zh"]
    for split, start in (("train", 0), ("valid", 100), ("test", 200)):
        mosi += [f"v_{i}\tv\t{i}\t{split}\t{score[i % 2]}\t0\t1\t{row.upper()[:-1]}\t-" for i, row in enumerate(sentences(8, start))]
        write(text / "mosei" / f"segments_{split}.tsv", "vid\tstart\tstop\tlabel\tcid\ttext",
              *[f"v\t0\t1\t{score[i % 2]}\t{i}\t{row}" for i, row in enumerate(sentences(8, start + 300))])  # fmt: skip
        kind = {"valid": "dev"}.get(split, split)
        write(text / "sst" / f"stsa.fine.{kind}", *[f"{i % 5} {row}" for i, row in enumerate(sentences(10, start + 600))])
        write(text / "goemotions" / "original" / f"{kind}.tsv", *[f"{row}\t{str(i % 2) + ',2' if i < 4 else i % 3}\tid" for i, row in enumerate(sentences(8, start + 310))])
    write(text / "mosi" / "mosi.tsv", *mosi)
    write(text / "goemotions" / "original" / "labels.txt", "joy", "sadness", "neutral")
    for name in ("tweets", "amazonReviewSnippets", "nytEditorialSnippets"):
        write(text / "vader" / f"{name}_GroundTruth.txt", "1\t2.0\tgood day &amp; so", "2\t-2.0\tbad day \u2028 so", "3\t0.0\tday is \"day\"")
    write(text / "reviews" / "custrev.all", "0 it does n 't work .", "1 good day", "0 do n 't be SO bad")
    write(text / "csmv" / "train.tsv", "video\topinion\temotion\tcomment", "1\tpositive\tjoy\tgood \U0001f602", "1\tnegative\ttrust\tnot so good", "2\t\t\tday",
          "2\tneutral\tsurprise\tA  DAY", "3\tpositive\tjoy\t\U0001f602 \U0001f602", "3\tnegative\tfear\t\U0001f62d")  # fmt: skip
    write(text / "csmv" / "dev.tsv", "video\topinion\temotion\tcomment", "1\tpositive\tjoy\t\U0001f602\U0001f602", "2\tneutral\tfear\ta day!",
          "3\tnegative\tanger\tbad film so", "4\tpositive\tjoy\tis good \U0001f602")  # fmt: skip
    write(text / "tweeteval" / "val_text.txt", "Don\\u2019t be so bad!", "good good day", "the day")
    write(text / "tweeteval" / "val_labels.txt", "0", "2", "1")
