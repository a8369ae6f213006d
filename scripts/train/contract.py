"""What training and inference must agree on, beside the weights: the constants of the default bundle's model.json."""

NAME, VERSION, LANGUAGES, LICENSE = "default-en", "2.1", ["en"], "Apache-2.0"
MAX_TOKENS = 96  # of one window of text, [CLS] and [SEP] included
FRAMES = {"of": "faces", "size": 80, "shrink_first": 48, "margin": 0.0, "threshold": 0.75, "smallest_face": 32, "faces_per_frame": 4, "width": 2048}
SEGMENTS = {"pause": 1.0, "longest": 10.0, "weight": {"words": 1.0, "pictures": 0.25}}
