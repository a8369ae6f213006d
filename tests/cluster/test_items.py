"""What scripts/cluster/ray takes for items: paths by vsa, URLs by fsspec (its store in memory)."""

import json

import fsspec
import pytest
from conftest import FAKE
from vsa_ray.items import Lister
from vsa_ray.problem import Problem


@pytest.fixture
def store():
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    return memory


def items(*inputs, options=()):
    return Lister(str(FAKE), list(options)).list([str(one) for one in inputs])


def named(listed):
    return [(one.video, one.subs, one.id, one.date) for one in listed]


def test_paths_have_vsas_own_items_and_keys(tmp_path):
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).write_text(name)
    listed = items(tmp_path)
    assert named(listed) == [(f"{tmp_path}/a.mp4", None, None, None), (f"{tmp_path}/b.mp4", None, None, None)]
    assert named(items(f"file://{tmp_path}")) == named(listed)
    assert [one.key for one in items(tmp_path)] == [one.key for one in listed]
    assert items(tmp_path, options=["--model", "x"])[0].key != listed[0].key


def test_a_folder_behind_a_url(store):
    for name in ("b.mp4", "a.mkv", "a.srt", "c.wav", "sub/z.MP4", "notes.txt", "._b.mp4"):
        store.pipe(f"/clips/{name}", b"x")
    videos = [one.video for one in items("memory://clips")]
    assert videos == ["memory:///clips/a.mkv", "memory:///clips/b.mp4", "memory:///clips/sub/z.MP4"]
    assert len(items("memory://clips/", options=["--audio"])) == 4
    assert items("memory://clips/b.mp4") == items("memory:///clips/b.mp4")


def test_what_lies_beside_a_video_comes_along_and_is_part_of_its_key(store):
    for name in ("a.mp4", "a.en.srt", "a.xml", "a.trailer.mp4", "a.trailer.srt", "ab.srt"):
        store.pipe(f"/clips/{name}", b"x")
    (first,) = items("memory://clips/a.mp4")
    assert first.beside == ("a.en.srt", "a.trailer.mp4", "a.trailer.srt", "a.xml")
    store.pipe("/clips/ab.srt", b"changed")
    (same,) = items("memory://clips/a.mp4")
    store.pipe("/clips/a.en.srt", b"changed")
    (other,) = items("memory://clips/a.mp4")
    (options,) = items("memory://clips/a.mp4", options=["--model", "x"])
    assert first == same
    assert first.item == other.item == options.item
    assert len({first.key, other.key, options.key}) == 3


def test_a_manifest_behind_a_url(store, tmp_path):
    (tmp_path / "here.mp4").write_text("here")
    rows = [
        {"video": "a.mp4", "id": "1", "date": "2020-01-01"},
        {"video": "../b.mp4", "subs": "../subs/b.srt"},
        {"video": "memory://else/c.mp4"},
        {"video": f"{tmp_path}/here.mp4"},
    ]
    store.pipe("/sets/one/m.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
    assert named(items("memory://sets/one/m.jsonl")) == [
        ("memory:///sets/one/a.mp4", None, "1", "2020-01-01"),
        ("memory:///sets/b.mp4", "memory:///sets/subs/b.srt", None, None),
        ("memory:///else/c.mp4", None, None, None),
        (f"{tmp_path}/here.mp4", None, None, None),
    ]


def test_urls_in_a_manifest_that_lies_here(store, tmp_path):
    (tmp_path / "a.mp4").write_text("a")
    (tmp_path / "a.srt").write_text("a")
    manifest = tmp_path / "m.jsonl"
    rows = [{"video": "memory://clips/x.mp4", "subs": "a.srt", "id": "x"}, {"video": "a.mp4"}]
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows))
    listed = items(manifest)
    assert named(listed) == [("memory:///clips/x.mp4", f"{tmp_path}/a.srt", "x", None), (f"{tmp_path}/a.mp4", None, None, None)]
    (tmp_path / "a.srt").write_text("changed")
    assert items(manifest)[0].key != listed[0].key


def test_what_is_refused(store, tmp_path, capfd):
    store.pipe("/clips/a.mp4", b"x")
    store.pipe("/texts/a.txt", b"x")
    for inputs, message in [
        (["memory://clips", "memory://clips/a.mp4"], "memory:///clips/a.mp4: is given twice; expected each video with its id and subtitles once"),
        (["memory://texts"], "memory://texts: holds no video; expected one at least"),
        (["memory://gone.csv"], "memory://gone.csv: cannot be read: FileNotFoundError: /gone.csv"),
        (["nowhere://x"], "nowhere://x: cannot be read: ValueError: Protocol not known: nowhere"),
    ]:
        with pytest.raises(Problem) as problem:
            items(*inputs)
        assert (str(problem.value), problem.value.exit_code) == (message, 2)
    (tmp_path / "a.mp4").write_text("a")
    with pytest.raises(Problem) as problem:
        items("memory://clips", options=["--explain", str(tmp_path / "a.mp4")])
    assert (str(problem.value), problem.value.exit_code) == (f"{tmp_path}/a.mp4: stands behind options; expected every INPUT before them", 2)
    with pytest.raises(Problem) as problem:
        items(tmp_path / "gone.mp4")
    assert (str(problem.value), problem.value.exit_code) == ("", 2)
    assert capfd.readouterr().err == f"vsa: {tmp_path}/gone.mp4: no such file; expected a video\n"
