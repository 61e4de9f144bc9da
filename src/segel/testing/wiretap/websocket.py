"""The bytes of one direction of an HTTP connection, with WebSocket masks taken off (RFC 6455
section 5).
"""

from struct import unpack_from


def unmask(stream: bytes) -> bytes:
    """The stream as it was meant: HTTP as it is, and after an upgrade the payloads of all
    frames, joined.
    """
    head, separator, rest = stream.partition(b"\r\n\r\n")
    if b"upgrade: websocket" not in head.lower():
        return stream
    payloads: list[bytes] = []
    offset = 0
    while offset + 2 <= len(rest):
        size, offset, mask = _read_head(rest, offset)
        payloads.append(_apply(rest[offset : offset + size], mask))
        offset += size
    return head + separator + b"".join(payloads)


def _read_head(data: bytes, offset: int) -> tuple[int, int, bytes]:
    size = data[offset + 1] & 0x7F
    masked = data[offset + 1] >> 7
    offset += 2
    if size == 126 and offset + 2 <= len(data):
        size, offset = unpack_from("!H", data, offset)[0], offset + 2
    elif size == 127 and offset + 8 <= len(data):
        size, offset = unpack_from("!Q", data, offset)[0], offset + 8
    return size, offset + 4 * masked, data[offset : offset + 4 * masked]


def _apply(payload: bytes, mask: bytes) -> bytes:
    if len(mask) != 4:
        return payload
    repeated = (mask * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(
        len(payload), "big"
    )
