"""The vectors of `vsa extract --vectors` as Python reads them, and the pickle for MMSA, which MMSA's own loader reads where MMSA is installed."""

import importlib.util
import json
import logging
import pickle
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import vsa

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "vsa"
SAMPLE = ROOT / "samples" / "sample.mp4"
TINY = ROOT / "tests" / "data" / "tiny-bundle"
HEADER = "video_id,clip_id,text,label,mode"
# Clips of one, two and no cues; the last one's pictures are never looked at.
CLIPS = {"a/1": "Good.", "a/2": "Good.|Bad.", "b/1": "", "b/0002": "So so."}
ROWS = ["a,1,GOOD,2.4,train", "a,2,GOOD BAD,-0.2,train", "b,1,,0,valid", "b,0002,SO SO,-3,test"]


def extract(folder, clips, *options):
    return subprocess.run([PROGRAM, "extract", *clips, "--vectors", folder, "--model", TINY, "--transcribe", "never", "--fps", "1", *options], capture_output=True, text=True)


@pytest.fixture(autouse=True)
def everything_is_logged():
    """scripts.train, which other tests import, turns warnings off in the whole process."""
    before = logging.root.manager.disable
    logging.disable(logging.NOTSET)
    yield
    logging.disable(before)


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    for name, words in CLIPS.items():
        clip = folder / f"{name}.mp4"
        clip.parent.mkdir(exist_ok=True)
        clip.symlink_to(SAMPLE)
        cues = [f"{i}\n00:00:{4 * i:02},000 --> 00:00:{4 * i + 3:02},000\n{cue}\n\n" for i, cue in enumerate(words.split("|")) if cue]
        if cues:
            clip.with_suffix(".srt").write_text("".join(cues))
    return folder


@pytest.fixture(scope="session")
def vectors(clips, tmp_path_factory):
    folder = tmp_path_factory.mktemp("extracted") / "vectors"
    done = extract(folder, sorted(clips.glob("*/*.mp4")), "--end", "8")
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def table(folder, rows, header=HEADER):
    path = folder / "LABELS.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def refusal(*arguments):
    with pytest.raises(vsa.Error) as error:
        vsa.mmsa_pickle(*arguments)
    return str(error.value)


def test_vectors_are_read_with_their_segments(vectors):
    segments = list(vsa.read_vectors(vectors))
    widths = json.loads((TINY / "model.json").read_text())
    assert {Path(segment["video"]).parent.name for segment in segments} == {"a", "b"}
    for segment in segments:
        text, visual = segment["vectors"]["text"], segment["vectors"]["visual"]
        assert (text is None) == (segment["text"] == "")
        if text is not None:
            assert (text.dtype, text.shape) == (np.float32, (1, widths["text"]["width"]))
        if visual is not None:
            assert (visual.dtype, visual.shape) == (np.float32, (len(segment["faces"]), widths["frames"]["width"]))
        assert (visual is None) == (segment["faces"] == [])
    # The same words have the same vector, whatever lies beside them in its file.
    good = [segment["vectors"]["text"] for segment in segments if segment["text"] == "Good."]
    assert len(good) == 2
    np.testing.assert_allclose(good[0], good[1], atol=1e-5)


def test_what_is_no_folder_of_vectors_is_refused(tmp_path):
    with pytest.raises(vsa.Error) as error:
        list(vsa.read_vectors(tmp_path))
    assert str(error.value) == f"{tmp_path}/segments.jsonl: No such file or directory; expected a folder of vsa extract --vectors"
    (tmp_path / "empty.npy").write_bytes(b"")
    (tmp_path / "broken.npy").write_bytes(b"PK\x03\x04")
    for line in (
        "{", "[]", "[" * 100_000, '{"schema": "vsa.extract/1"}', '{"schema": "vsa.vectors/1", "vectors": {"text": {"path": "none.npy", "rows": [0, 1]}}}',
        '{"schema": "vsa.vectors/1", "vectors": {"text": {"path": "empty.npy", "rows": [0, 1]}}}',
        '{"schema": "vsa.vectors/1", "vectors": {"text": {"path": "broken.npy", "rows": [0, 1]}}}',
    ):
        (tmp_path / "segments.jsonl").write_text(line + "\n")
        with pytest.raises(vsa.Error) as error:
            list(vsa.read_vectors(tmp_path))
        assert str(error.value).startswith(f"{tmp_path}/segments.jsonl:1: is no line of vsa.vectors/1 (")
    failed = b'{"schema": "vsa.vectors/1", "video": "a.mp4", "error": {"kind": "input", "message": "%s"}}\n'
    (tmp_path / "segments.jsonl").write_bytes(failed % "é".encode() + failed % b"\xff")
    segments = vsa.read_vectors(tmp_path)
    assert next(segments)["error"]["message"] == "é"
    with pytest.raises(vsa.Error) as error:
        next(segments)
    assert str(error.value) == f"{tmp_path}/segments.jsonl:2: is not UTF-8; expected a folder of vsa extract --vectors"


