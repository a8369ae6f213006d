"""The Python package against the real program."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas
import pytest

import vsa

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "vsa"
SAMPLE = ROOT / "samples" / "sample.mp4"
# Little to compute.
TINY = {"model": ROOT / "tests" / "data" / "tiny-bundle", "transcribe": "never", "end": 3, "fps": 1}


@pytest.fixture(autouse=True)
def program(monkeypatch):
    monkeypatch.setenv("VSA_PROGRAM", str(PROGRAM))


def wrapped(folder, monkeypatch):
    """The program in a script that writes its arguments, a line each, and its process to files."""
    script = folder / "wrapped"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {folder}/arguments\necho $$ > {folder}/process\nexec {PROGRAM} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VSA_PROGRAM", str(script))


def test_classify_gives_the_result_of_the_program():
    result = vsa.classify(SAMPLE, **TINY)
    done = subprocess.run(
        [PROGRAM, "classify", SAMPLE, "--model", TINY["model"], "--transcribe", "never", "--end", "3", "--fps", "1"], capture_output=True, check=True
    )
    assert result == json.loads(done.stdout)
    assert result["segments"][0]["text"] == "I am so happy to be here, this is wonderful!"


def test_options_are_the_programs_by_name(tmp_path, monkeypatch):
    wrapped(tmp_path, monkeypatch)
    result = vsa.classify(SAMPLE, **TINY, start=1.5, explain=True, no_subs=False, language=None, id="-x", stats=True)
    assert result["id"] == "-x"
    assert result["segments"][0]["start"] == 1.5
    assert "explanation" in result["segments"][0]
    assert (tmp_path / "arguments").read_text().splitlines() == [
        "classify",
        f"--model={TINY['model']}",
        "--transcribe=never",
        "--end=3",
        "--fps=1",
        "--start=1.5",
        "--explain",
        "--id=-x",
        "--stats",
        "--",
        str(SAMPLE),
    ]
    assert vsa.classify(SAMPLE, **TINY, id="")["id"] == ""


def test_an_option_that_is_none_is_refused_in_the_programs_words():
    with pytest.raises(vsa.Error) as error:
        vsa.classify(SAMPLE, foo=1)
    assert str(error.value) == "The following argument was not expected: --foo=1 (see vsa --help)"
    assert (error.value.exit_code, error.value.result) == (2, None)
    with pytest.raises(vsa.Error) as error:
        list(vsa.batch([SAMPLE], start="soon", **TINY))
    assert (str(error.value), error.value.exit_code) == ("--start soon: expected seconds or [h:]m:s, as 90.5 or 1:30", 2)


@pytest.mark.parametrize("call", [vsa.classify, vsa.batch])
def test_results_are_returned_not_written(call, tmp_path):
    with pytest.raises(TypeError, match="^the option output is not for here: results are returned"):
        call(SAMPLE, output=tmp_path / "out.json")
    assert not list(tmp_path.iterdir())


def test_what_gives_no_results_is_not_for_a_batch():
    for option in ("list", "dry_run", "dry-run"):
        with pytest.raises(TypeError) as error:
            vsa.batch([SAMPLE], **{option: True}, **TINY)
        assert str(error.value) == f"the option {option} is not for here: it gives no results; run the program itself to have its lines"
    assert len(list(vsa.batch([SAMPLE], list=False, dry_run=None, **TINY))) == 1
    with pytest.raises(vsa.Error, match="^vsa batch: gave no result, which these options do not ask for$"):
        list(vsa.batch([SAMPLE], help=True))


@pytest.mark.parametrize("call", [vsa.classify, vsa.batch, lambda path: vsa.batch([SAMPLE, path])])
def test_what_no_file_can_be_called_is_refused(call):
    for path, line in (
        ("", "an empty path; expected that of a video"),
        ("a\0b", "'a\\x00b': holds a NUL byte; expected the path of a video"),
        (b"a\0b", "b'a\\x00b': holds a NUL byte; expected the path of a video"),
    ):
        with pytest.raises(ValueError) as error:
            call(path)
        assert str(error.value) == line
    with pytest.raises(ValueError) as error:
        vsa.classify(SAMPLE, subs="a\0b")
    assert str(error.value) == "subs='a\\x00b': holds a NUL byte"


def test_a_video_that_cannot_be_used_is_an_error_with_its_line():
    with pytest.raises(vsa.Error) as error:
        vsa.classify("/nowhere.mp4", **TINY)
    assert str(error.value) == "/nowhere.mp4: no such file; expected a video"
    assert error.value.exit_code == 1
    assert error.value.result["error"] == {"kind": "input", "message": str(error.value)}


def test_a_program_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("VSA_PROGRAM", str(tmp_path / "vsa"))
    with pytest.raises(vsa.Error) as error:
        vsa.classify(SAMPLE)
    assert str(error.value) == f"VSA_PROGRAM: {tmp_path}/vsa: no such program that can be run; expected the path of the program vsa"
    assert error.value.exit_code is None
    monkeypatch.delenv("VSA_PROGRAM")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(vsa.Error) as error:
        vsa.batch([SAMPLE])
    assert str(error.value) == "the program vsa is not found: expected it in PATH, or its path in the variable VSA_PROGRAM"
    (tmp_path / "vsa").symlink_to(PROGRAM)
    assert vsa.find_program() == str(tmp_path / "vsa")


def test_paths_hold_any_bytes(tmp_path, monkeypatch):
    names = [b"\xff \xe4.mp4", b"two\nlines.mp4", b"-x.mp4", b"--help", b"-"]
    for name in names:
        shutil.copyfile(SAMPLE, os.path.join(os.fsencode(tmp_path), name))
    monkeypatch.chdir(tmp_path)
    for name in names:
        assert vsa.classify(name, **TINY)["video"]["frames_sampled"] == 3
    assert vsa.classify(os.fsdecode(names[0]), **TINY)["video"]["path"] == "\ufffd \ufffd.mp4"
    names.append(b"\xef\xbb\xbf" + names[2])  # begins as a list of lines may
    assert [result["error"]["message"] for result in vsa.batch(names[-1:], **TINY)] == [f"{tmp_path}/\ufeff-x.mp4: no such file; expected a video"]
    for asked in (names[:2], names[:1], names[1:3], names[2:4]):
        assert [result["sentiment"] is None for result in vsa.batch(asked, **TINY)] == [False] * len(asked)
    assert [Path(result["video"]["path"]).name for result in vsa.batch(b"-", **TINY)] == ["-"]


def test_a_batch_goes_on_where_a_video_fails(tmp_path):
    paths = [SAMPLE, tmp_path / "none.mp4", str(ROOT / "samples" / "spoken.mp4")]
    results = {result["video"]["path"]: result for result in vsa.batch(iter(paths), **TINY, jobs=2)}
    assert set(results) == {str(path) for path in paths}
    assert results[str(paths[1])]["error"] == {"kind": "input", "message": f"{paths[1]}: no such file; expected a video"}
    assert results[str(SAMPLE)]["segments"] == vsa.classify(SAMPLE, **TINY)["segments"]
    assert list(vsa.batch([])) == []


def test_lines_of_a_batch_are_the_lists_from_1():
    first, second = sorted(vsa.batch([SAMPLE, SAMPLE], **TINY), key=lambda result: "error" in result)
    assert "error" not in first
    assert second["error"]["message"] == f"stdin:2: {SAMPLE}: is given twice, first in stdin:1; expected each video with its id and subtitles once"


def test_a_batch_of_one_path_takes_what_the_program_does(tmp_path):
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).symlink_to(SAMPLE)
    (tmp_path / "list.csv").write_text("video,id\na.mp4,first\n")
    assert len(list(vsa.batch(tmp_path, **TINY))) == 2
    assert len(list(vsa.batch(f"{tmp_path}/*.mp4", **TINY))) == 2
    assert [result["id"] for result in vsa.batch(tmp_path / "list.csv", **TINY)] == ["first"]
    with pytest.raises(vsa.Error) as error:
        list(vsa.batch(tmp_path / "none", **TINY))
    assert str(error.value).startswith(f"{tmp_path}/none: no such file; expected a video, a folder")


def test_a_batch_that_cannot_run_is_an_error():
    with pytest.raises(vsa.Error) as error:
        list(vsa.batch([SAMPLE], **(TINY | {"model": "/nowhere"})))
    assert error.value.exit_code == 3
    assert str(error.value).startswith("/nowhere: ")


def test_the_program_ends_with_the_iterator(tmp_path, monkeypatch):
    wrapped(tmp_path, monkeypatch)
    for number in range(30):
        (tmp_path / f"{number}.mp4").symlink_to(SAMPLE)
    results = vsa.batch(tmp_path, **TINY, jobs=1)
    next(results)
    process = int((tmp_path / "process").read_text())
    os.kill(process, 0)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_program_that_is_killed_is_said(tmp_path, monkeypatch):
    script = tmp_path / "killed"
    script.write_text("#!/bin/sh\nkill -9 $$\n")
    script.chmod(0o755)
    monkeypatch.setenv("VSA_PROGRAM", str(script))
    for call in (lambda: vsa.classify(SAMPLE), lambda: list(vsa.batch([SAMPLE]))):
        with pytest.raises(vsa.Error) as error:
            call()
        assert (str(error.value), error.value.exit_code) == ("the program was ended by signal 9", -9)


def test_what_no_result_says_is_an_error(tmp_path, monkeypatch):
    script = tmp_path / "half"
    script.write_text("#!/bin/sh\necho 'vsa: clips/b: cannot be read: Permission denied' >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("VSA_PROGRAM", str(script))
    with pytest.raises(vsa.Error) as error:
        list(vsa.batch("clips"))
    assert (str(error.value), error.value.exit_code) == ("clips/b: cannot be read: Permission denied", 1)


def test_the_bar_counts_videos(capsys):
    paths = [SAMPLE, "/nowhere.mp4"]
    list(vsa.batch(paths, **TINY))
    assert capsys.readouterr().err == "", "stderr is no terminal"
    list(vsa.batch(paths, **TINY, progress=True))
    assert re.search(r"100%.*2/2 .*failed=1", capsys.readouterr().err)


def test_a_frame_has_a_row_for_each_segment_or_video():
    result = vsa.classify(SAMPLE, **(TINY | {"end": None}))
    failure = {"schema": "vsa.result/1", "id": "b", "video": {"path": "b.mp4"}, "error": {"kind": "input", "message": "b.mp4: no such file"}}
    nothing = json.loads(json.dumps(result)) | {"sentiment": None, "emotions": None}
    nothing["segments"] = [result["segments"][0] | {"sentiment": None, "emotions": None}]

    frame = vsa.to_frame(iter([result, failure, nothing]))
    assert isinstance(frame, pandas.DataFrame)
    assert len(frame) == len(result["segments"]) + 2
    first = frame.iloc[0]
    segment = result["segments"][0]
    assert (first["video.path"], first["segment"], first["start"], first["end"]) == (str(SAMPLE), 0, segment["start"], segment["end"])
    assert first["sentiment.probabilities.negative"] == segment["sentiment"]["probabilities"]["negative"]
    assert first["emotions.happy"] == segment["emotions"]["happy"]
    assert first["model.name"] == "tiny"
    failed = frame.iloc[-2]
    assert (failed["id"], failed["error.message"]) == ("b", "b.mp4: no such file")
    assert failed[["start", "sentiment.label", "text"]].isna().all()
    assert frame.iloc[-1][["sentiment.label", "sentiment.intensity", "emotions.sad"]].isna().all()
    assert frame["sentiment.intensity"].dtype == float

    videos = vsa.to_frame([result, failure, nothing], row="video")
    assert list(videos["segments"].fillna(0)) == [len(result["segments"]), 0, 1]
    assert videos["sentiment.label"][0] == result["sentiment"]["label"]
    assert videos["subtitles.source"][0] == "sidecar"
    assert not any(column in videos for column in ("sentiment", "emotions", "warnings"))
    assert list(videos["video.path"]) == [str(SAMPLE), "b.mp4", str(SAMPLE)]

    # The columns are there without results, too.
    for row in ("segment", "video"):
        assert {"video.path", "sentiment.label", "emotions.fear", "error.message"} <= set(vsa.to_frame([], row=row).columns)
    assert len(vsa.to_frame(result, row="video")) == 1
    with pytest.raises(ValueError, match="^row='word': expected 'segment' or 'video'$"):
        vsa.to_frame([], row="word")


def test_the_types_have_the_keys_of_the_schema():
    schema = json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    success = schema["definitions"]["success"]["properties"]
    segment = success["segments"]["items"]
    for kind, described in (
        (vsa.Result, set(success)),
        (vsa.Failure, set(schema["definitions"]["failure"]["properties"])),
        (vsa.Segment, set(segment["properties"])),
        (vsa.Model, set(schema["definitions"]["model"]["properties"])),
        (vsa.Sentiment, set(schema["definitions"]["sentiment"]["properties"])),
        (vsa.Emotions, set(schema["definitions"]["emotions"]["required"])),
    ):
        assert set(kind.__annotations__) == described, kind
    lines = json.loads((ROOT / "docs" / "vectors.schema.json").read_text(encoding="utf-8"))["oneOf"]
    assert set(vsa.VectorSegment.__annotations__) == set(lines[0]["properties"]) | set(lines[1]["properties"])


def test_what_is_public_says_what_it_does():
    for name in vsa.__all__:
        assert getattr(vsa, name).__doc__, name


def test_the_wheel_is_of_pure_python_and_works(tmp_path):
    version = re.search(r"project\(vsa VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    done = subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT], capture_output=True, text=True)
    if "No matching distribution found for hatchling" in done.stderr:
        pytest.skip("pip has no index with hatchling, which builds the wheel")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.iterdir()
    assert wheel.name == f"vsa-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        files = {name for name in archive.namelist() if not name.startswith(f"vsa-{version}.dist-info/")}
    assert files == {f"vsa/{path.name}" for path in (ROOT / "python" / "vsa").iterdir() if path.suffix == ".py" or path.name == "py.typed"}
    said = subprocess.run(
        [sys.executable, "-c", "import vsa; print(vsa.__file__, vsa.__version__)"], env=os.environ | {"PYTHONPATH": str(tmp_path / "site")}, cwd=tmp_path,
        capture_output=True, text=True, check=True,
    )
    assert said.stdout.split() == [str(tmp_path / "site" / "vsa" / "__init__.py"), version]


def test_the_page_runs_as_it_stands(tmp_path, monkeypatch, capsys):
    """The Python blocks of docs/python.md, one after the other."""
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 3
    monkeypatch.chdir(ROOT)
    subprocess.run([PROGRAM, "extract", SAMPLE, "--vectors", tmp_path, "--model", TINY["model"], "--end", "3"], check=True)
    exec("".join(blocks[:2]).replace("build/vectors", str(tmp_path)), {})
    assert "I am so happy to be here, this is wonderful!" in capsys.readouterr().out

    monkeypatch.chdir(tmp_path)
    clip = tmp_path / "clips" / "a" / "1.mp4"
    clip.parent.mkdir(parents=True)
    clip.symlink_to(SAMPLE)
    Path("LABELS.csv").write_text("video_id,clip_id,text,label,mode\na,1,\"WELL, IT IS\",1,test\n")
    exec(blocks[2], {})
    assert [segment["text"] for segment in vsa.classify(clip, **TINY)["segments"]] == ["WELL, IT IS"]


def test_a_module_is_loaded_when_it_is_needed():
    """`import vsa` takes no second: pandas and numpy come when they are needed."""
    code = "import sys, vsa; print(sorted({'pandas', 'numpy', 'torch'} & set(sys.modules)))"
    env = os.environ | {"PYTHONPATH": str(ROOT / "python")}
    assert subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout == "[]\n"
