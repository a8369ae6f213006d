"""The program that a user would write in Python instead of `vsa classify`: the same bundle's settings, the same frames.

Usage: python_peer.py VIDEO SUBTITLES BUNDLE [--dtype fp32|bf16]

Decodes with OpenCV, finds faces with YuNet, encodes faces with torchvision's ResNet50 and cues with transformers' BERT,
takes the mean of the two verdicts for each cue, and prints JSON. Weights are random: the time does not depend on them.
"""

import argparse
import json
import pathlib
import re
import time

START = time.perf_counter()

import cv2  # noqa: E402
import numpy  # noqa: E402
import torch  # noqa: E402
import torchvision  # noqa: E402
import transformers  # noqa: E402

BATCH = 16


def parse_srt(path):
    """Returns [(start, end, text)], seconds."""
    cues = []
    for block in re.split(r"\n\s*\n", pathlib.Path(path).read_text(encoding="utf-8")):
        match = re.search(r"(\d+):(\d+):(\d+),(\d+) --> (\d+):(\d+):(\d+),(\d+)\n(.*)", block, re.S)
        if match:
            h1, m1, s1, f1, h2, m2, s2, f2 = map(int, match.groups()[:8])
            cues.append((h1 * 3600 + m1 * 60 + s1 + f1 / 1000, h2 * 3600 + m2 * 60 + s2 + f2 / 1000, match[9].strip()))
    return cues


def sampled_frames(path, fps):
    """Yields (seconds, BGR picture) at `fps` frames a second."""
    video = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
    k = 0
    while video.grab():
        seconds = video.get(cv2.CAP_PROP_POS_MSEC) / 1000
        if seconds * fps >= k:
            k += 1
            yield seconds, video.retrieve()[1]


def face_crops(picture, detector, spec):
    """The faces of a picture, RGB, at the encoder's size."""
    scale = min(1.0, 640 / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    detector.setInputSize((small.shape[1], small.shape[0]))
    _, faces = detector.detect(small)
    crops = []
    for face in faces if faces is not None else []:
        x, y, w, h = face[:4] / scale
        side = max(w, h) * (1 + 2 * spec["margin"])
        x, y = int(x + w / 2 - side / 2), int(y + h / 2 - side / 2)
        crop = picture[max(y, 0) : int(y + side), max(x, 0) : int(x + side)]
        if crop.size:
            if spec["shrink_first"]:
                crop = cv2.resize(crop, (spec["shrink_first"],) * 2, interpolation=cv2.INTER_AREA)
            crop = cv2.resize(crop, (spec["size"],) * 2)
            crops.append(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB))
    return crops[: spec["faces_per_frame"]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("video")
    parser.add_argument("subtitles")
    parser.add_argument("bundle", type=pathlib.Path)
    parser.add_argument("--dtype", choices=["fp32", "bf16"], default="fp32")
    options = parser.parse_args()
    spec = json.loads((options.bundle / "model.json").read_text())
    dtype = torch.bfloat16 if options.dtype == "bf16" else torch.float32

    layers, heads = {384: (6, 12), 768: (12, 12)}[spec["text"]["width"]]
    config = transformers.BertConfig(
        hidden_size=spec["text"]["width"],
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=4 * spec["text"]["width"],
    )
    tokenizer = transformers.BertTokenizerFast(str(options.bundle / spec["text"]["tokenizer"]["vocab"]["path"]), do_lower_case=True)
    bert = transformers.BertModel(config, add_pooling_layer=False).eval().to(dtype)
    resnet = torchvision.models.resnet50(num_classes=7).eval().to(dtype).to(memory_format=torch.channels_last)
    text_head = torch.nn.Linear(spec["text"]["width"], 3).to(dtype)
    detector = cv2.FaceDetectorYN.create(
        str(options.bundle / spec["frames"]["detector"]["path"]), "", (320, 320), spec["frames"]["threshold"]
    )
    loaded = time.perf_counter()

    with torch.inference_mode():
        cues = parse_srt(options.subtitles)
        text_logits = []
        for i in range(0, len(cues), BATCH):
            rows = tokenizer([cue[2] for cue in cues[i : i + BATCH]], padding=True, truncation=True,
                             max_length=spec["text"]["max_tokens"], return_tensors="pt")
            hidden = bert(**rows).last_hidden_state
            mask = rows["attention_mask"].unsqueeze(-1)
            text_logits.append(text_head((hidden * mask).sum(1) / mask.sum(1)))

        times, crops, face_logits = [], [], []

        def encode():
            pixels = torch.from_numpy(numpy.stack(crops)).permute(0, 3, 1, 2).float() / 255
            pixels = torchvision.transforms.functional.normalize(pixels, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
            face_logits.append(resnet(pixels.to(dtype).contiguous(memory_format=torch.channels_last)))
            crops.clear()

        for seconds, picture in sampled_frames(options.video, 2):
            for crop in face_crops(picture, detector, spec["frames"]):
                times.append(seconds)
                crops.append(crop)
                if len(crops) == BATCH:
                    encode()
        if crops:
            encode()

    text_shares = torch.cat(text_logits).float().softmax(1) if text_logits else torch.zeros(0, 3)
    face_shares = torch.cat(face_logits).float().softmax(1) if face_logits else torch.zeros(0, 7)
    segments = []
    for (start, end, text), shares in zip(cues, text_shares):
        inside = [i for i, t in enumerate(times) if start <= t < end]
        segments.append({"start": start, "end": end, "text": text, "sentiment": shares.tolist(),
                         "emotions": face_shares[inside].mean(0).tolist() if inside else None})
    print(json.dumps({"segments": segments, "faces": len(times),
                      "seconds": {"load": loaded - START, "total": time.perf_counter() - START}}))


if __name__ == "__main__":
    main()
