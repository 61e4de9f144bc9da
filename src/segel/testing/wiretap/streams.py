"""The media streams in a recording: packets put in order, joined to frames, and opened where
keys are given.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from segel.core.media import rtp, sframe, vp8
from segel.core.media.errors import MediaError
from segel.testing.wiretap import recording

Lookup = Callable[[int], sframe.FrameKey]


@dataclass(frozen=True, slots=True)
class Stream:
    """One SSRC of one session: (timestamp, frame) in order. `size` is in pixels, None for sound."""

    frames: list[tuple[int, bytes]]
    size: tuple[int, int] | None

    @property
    def kind(self) -> str:
        """What a person would call it."""
        return "sound" if self.size is None else "pictures"


def keyring(base_keys: list[bytes]) -> list[Lookup]:
    """A lookup for each base key: a KID names only the low bits of an epoch, so all are tried."""

    def lookup_in(base_key: bytes) -> Lookup:
        made: dict[int, sframe.FrameKey] = {}
        return lambda kid: made.get(kid) or made.setdefault(kid, sframe.FrameKey(base_key, kid))

    return [lookup_in(base_key) for base_key in base_keys]


def streams(folder: Path, direction: str) -> Iterator[Stream]:
    """The streams that the media process received ("in") or sent ("out")."""
    packets: dict[bytes, dict[int, bytes]] = defaultdict(dict)
    unwrappers: dict[bytes, rtp.SequenceUnwrapper] = defaultdict(rtp.SequenceUnwrapper)
    for path in sorted(folder.glob(f"rtp-{direction}.*")):
        for record in recording.read(path):
            key = path.name.encode() + record[:4] + record[12:16]
            sequence = int.from_bytes(record[6:8], "big")
            packets[key].setdefault(unwrappers[key].unwrap(sequence), record[4:])
    for by_sequence in packets.values():
        ordered = [by_sequence[sequence] for sequence in sorted(by_sequence)]
        yield _video(ordered) or _audio(ordered)


def later(recorded: list[Stream], earlier: list[Stream]) -> list[Stream]:
    """The streams without the frames that stand in an earlier copy of the same recording."""
    known = {frame for stream in earlier for frame in stream.frames}
    return [
        Stream([frame for frame in stream.frames if frame not in known], stream.size)
        for stream in recorded
    ]


def opened(stream: Stream, lookups: list[Lookup]) -> Stream:
    """The stream with every frame that one of the keys opens, and no other."""
    kind = sframe.Kind.AUDIO if stream.size is None else sframe.Kind.VIDEO
    frames: list[tuple[int, bytes]] = []
    for timestamp, frame in stream.frames:
        for lookup in lookups:
            try:
                frames.append((timestamp, sframe.open_frame(kind, frame, lookup).frame))
                break
            except MediaError:
                continue
    return Stream(frames, stream.size)


def _payload(packet: bytes) -> tuple[rtp.RtpHeader, bytes]:
    header = rtp.parse(packet)
    return header, packet[header.header_size : header.size - header.padding_size]


def _video(packets: list[bytes]) -> Stream | None:
    depacketiser = vp8.Depacketiser()
    frames: list[tuple[int, bytes]] = []
    size: tuple[int, int] | None = None
    for packet in packets:
        try:
            header, payload = _payload(packet)
            frame = depacketiser.push(header.sequence, header.marker, payload) if payload else None
        except MediaError:
            continue
        if frame is None:
            continue
        frames.append((header.timestamp, frame))
        if size is None:
            size = _key_frame_size(frame)
    return None if size is None else Stream(frames, size)


def _key_frame_size(frame: bytes) -> tuple[int, int] | None:
    try:
        return vp8.frame_size(frame)
    except MediaError:
        return None


def _audio(packets: list[bytes]) -> Stream:
    frames: list[tuple[int, bytes]] = []
    for packet in packets:
        header, payload = _payload(packet)
        if payload:
            frames.append((header.timestamp, payload))
    return Stream(frames, None)
