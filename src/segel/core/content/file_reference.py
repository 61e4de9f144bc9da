"""How a message names a file (docs/protocol/files.md 3)."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from segel.core import cbor
from segel.core.cbor import Malformed, Value
from segel.core.content.file_name import clean_file_name

MAX_SIZE = 2**50
UNKNOWN_TYPE = "application/octet-stream"

_STREAM_AES_256_GCM, _CHUNKS_SHA_256 = 0xF001, 48
_SCHEME = "segel:blob/"
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_MAX_TYPE = 100


class FileReference(NamedTuple):
    """A file that lies sealed on the meeting's server."""

    capability: bytes
    """32 bytes: whoever has it may read the blob that it names."""
    key: bytes
    """32 bytes, for this file alone."""
    prefix: bytes
    """7 bytes, with which every nonce begins."""
    size: int
    """Bytes of the file itself."""
    hash: bytes
    """32 bytes: of the sealed chunks (files.md 2)."""
    name: str
    type: str
    """What its sender says that it is: a claim that nothing is decided by."""
    expires: int
    """Seconds of Unix time until which the server keeps it."""


def clean_type(claimed: str) -> str:
    """A media type without parameters; what is none is octets."""
    plain = claimed.split(";")[0].strip().lower()
    return plain if len(plain) <= _MAX_TYPE and _TYPE.fullmatch(plain) else UNKNOWN_TYPE


def encode_file(file: FileReference) -> list[Value]:
    """The ExternalPart's fields."""
    url = _SCHEME + urlsafe_b64encode(file.capability).rstrip(b"=").decode()
    cipher: list[Value] = [_STREAM_AES_256_GCM, file.key, file.prefix, b""]
    return [
        file.type,
        url,
        file.expires,
        file.size,
        *cipher,
        _CHUNKS_SHA_256,
        file.hash,
        "",
        file.name,
    ]


def decode_file(fields: list[Value]) -> FileReference:
    """The file that the fields name, its name and type cleaned. Raises Malformed."""
    claimed, url, expires, size, cipher, key, prefix, aad, hashing, digest, description, name = (
        fields
    )
    cbor.integer(cipher, _STREAM_AES_256_GCM, _STREAM_AES_256_GCM)
    cbor.integer(hashing, _CHUNKS_SHA_256, _CHUNKS_SHA_256)
    cbor.octets(aad, 0)
    cbor.text(description)
    return FileReference(
        _capability(cbor.text(url)),
        cbor.octets(key, 32),
        cbor.octets(prefix, 7),
        cbor.integer(size, 0, MAX_SIZE),
        cbor.octets(digest, 32),
        clean_file_name(cbor.text(name)),
        clean_type(cbor.text(claimed)),
        cbor.integer(expires, 0, 2**32 - 1),
    )


def _capability(url: str) -> bytes:
    encoded = url.removeprefix(_SCHEME)
    try:
        capability = urlsafe_b64decode(encoded + "=")
    except ValueError:
        capability = b""
    canonical = urlsafe_b64encode(capability).rstrip(b"=").decode()
    if not url.startswith(_SCHEME) or len(capability) != 32 or canonical != encoded:
        raise Malformed("no file of this server")
    return capability
