"""Looks for planted text in everything that was recorded, in every form in which it could hide
simply.
"""

import base64
import json
import urllib.parse
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from segel.testing.wiretap import recording
from segel.testing.wiretap.websocket import unmask

Marker = str | bytes
"""Text that people wrote, or bytes that only they may have."""


def forms(marker: Marker) -> dict[str, bytes]:
    """The marker as it would look plain, encoded or escaped. base64 is cut to what does not
    depend on its place.
    """
    if isinstance(marker, bytes):
        return _bytes_forms("bytes", marker)
    return _bytes_forms("utf-8", marker.encode()) | {
        "utf-16": marker.encode("utf-16-le"),
        "json": json.dumps(marker)[1:-1].encode(),
    }


def _bytes_forms(plain: str, raw: bytes) -> dict[str, bytes]:
    found = {plain: raw, "hex": raw.hex().encode(), "url": urllib.parse.quote(raw).encode()}
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)[(0, 2, 3)[shift] : -4]
        found[f"base64+{shift}"] = text
        found[f"base64url+{shift}"] = text.replace(b"+", b"-").replace(b"/", b"_")
    return found


def places(folder: Path, data: Path) -> Iterator[tuple[str, bytes]]:
    """(kind of place, bytes) of all that the server received, sent, logged and stored."""
    for path in sorted(folder.iterdir()):
        kind = path.name.split(".")[0]
        if kind.startswith("tcp-"):
            yield kind, unmask(path.read_bytes())
        elif kind.startswith(("rtp-", "rtcp-")):
            yield kind, b"".join(recording.read(path))
        elif path.is_file():
            yield kind, path.read_bytes()
    for path in sorted(data.rglob("*")):
        if path.is_file():
            yield "stored", path.read_bytes()
    yield from opened_rows(data)


def opened_rows(data: Path) -> Iterator[tuple[str, bytes]]:
    """What the server itself could open on its own disk with the segment keys that it holds."""
    from segel.testing.wiretap.disk import open_rows

    for row in open_rows(data):
        yield "stored-opened", row


def search(folder: Path, data: Path, markers: Sequence[Marker]) -> list[str]:
    """One line for each marker found, as `place: marker (form)`; an empty list if the seal held."""
    wanted = [
        (marker, form, value)
        for marker in markers
        for form, value in forms(marker).items()
        if len(value) > 5
    ]
    found: set[str] = set()
    for place, content in places(folder, data):
        inflated = _inflate(content)
        for marker, form, value in wanted:
            if value in content or value in inflated:
                found.add(f"{place}: {marker!r} ({form})")
    return sorted(found)


def _inflate(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(content)
    except zlib.error:
        return b""
