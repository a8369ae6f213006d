"""Turns checkpoints into model bundles for vsa. Run it as `.venv/bin/python -m scripts.export --help`."""
