"""The wiretap finds what is in the clear, and does not find what is sealed: both, or it proves
nothing.
"""

import random
import struct
import subprocess
from pathlib import Path

import pytest

from segel.core.media import sframe
from segel.testing.wiretap import markers, pictures, speech
from segel.testing.wiretap.recording import Recorder, read
from segel.testing.wiretap.streams import Stream, keyring, later, opened, streams
from segel.testing.wiretap.websocket import unmask

MARKER = "Dewi says: the blue folder"
SECRET = bytes(range(0xF1, 0xFF)) + b"/ "
BASE_KEY = bytes(range(16))
NEXT_KEY = bytes(range(16, 32))


def run_ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.ivf"
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "mandelbrot=s=320x180:r=15",
        "-t",
        "3",
        "-c:v",
        "libvpx",
        "-b:v",
        "400k",
        str(path),
    )
    return path


@pytest.fixture(scope="session")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("said") / "said.wav"
    sounds = sorted(Path("/usr/share/sounds/alsa").glob("*_*.wav"))[:4]
    inputs = [part for sound in sounds for part in ("-i", str(sound))]
    run_ffmpeg(
        *inputs,
        "-filter_complex",
        f"concat=n={len(sounds)}:v=0:a=1",
        "-ar",
        "48000",
        "-ac",
        "1",
        str(path),
    )
    return path


def ivf_frames(film: Path) -> list[tuple[int, bytes]]:
    raw = film.read_bytes()
    frames, offset = [], 32
    while offset < len(raw):
        size, time = struct.unpack_from("<IQ", raw, offset)
        frames.append((time * 6_000, raw[offset + 12 : offset + 12 + size]))
        offset += 12 + size
    return frames


def opus_frames(said: Path, folder: Path) -> list[tuple[int, bytes]]:
    """Packets of an Ogg Opus file whose packets all end on their page's lacing."""
    path = folder / "said.ogg"
    run_ffmpeg(
        "-i", str(said), "-c:a", "libopus", "-b:a", "32k", "-frame_duration", "20", str(path)
    )
    raw, offset, packets = path.read_bytes(), 0, []
    while offset < len(raw):
        lacing = raw[offset + 27 : offset + 27 + raw[offset + 26]]
        offset += 27 + len(lacing)
        packet = b""
        for size in lacing:
            packet += raw[offset : offset + size]
            offset += size
            if size < 255:
                packets.append(packet)
                packet = b""
    return [(960 * number, packet) for number, packet in enumerate(packets[2:])]


def sealed(
    kind: sframe.Kind, frames: list[tuple[int, bytes]], base_key: bytes = BASE_KEY
) -> list[tuple[int, bytes]]:
    key = sframe.FrameKey(base_key, sframe.KeyId(7, 1, 3).encode())
    return [
        (t, sframe.seal_frame(kind, frame, key, counter))
        for counter, (t, frame) in enumerate(frames)
    ]


def test_pictures_are_seen_in_the_clear_and_not_when_sealed(film: Path) -> None:
    known = pictures.thumbnails(film)
    clear = Stream(ivf_frames(film), (320, 180))
    hidden = Stream(sealed(sframe.Kind.VIDEO, clear.frames), (320, 180))
    assert pictures.recognised(clear, known) >= pictures.ENOUGH
    assert pictures.recognised(hidden, known) == 0
    assert (
        pictures.recognised(opened(hidden, keyring([bytes(16), BASE_KEY])), known)
        >= pictures.ENOUGH
    )
    assert opened(hidden, keyring([bytes(16)])).frames == []


def test_speech_is_heard_in_the_clear_and_not_when_sealed(said: Path, tmp_path: Path) -> None:
    clear = Stream(opus_frames(said, tmp_path), None)
    hidden = Stream(sealed(sframe.Kind.AUDIO, clear.frames), None)
    assert speech.likeness(clear, said) >= speech.ALIKE
    assert speech.likeness(hidden, said) < speech.ALIKE
    assert speech.likeness(opened(hidden, keyring([BASE_KEY])), said) >= speech.ALIKE


def test_a_past_key_opens_what_was_before_and_the_next_one_what_follows() -> None:
    frames = [(960 * number, bytes([number] * 40)) for number in range(20)]
    before = sealed(sframe.Kind.AUDIO, frames[:12])
    after = sealed(sframe.Kind.AUDIO, frames[12:], NEXT_KEY)
    (left,) = later([Stream(before + after, None)], [Stream(before, None)])
    assert left.frames == after
    assert opened(left, keyring([BASE_KEY])).frames == []
    assert opened(left, keyring([NEXT_KEY])).frames == frames[12:]


FORMS = [(marker, form) for marker in (MARKER, SECRET) for form in markers.forms(marker)]


@pytest.mark.parametrize(("marker", "form"), FORMS, ids=[form for _, form in FORMS])
def test_a_marker_is_found_in_each_form(marker: markers.Marker, form: str, tmp_path: Path) -> None:
    tapped, data = tmp_path / "tap", tmp_path / "data"
    tapped.mkdir()
    data.mkdir()
    noise = random.Random(form).randbytes(4_096)
    (data / "segel.db-wal").write_bytes(noise)
    assert markers.search(tapped, data, [marker]) == []
    (data / "segel.db-wal").write_bytes(noise + markers.forms(marker)[form] + noise)
    assert any(form in line for line in markers.search(tapped, data, [marker]))


def test_masked_frames_are_read() -> None:
    mask, text = b"\x01\x02\x03\x04", MARKER.encode()
    body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(text))
    frame = bytes([0x82, 0x80 | len(text)]) + mask + body
    stream = b"GET /v1/socket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n" + frame * 3
    assert unmask(stream).count(text) == 3
    assert unmask(b"POST / HTTP/1.1\r\n\r\n" + text).endswith(text)


def test_a_record_that_is_cut_off_is_left_out(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "rtp-in.1")
    for record in (b"one", b"two"):
        recorder.write(record)
    recorder.close()
    (tmp_path / "copy").write_bytes((tmp_path / "rtp-in.1").read_bytes()[:-1])
    assert list(read(tmp_path / "copy")) == [b"one"]


def test_packets_are_put_in_order_and_joined(film: Path, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "rtp-in.1")
    packets = []
    for number, (timestamp, frame) in enumerate(ivf_frames(film)[:20]):
        head = struct.pack("!BBHII", 0x80, 0x80 | 96, number + 65_530 & 0xFFFF, timestamp, 99)
        packets.append(b"\0\0\0\1" + head + b"\x10" + frame)
    for packet in [packets[0], packets[2], packets[1], *packets[3:], packets[5]]:
        recorder.write(packet)
    recorder.close()
    assert len(list(read(tmp_path / "rtp-in.1"))) == 21
    (stream,) = streams(tmp_path, "in")
    assert stream.size == (320, 180)
    assert [frame for _, frame in stream.frames] == [frame for _, frame in ivf_frames(film)[:20]]
