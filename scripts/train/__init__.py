"""Trains the networks of a bundle, from data to bundle. Run it as `.venv/bin/python -m scripts.train --help`."""
