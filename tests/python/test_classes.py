"""The classes and their order are the same in C++, the scripts and the schema; the page of a report has them from C++."""

import json
import re
from pathlib import Path

from scripts.export import bundle
from scripts.train import sets, texts

ROOT = Path(__file__).resolve().parents[2]


def in_cpp(name):
    return re.findall(r'"(\w+)"', re.search(rf"{name} = \{{([^}}]*)\}}", (ROOT / "include/vsa/types.h").read_text())[1])


def test_scripts_have_the_classes_of_the_program():
    assert bundle.SENTIMENT == in_cpp("kSentiments")
    assert bundle.EMOTIONS == in_cpp("kEmotions")
    assert list(texts.GO_EMOTIONS) == bundle.EMOTIONS
    assert set(texts.GO_CLASS) == set(bundle.EMOTIONS)
    assert set(sets.FACE_SENTIMENT) < set(bundle.EMOTIONS)


def test_the_schema_has_the_classes_of_the_program():
    definitions = json.loads((ROOT / "docs/result.schema.json").read_text())["definitions"]
    sentiment = definitions["sentiment"]["properties"]
    assert sentiment["label"]["enum"] == sentiment["probabilities"]["required"] == in_cpp("kSentiments")
    assert definitions["emotions"]["required"] == in_cpp("kEmotions")
