"""Whether a stream shows the pictures of a known film: decoded by ffmpeg and compared frame by
frame.
"""

import subprocess
import tempfile
from math import sqrt
from pathlib import Path

from segel.core.media import vp8
from segel.testing.wiretap.streams import Stream

WIDTH, HEIGHT = 32, 18
"""Pictures are compared as grey thumbnails of this size."""
ALIKE = 0.9
"""Least correlation of two thumbnails of the same picture; two pictures of noise stay near 0."""
ENOUGH = 10
"""So many pictures of the film must be recognised for a stream to show it."""

Thumbnail = tuple[float, ...]


def recognised(stream: Stream, film: list[Thumbnail]) -> int:
    """How many decoded pictures of the stream are in the film."""
    if stream.size is None or not stream.frames:
        return 0
    first = stream.frames[0][0]
    frames = [((timestamp - first) & 0xFFFFFFFF, frame) for timestamp, frame in stream.frames]
    with tempfile.NamedTemporaryFile(suffix=".ivf") as file:
        file.write(vp8.ivf(frames, *stream.size))
        file.flush()
        pictures = thumbnails(Path(file.name))
    return sum(any(_correlation(picture, known) >= ALIKE for known in film) for picture in pictures)


def thumbnails(film: Path, most: int = 150) -> list[Thumbnail]:
    """Normalised grey thumbnails of what ffmpeg decodes of a file; errors in it only end the
    list early.
    """
    command = [
        "ffmpeg", "-v", "quiet", "-i", str(film), "-vf", f"scale={WIDTH}:{HEIGHT}", "-frames:v",
        str(most),
        "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-",
    ]  # fmt: skip
    raw = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout  # noqa: S603 - ffmpeg, on our own file
    size = WIDTH * HEIGHT
    return [_normalised(raw[start : start + size]) for start in range(0, len(raw) - size + 1, size)]


def _normalised(picture: bytes) -> Thumbnail:
    mean = sum(picture) / len(picture)
    spread = sqrt(sum((value - mean) ** 2 for value in picture))
    return (
        tuple((value - mean) / spread for value in picture) if spread > 1 else (0.0,) * len(picture)
    )


def _correlation(one: Thumbnail, other: Thumbnail) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