def test_a_failed_video_is_read_as_such(clips, tmp_path):
    done = extract(tmp_path / "v", ["/nowhere/1.mp4"])
    assert done.returncode == 1
    (failed,) = vsa.read_vectors(tmp_path / "v")
    assert failed["error"]["message"] == "/nowhere/1.mp4: no such file; expected a video"
    rows = ["nowhere,1,,0,train", *ROWS[1:]]
    labels = table(tmp_path, rows)
    assert refusal(tmp_path / "v", labels, tmp_path / "out.pkl") == f"{labels}:2: nowhere/1 failed: /nowhere/1.mp4: no such file; expected a video"


def test_the_pickle_holds_what_the_loader_reads(vectors, tmp_path, caplog):
    output = tmp_path / "features.pkl"
    vsa.mmsa_pickle(vectors, table(tmp_path, ROWS), output)
    assert f"{output}: sound is zeros of width 1: vsa hears words, not how they are said" in caplog.messages
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["LABELS.csv", "features.pkl"]
    data = pickle.loads(output.read_bytes())
    assert list(data) == ["train", "valid", "test"]
    segments = {}
    for segment in vsa.read_vectors(vectors):
        path = Path(segment["video"])
        segments.setdefault(f"{path.parent.name}/{path.stem}", []).append(segment)
    steps = max(len(found) for found in segments.values())
    widths = [json.loads((TINY / "model.json").read_text())[part]["width"] for part in ("text", "frames")]
    for mode, names in {"train": ["a/1", "a/2"], "valid": ["b/1"], "test": ["b/0002"]}.items():
        part = data[mode]
        assert set(part) == {"raw_text", "id", "text", "vision", "audio", "vision_lengths", "audio_lengths", "regression_labels"}
        assert part["id"] == [name.replace("/", "$_$") for name in names]
        for name, width in {"text": widths[0], "vision": widths[1], "audio": 1}.items():
            assert (part[name].dtype, part[name].shape) == (np.float32, (len(names), steps, width))
        assert not part["audio"].any()
        assert part["vision_lengths"] == part["audio_lengths"] == [len(segments[name]) for name in names]
        for clip, name in enumerate(names):
            for step, segment in enumerate(segments[name]):
                text, faces = segment["vectors"]["text"], segment["vectors"]["visual"]
                np.testing.assert_array_equal(part["text"][clip, step], np.zeros(widths[0]) if text is None else text[0])
                if faces is None:
                    assert not part["vision"][clip, step].any()
                else:
                    shares = np.array([face["weight"] for face in segment["faces"]])
                    np.testing.assert_allclose(part["vision"][clip, step], shares @ faces / shares.sum(), rtol=1e-4, atol=1e-5)
            assert not part["vision"][clip, len(segments[name]) :].any()
    assert data["train"]["regression_labels"].dtype == np.float32
    np.testing.assert_allclose(data["train"]["regression_labels"], [2.4, -0.2])
    assert data["train"]["raw_text"] == ["GOOD", "GOOD BAD"]


def test_there_is_room_for_the_steps_that_are_asked_for(vectors, tmp_path, caplog):
    labels, output = table(tmp_path, ROWS), tmp_path / "features.pkl"
    vsa.mmsa_pickle(vectors, labels, output, steps=50)
    whole = pickle.loads(output.read_bytes())
    assert whole["train"]["text"].shape[1] == 50
    assert not any("left out" in message for message in caplog.messages)
    longest = max(length for part in whole.values() for length in part["vision_lengths"])
    assert longest > 1
    vsa.mmsa_pickle(vectors, labels, output, steps=1)
    assert any("have more than 1 segments; later ones are left out" in message for message in caplog.messages)
    cut = pickle.loads(output.read_bytes())
    np.testing.assert_array_equal(cut["train"]["vision"], whole["train"]["vision"][:, :1])
    assert set(cut["train"]["vision_lengths"]) == {1}
    for steps in (0, "3", 2.5):
        with pytest.raises(ValueError, match=f"^steps={steps!r}: expected a whole number, 1 or more$"):
            vsa.mmsa_pickle(vectors, labels, output, steps=steps)
    vsa.mmsa_pickle(vectors, labels, output, steps=np.int64(1))


def test_labels_of_each_modality_are_there_for_sims(vectors, tmp_path):
    rows = [f"{row},{number},0.5,-0.5" for number, row in enumerate(ROWS)]
    vsa.mmsa_pickle(vectors, table(tmp_path, rows, HEADER + ",label_T,label_A,label_V"), tmp_path / "features.pkl")
    train = pickle.loads((tmp_path / "features.pkl").read_bytes())["train"]
    np.testing.assert_array_equal(train["regression_labels_T"], np.array([0, 1], np.float32))
    np.testing.assert_array_equal(train["regression_labels_V"], np.array([-0.5, -0.5], np.float32))


