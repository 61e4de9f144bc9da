"""Whether a stream carries known speech: decoded by ffmpeg, its loudness compared over time."""

import subprocess
import tempfile
from array import array
from math import sqrt
from pathlib import Path
from struct import pack

from segel.testing.wiretap.streams import Stream

STEP = 960
"""Samples at 48 kHz in one value of loudness: 20 ms, an Opus frame."""
ALIKE = 0.7
"""Least correlation of two courses of loudness of the same speech."""

_CRC = []
for _byte in range(256):
    _value = _byte << 24
    for _ in range(8):
        _value = (_value << 1 ^ 0x04C11DB7 if _value & 0x80000000 else _value << 1) & 0xFFFFFFFF
    _CRC.append(_value)


def likeness(stream: Stream, speech: Path) -> float:
    """The greatest correlation of the stream's loudness with the speech's over all shifts: -1 to
    1.
    """
    if len(stream.frames) < 50:
        return 0.0
    with tempfile.NamedTemporaryFile(suffix=".ogg") as file:
        file.write(ogg([frame for _, frame in stream.frames]))
        file.flush()
        heard = loudness(Path(file.name))
    known = loudness(speech)
    window = min(len(heard), len(known), 200)
    if window < 50:
        return 0.0
    part = heard[len(heard) // 2 - window // 2 :][:window]
    looped = known + known[:window]
    return max(_correlation(part, looped[shift : shift + window]) for shift in range(len(known)))


def loudness(file: Path) -> list[float]:
    """Root mean square of each 20 ms of what ffmpeg decodes."""
    command = [
        "ffmpeg",
        "-v",
        "quiet",
        "-i",
        str(file),
        "-ac",
        "1",
        "-ar",
        "48000",
        "-f",
        "s16le",
        "-",
    ]
    raw = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout  # noqa: S603 - ffmpeg, on our own file
    samples = array("h", raw[: len(raw) // 2 * 2])
    return [
        sqrt(sum(s * s for s in samples[start : start + STEP : 8]) * 8 / STEP)
        for start in range(0, len(samples) - STEP + 1, STEP)
    ]


def _correlation(one: list[float], other: list[float]) -> float:
    a, b = _centred(one), _centred(other)
    scale = sqrt(sum(x * x for x in a) * sum(x * x for x in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / scale if scale > 0 else 0.0


def _centred(values: list[float]) -> list[float]:
    mean = sum(values) / len(values)
    return [value - mean for value in values]


def ogg(packets: list[bytes]) -> bytes:
    """An Ogg Opus file (RFC 7845), one packet a page; packets are taken to be 20 ms each."""
    head = b"OpusHead" + pack("<BBHIhB", 1, 2, 0, 48_000, 0, 0)
    tags = b"OpusTags" + pack("<I", 5) + b"segel" + pack("<I", 0)
    pages = [_page(head, 0, 0, 2), _page(tags, 0, 1, 0)]
    pages += [
        _page(packet, (number + 1) * STEP, number + 2, 0) for number, packet in enumerate(packets)
    ]
    return b"".join(pages)


def _page(packet: bytes, position: int, number: int, flags: int) -> bytes:
    lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    page = (
        b"OggS" + pack("<BBqIIIB", 0, flags, position, 1, number, 0, len(lacing)) + lacing + packet
    )
    checksum = 0
    for byte in page:
        checksum = (checksum << 8 & 0xFFFFFFFF) ^ _CRC[checksum >> 24 ^ byte]
    return page[:22] + pack("<I", checksum) + page[26:]
