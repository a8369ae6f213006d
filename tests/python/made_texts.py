"""Small made-up files in the layouts of shared/data/text, for the tests of the training."""

import json

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
    mosi = ["id\tvideo_id\tclip_id\tsplit\tlabel\tstart\tstop\ttext\ttext_zh_merbench"]
    for split, start in (("train", 0), ("valid", 100), ("test", 200)):
        mosi += [f"v_{i}\tv\t{i}\t{split}\t{score[i % 2]}\t0\t1\t{row.upper()[:-1]}\t\u597d{split}{i}" for i, row in enumerate(sentences(8, start))]
        write(text / "mosei" / f"segments_{split}.tsv", "vid\tstart\tstop\tlabel\tcid\ttext",
              *[f"v\t0\t1\t{score[i % 2]}\t{i}\t{row}" for i, row in enumerate(sentences(8, start + 300))])  # fmt: skip
        kind = {"valid": "dev"}.get(split, split)
        write(text / "sst" / f"stsa.fine.{kind}", *[f"{i % 5} {row}" for i, row in enumerate(sentences(10, start + 600))])
        write(
            text / "goemotions" / "original" / f"{kind}.tsv",
            *[f"{row}\t{str(i % 2) + ',2' if i < 4 else i % 3}\tid" for i, row in enumerate(sentences(8, start + 310))],
        )
    write(text / "mosi" / "mosi.tsv", *mosi)
    write(text / "goemotions" / "original" / "labels.txt", "joy", "sadness", "neutral")
    for name in ("tweets", "amazonReviewSnippets", "nytEditorialSnippets"):
        write(text / "vader" / f"{name}_GroundTruth.txt", "1\t2.0\tgood day &amp; so", "2\t-2.0\tbad day \u2028 so", '3\t0.0\tday is "day"')
    write(text / "reviews" / "custrev.all", "0 it does n 't work .", "1 good day", "0 do n 't be SO bad")
    write(text / "csmv" / "train.tsv", "video\topinion\temotion\tcomment", "1\tpositive\tjoy\tgood \U0001f602", "1\tnegative\ttrust\tnot so good", "2\t\t\tday",
          "2\tneutral\tsurprise\tA  DAY", "3\tpositive\tjoy\t\U0001f602 \U0001f602", "3\tnegative\tfear\t\U0001f62d")  # fmt: skip
    write(text / "csmv" / "dev.tsv", "video\topinion\temotion\tcomment", "1\tpositive\tjoy\t\U0001f602\U0001f602", "2\tneutral\tfear\ta day!",
          "3\tnegative\tanger\tbad film so", "4\tpositive\tjoy\tis good \U0001f602")  # fmt: skip
    write(text / "tweeteval" / "val_text.txt", "Don\\u2019t be so bad!", "good good day", "the day")
    write(text / "tweeteval" / "val_labels.txt", "0", "2", "1")


def make_languages(folder):
    """Writes what the sources of languages.py read into folder/text, which make_texts() has made."""
    text = folder / "text"
    for number, language in enumerate(("arabic", "french", "german", "hindi", "italian", "portuguese", "spanish")):
        for kind in ("train", "val", "test"):
            rows = [f"{language} {kind} {row}" for row in sentences(6, 700 + 10 * number)]
            write(text / "xlm-t" / language / f"{kind}_text.txt", *rows)
            write(text / "xlm-t" / language / f"{kind}_labels.txt", *[str(i % 3) for i in range(6)])
    write(text / "xlm-t" / "hindi" / "train_text.txt", *[f"\u0905\u091a\u094d\u091b\u093e {i}" for i in range(5)], f"HINDI val: {sentences(1, 730)[0]}!")
    header = "video_id,clip_id,text,label,mode,text_en"
    for name in ("label.csv", "label_v2.csv"):
        write(
            text / "ch-sims" / name,
            "\ufeff" + header,
            *[f"v,{mode}{i},\u597d{mode}{i}\uff01,{-0.6 + 0.6 * i:.1f},{mode},good" for mode in ("train", "valid", "test") for i in range(3)],
        )
    for name, rows in (("virus_train", "happy angry surprise neutral"), ("virus_eval_labeled", "sad happy"), ("usual_eval_labeled", "fear happy")):
        of = [{"id": i, "content": f"\u75ab{name[:7]}{i}", "label": label} for i, label in enumerate(rows.split())]
        (text / "smp2020").mkdir(exist_ok=True)
        (text / "smp2020" / f"{name}.txt").write_text(json.dumps(of), encoding="utf-8")
    for name in ("ChnSentiCorp_htl_all.csv", "waimai_10k.csv"):
        write(
            text / "chinese" / name,
            "\ufefflabel,review",
            f"1,{name[0]}\u5f88\u597d",
            f'0,"{name[0]}\u4e0d, \u597d"',
            f"1,{name[0]}\u4e00\u822c",
            f"0,{name[0]}\u4e00 \u822c\u3002",
        )
    write(text / "chinese" / "online_shopping_10_cats.csv", "cat,label,review", "\u4e66,1,\u4e66\u597d", "\u4e66,0,\u4e66\u574f", "\u4e66,0," + "\u957f" * 91)
    films = [("51", "10", "1", "\uc88b\ub2e4"), ("52", "1", "0", "\ub098\uc058\ub2e4"), ("53", "6", "neutral_5to8", "\ubcf4\ud1b5"),
             ("50", "10", "1", "\uc544\uc8fc \uc88b\ub2e4"), ("100", "1", "0", "\uc544\uc8fc \ub098\uc058\ub2e4")]  # fmt: skip
    columns = "review_id\tmovie_id\trating\tlabel\ttext"
    write(text / "nsmc" / "train.tsv", columns, *["\t".join((str(i), *film)) for i, film in enumerate(films)])
    write(text / "nsmc" / "dev.tsv", columns, "9\t7\t10\t1\t\uc88b\ub2e4!")