def test_a_table_that_is_wrong_is_refused_with_its_line(vectors, tmp_path):
    output = tmp_path / "features.pkl"
    none = tmp_path / "none.csv"
    assert refusal(vectors, none, output) == f"{none}: No such file or directory; expected a table of labels"
    for rows, header, expected in (
        (ROWS, "video_id,clip_id,text,label", "1: has no column mode; expected video_id, clip_id, text, label, mode"),
        ([*ROWS, "a,1,x,much,train"], HEADER, "6: label 'much'; expected a number"),
        ([*ROWS, "a,1,x,nan,train"], HEADER, "6: label 'nan'; expected a number"),
        ([*ROWS, "a,1,x,1,dev"], HEADER, "6: mode 'dev'; expected train, valid or test"),
        ([*ROWS, "a,1,x"], HEADER, "6: has too few columns; expected 5"),
        ([*ROWS, "c,9,x,1,test"], HEADER, f"6: c/9: no video of {vectors} is c/9.*; expected one for each row"),
    ):
        labels = table(tmp_path, rows, header)
        assert refusal(vectors, labels, output) == f"{labels}:{expected}"
    labels = table(tmp_path, ROWS[:2])
    assert refusal(vectors, labels, output) == f"{labels}: has no row of mode valid; MMSA's loader expects train, valid and test"
    labels.write_bytes(b"video_id,clip_id,text,label,mode\na,1,\xff,1,train\n")
    assert refusal(vectors, labels, output).startswith(f"{labels}: cannot be read (")
    assert not output.exists()
    missing = tmp_path / "no" / "features.pkl"
    assert refusal(vectors, table(tmp_path, ROWS), missing) == f"{missing}: cannot be written: No such file or directory"


def test_vectors_of_two_bundles_or_of_two_files_for_a_clip_are_refused(vectors, tmp_path):
    mixed = tmp_path / "mixed"
    shutil.copytree(vectors, mixed)
    lines = (vectors / "segments.jsonl").read_text().splitlines()
    other = json.loads(lines[-1])
    other["model"]["name"] = "other"
    (mixed / "segments.jsonl").write_text("\n".join([*lines[:-1], json.dumps(other)]) + "\n")
    labels = table(tmp_path, ROWS)
    assert refusal(mixed, labels, tmp_path / "out.pkl") == f"{mixed}: the vectors are of tiny and of other; expected those of one (vsa extract --model)"
    twice = json.loads(lines[0])
    first, twice["video"] = twice["video"], "elsewhere/a/1.avi"
    assert Path(first).parts[-2:] == ("a", "1.mp4")
    (mixed / "segments.jsonl").write_text("\n".join([*lines, json.dumps(twice)]) + "\n")
    assert refusal(mixed, labels, tmp_path / "out.pkl") == f"{mixed}: {first} and elsewhere/a/1.avi: both are a/1; expected a video for each clip"


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("dataset", ["mosi", "sims"])
def test_mmsas_own_loader_reads_it(vectors, tmp_path, aligned, dataset):
    found = importlib.util.find_spec("MMSA")
    if found is None:
        pytest.skip("MMSA is not installed (pip install --no-deps MMSA==2.2.1)")
    # The file alone: the package as a whole wants more than its loader does.
    spec = importlib.util.spec_from_file_location("mmsa_data_loader", Path(found.submodule_search_locations[0]) / "data_loader.py")
    loader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loader)
    rows = [f"{row},1,0.5,-0.5" for row in ROWS]
    vsa.mmsa_pickle(vectors, table(tmp_path, rows, HEADER + ",label_T,label_A,label_V"), tmp_path / "features.pkl")
    arguments = {
        "dataset_name": dataset, "custom_feature": str(tmp_path / "features.pkl"), "feature_T": "", "feature_A": "", "feature_V": "",
        "feature_dims": [0, 0, 0], "seq_lens": [0, 0, 0], "need_data_aligned": aligned, "need_normalized": False, "batch_size": 2,
    }  # what MMSA_run makes of a model's configuration
    loaders = loader.MMDataLoader(arguments, num_workers=0)
    widths = [json.loads((TINY / "model.json").read_text())[part]["width"] for part in ("text", "frames")]
    assert arguments["feature_dims"] == [widths[0], 1, widths[1]]
    data = pickle.loads((tmp_path / "features.pkl").read_bytes())
    for mode, batches in loaders.items():
        seen = 0
        for batch in batches:
            for row, index in enumerate(batch["index"]):
                part = data[mode]
                for name in ("text", "vision", "audio"):
                    np.testing.assert_array_equal(batch[name][row].numpy(), part[name][index])
                assert batch["labels"]["M"][row].item() == part["regression_labels"][index]
                assert (batch["id"][row], batch["raw_text"][row]) == (part["id"][index], part["raw_text"][index])
                if not aligned:
                    assert batch["vision_lengths"][row].item() == part["vision_lengths"][index]
                seen += 1
        assert seen == len(data[mode]["id"])
