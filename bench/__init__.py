"""Measurements: `python -m bench.NAME --json` prints one JSON object a line."""
