"""What training and inference must agree on, beside the weights: the constants of the default bundle's model.json."""

NAME, VERSION, LANGUAGES, LICENSE = "default-en", "3.1", ["en"], "Apache-2.0"
MAX_TOKENS = 96  # of one window of text, [CLS] and [SEP] included
FRAMES = {"of": "faces", "size": 80, "shrink_first": 48, "margin": 0.0, "threshold": 0.75, "smallest_face": 32, "faces_per_frame": 4, "width": 2048}
# The shares of the emotions that a face's probabilities assume, in the order of model.json's emotions: people who talk look neutral
# half of the time and smile in a quarter; what is rarer is as rare as raters of films and talks find it, but never so rare that a
# clear face cannot overrule it.
PRIOR = [0.45, 0.22, 0.09, 0.09, 0.03, 0.03, 0.09]
SEGMENTS = {"pause": 1.0, "longest": 10.0, "weight": {"words": 1.0, "pictures": 0.25}}
