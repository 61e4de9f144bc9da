"""The wire's own test vectors: `python -m segel.testing.wire_vectors FOLDER` writes them there.

Everything follows from fixed seeds, so that the files change only when the format does. Byte
strings are hex.
"""

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from segel.core.wire import answers, codec, hashes, ids, requests, signing


def fixed(name: str, size: int = 32) -> bytes:
    """`size` bytes that follow from a name."""
    stream = b"".join(sha256(f"{name} {part}".encode()).digest() for part in range(size // 32 + 1))
    return stream[:size]


def key(name: str) -> Ed25519PrivateKey:
    """The Ed25519 key whose seed follows from a name."""
    return Ed25519PrivateKey.from_private_bytes(fixed(name))


def public(name: str) -> bytes:
    """The 32-byte public key of `key(name)`."""
    return key(name).public_key().public_bytes_raw()


SERVER, GROUP, EPOCH, CHILD = public("server"), fixed("group"), public("epoch"), public("child")
LOG = hashes.log_id(SERVER)
ROOT = hashes.root_node(GROUP, EPOCH)
COMMIT = fixed("commit", 100)
NODE = hashes.child_node(ROOT, sha256(COMMIT).digest(), CHILD)
HEAD = hashes.next_head(hashes.first_head(GROUP, ROOT), 1, hashes.ROW_COMMIT, NODE, COMMIT)


def receipt(position: int, head: bytes) -> answers.Receipt:
    """A receipt that the vectors' server signed."""
    signed = signing.receipt(LOG, GROUP, position, head)
    return answers.Receipt(position, head, key("server").sign(signed))


CHILD_ENTRY = answers.Child(NODE, COMMIT, CHILD, receipt(1, HEAD))
ROW = answers.Row(fixed("message", 60), receipt(2, fixed("head 2")))
STREAM = answers.Stream(fixed("stream", 16), "video")


def requests_of() -> list[requests.Request]:
    """Every request, some of them twice."""
    sign = fixed("signature", 64)
    knock = fixed("knock", 16)
    tracks: dict[str, requests.Publish | requests.Receive] = {
        "0": requests.Publish("audio"),
        "1": requests.Receive(STREAM.id),
    }
    return [
        requests.OpenGeneration(
            fixed("alias"),
            1,
            GROUP,
            EPOCH,
            7,
            public("opener"),
            sign,
            fixed("announcement", 80),
            None,
        ),
        requests.OpenGeneration(
            fixed("alias"),
            2**32 - 1,
            GROUP,
            EPOCH,
            90,
            public("opener"),
            sign,
            b"a",
            fixed("token", 16),
        ),
        requests.FindMeeting(fixed("alias")),
        requests.Knock(fixed("alias"), fixed("sealed", 300)),
        requests.Withdraw(fixed("alias")),
        requests.Announce(GROUP, NODE, fixed("alias"), fixed("announcement", 80)),
        requests.Dismiss(GROUP, NODE, [knock]),
        requests.Dismiss(GROUP, NODE, []),
        requests.Enter(GROUP, NODE, 2**53 - 1, sign),
        requests.Exit(GROUP),
        requests.Commit(GROUP, ROOT, COMMIT, CHILD, None),
        requests.Commit(GROUP, ROOT, COMMIT, CHILD, fixed("announcement", 80)),
        requests.Append(GROUP, NODE, ROW.body),
        requests.Whisper(GROUP, NODE, fixed("whisper", 90)),
        requests.CreateInbox(public("inbox"), fixed("token hash"), 1),
        requests.Deliver(fixed("inbox"), fixed("token", 16), fixed("item", 70)),
        requests.OpenInbox(fixed("inbox"), 0, sign),
        requests.ClearInbox(fixed("inbox"), 70_000),
        requests.CreateBlob(GROUP, NODE, fixed("blob"), fixed("token hash"), 2_147_483_648),
        requests.OfferMedia(GROUP, NODE, "v=0\r\n", tracks, False),
        requests.OfferMedia(GROUP, NODE, "Grüße 👋", {}, True),
        requests.WatchMedia(GROUP, NODE, [STREAM.id], [STREAM.id]),
        requests.LeaveMedia(GROUP),
        requests.Ping(),
    ]


def _results() -> list[answers.Result]:
    waiting = answers.WaitingKnock(fixed("knock", 16), fixed("sealed", 300))
    return [
        answers.Opened(ROOT, receipt(0, hashes.first_head(GROUP, ROOT))),
        answers.Meeting(3, public("opener"), None),
        answers.Knocking(waiting.id, fixed("announcement", 80)),
        answers.Entered(
            [ROW], False, [CHILD_ENTRY], [waiting], receipt(2, fixed("head 2")), [STREAM]
        ),
        answers.Entered([], True, [], [], receipt(2**53 - 1, HEAD), []),
        answers.Appended(NODE, receipt(1, HEAD)),
        answers.InboxItems([answers.Item(65_536, fixed("item", 70))], False),
        answers.BlobCreated(0, 20_790),
        answers.MediaAnswer("v=0\r\n", {"0": STREAM.id}, [STREAM]),
        answers.Done(),
    ]


def _events() -> list[answers.Event]:
    waiting = answers.WaitingKnock(fixed("knock", 16), fixed("sealed", 300))
    return [
        answers.RowEvent(GROUP, NODE, ROW),
        answers.ChildEvent(GROUP, ROOT, CHILD_ENTRY),
        answers.WhisperEvent(GROUP, NODE, fixed("whisper", 90)),
        answers.KnockEvent(GROUP, waiting),
        answers.KnockGone(GROUP, waiting.id),
        answers.Announced(fixed("alias"), 1, None),
        answers.InboxEvent(fixed("inbox"), answers.Item(1, fixed("item", 70))),
        answers.StreamAdded(GROUP, STREAM),
        answers.StreamRemoved(GROUP, STREAM.id),
        answers.MediaEnded(GROUP, "stale"),
        answers.Goodbye("shutdown", 250),
    ]


def server_messages() -> Iterator[answers.ServerMessage]:
    """Every message of a server, with every result."""
    yield answers.Hello(codec.VERSION, SERVER, fixed("challenge"), 1_800_000_000, ids.MAX_BODY)
    for number, result in enumerate(_results()):
        yield answers.Reply(number, result)
    yield answers.Refused(2**32 - 1, answers.Refusal("slow_down", "Wait a second.", 1000, None))
    yield answers.Refused(1, answers.Refusal("quota", "No room.", None, None, 1_048_576))
    yield answers.Refused(0, answers.Refusal("conflict", "The group moved on.", None, CHILD_ENTRY))
    yield from _events()


def _calls() -> list[requests.Call]:
    body = codec.encode(requests.Append(GROUP, NODE, ROW.body))
    proof = requests.Proof(GROUP, NODE, fixed("nonce", 16), 1_800_000_060, fixed("signature", 64))
    return [requests.Call(0, codec.encode(requests.Ping()), None), requests.Call(7, body, proof)]


def _plain(value: object) -> Any:
    """The value as JSON has it: structs by field name, their tag as `type`, bytes in hex."""
    match value:
        case bytes():
            return value.hex()
        case msgspec.Struct():
            tag = value.__struct_config__.tag
            head = {} if tag is None else {"type": tag}
            return head | {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {name: _plain(each) for name, each in value.items()}
    return value


def _negatives() -> Iterator[tuple[str, str, bytes]]:
    """(what is wrong, which decoder refuses it, the bytes)."""
    pack = msgspec.msgpack.encode
    find = codec.encode(requests.FindMeeting(fixed("alias")))
    yield "nothing at all", "request", b""
    yield "a byte too few", "request", find[:-1]
    yield "a byte too many", "request", find + b"\0"
    yield "a tag of the answers", "request", pack(["done"])
    yield "no tag", "request", pack([])
    yield "a map in place of the array", "request", pack({"type": "ping"})
    yield "a field too few", "request", pack(["find_meeting"])
    yield "an alias of 31 bytes", "request", pack(["find_meeting", fixed("alias", 31)])
    yield "an alias of 33 bytes", "request", pack(["find_meeting", fixed("alias", 33)])
    yield "text in place of bytes", "request", pack(["find_meeting", "a" * 32])
    yield "nil in place of bytes", "request", pack(["find_meeting", None])
    yield "an empty knock", "request", pack(["knock", fixed("alias"), b""])
    yield "a negative position", "request", pack(["clear_inbox", fixed("inbox"), -1])
    yield "a position of 2^53", "request", pack(["clear_inbox", fixed("inbox"), 2**53])
    yield "a retention that is no class", "request", pack(["create_inbox", EPOCH, LOG, 8])
    yield (
        "a whisper too long",
        "request",
        pack(["whisper", GROUP, NODE, bytes(ids.MAX_WHISPER + 1)]),
    )
    yield "too many knocks", "request", pack(["dismiss", GROUP, NODE, [bytes(16)] * 257])
    yield (
        "a mid of 17 characters",
        "request",
        pack(["offer_media", GROUP, NODE, "v=0", {"m" * 17: ["publish", "audio"]}, False]),
    )
    yield (
        "a track that is neither published nor received",
        "request",
        pack(["offer_media", GROUP, NODE, "v=0", {"0": ["ping"]}, False]),
    )
    yield "a number in place of a truth", "request", pack(["offer_media", GROUP, NODE, "v", {}, 1])
    yield "a call's id of 2^32", "call", pack(["call", 2**32, b"", None])
    yield (
        "a proof with a nonce too short",
        "call",
        pack(["call", 1, b"", [GROUP, NODE, b"", 1, bytes(64)]]),
    )
    yield "a reply without a result", "server", pack(["reply", 1])
    yield "a reply with an event as result", "server", pack(["reply", 1, ["goodbye", "slow", 1]])
    yield "a refusal with an unknown code", "server", pack(["refused", 1, ["no", "", None, None]])
    yield "a request as a server's message", "server", pack(["ping"])


def messages() -> object:
    """Every message with its bytes, and bytes that every decoder refuses."""
    kinds: dict[str, Any] = {
        "request": requests_of(),
        "server": server_messages(),
        "call": _calls(),
    }
    valid = [
        {"decoder": kind, "value": _plain(value), "bytes": codec.encode(value).hex()}
        for kind, values in kinds.items()
        for value in values
    ]
    refused = [
        {"what": what, "decoder": kind, "bytes": data.hex()} for what, kind, data in _negatives()
    ]
    extra = msgspec.msgpack.encode(
        ["find_meeting", fixed("alias"), "a field of a later version", 7]
    )
    later = {
        "decoder": "request",
        "bytes": extra.hex(),
        "value": _plain(requests.FindMeeting(fixed("alias"))),
    }
    return {"valid": valid, "later": [later], "refused": refused}


def names() -> object:
    """Each hash of wire.md 2 with its inputs."""
    head = hashes.first_head(GROUP, ROOT)
    rows = []
    bodies: list[tuple[Literal[1, 2], bytes, bytes]] = [
        (hashes.ROW_COMMIT, NODE, COMMIT),
        (hashes.ROW_MESSAGE, NODE, b"x"),
        (hashes.ROW_MESSAGE, NODE, b""),
    ]
    for position, (kind, node, body) in enumerate(bodies, start=1):
        after = hashes.next_head(head, position, kind, node, body)
        rows.append(
            {
                "previous": head,
                "position": position,
                "kind": kind,
                "node": node,
                "body": body,
                "head": after,
            }
        )
        head = after
    far = {"previous": head, "position": 2**53 - 1, "kind": 2, "node": NODE, "body": b"y"}
    rows.append(far | {"head": hashes.next_head(head, 2**53 - 1, 2, NODE, b"y")})
    child = {"parent": ROOT, "commit": COMMIT, "child_key": CHILD, "node": NODE}
    return {
        "log": {"server_key": SERVER, "log_id": LOG},
        "root": {"group": GROUP, "epoch_key": EPOCH, "node": ROOT},
        "child": child,
        "first_head": {"group": GROUP, "root": ROOT, "head": hashes.first_head(GROUP, ROOT)},
        "rows": rows,
        "inbox": {"key": public("inbox"), "id": hashes.inbox_id(public("inbox"))},
        "blob": {"capability": fixed("read"), "name": hashes.blob_name(fixed("read"))},
    }


def _signature(label: str, signer: str, inputs: dict[str, Any], signed: bytes) -> dict[str, Any]:
    signature = key(signer).sign(signed)
    spoiled = bytes([signature[0] ^ 1]) + signature[1:]
    return {
        "what": label,
        "inputs": inputs,
        "signed": signed,
        "key": public(signer),
        "signature": signature,
        "refused": [
            {"what": "a bit flipped", "key": public(signer), "signature": spoiled},
            {"what": "another key", "key": public("another"), "signature": signature},
        ],
    }


def signatures() -> object:
    """Each signature of wire.md 3: its inputs, the bytes that it covers, key and value."""
    join = {"log_id": LOG, "challenge": fixed("challenge"), "group": GROUP, "node": NODE}
    mailbox = {"log_id": LOG, "challenge": fixed("challenge"), "inbox_id": fixed("inbox")}
    ask: dict[str, Any] = {
        "log_id": LOG,
        "group": GROUP,
        "node": NODE,
        "nonce": fixed("nonce", 16),
        "expiry": 1_800_000_060,
    }
    ask |= {"body": codec.encode(requests.Append(GROUP, NODE, ROW.body))}
    start: dict[str, Any] = {
        "alias": fixed("alias"),
        "generation": 258,
        "group": GROUP,
        "epoch_key": EPOCH,
        "ttl_days": 90,
    }
    seen: dict[str, Any] = {"log_id": LOG, "group": GROUP, "position": 1, "head": HEAD}
    return [
        _signature("connection", "epoch", join, signing.connection(**join)),
        _signature("inbox", "inbox", mailbox, signing.inbox(**mailbox)),
        _signature("request", "epoch", ask, signing.request(**ask)),
        _signature("opening", "opener", start, signing.opening(**start)),
        _signature("receipt", "server", seen, signing.receipt(**seen)),
    ]


def children() -> object:
    """The frozen format of a child (delivery.md 3), and children that a client refuses."""
    pack = msgspec.msgpack.encode
    good = [NODE, COMMIT, CHILD, [1, HEAD, CHILD_ENTRY.receipt.signature]]
    other_key = [NODE, COMMIT, public("another"), good[3]]
    other_commit = [NODE, COMMIT + b"\0", CHILD, good[3]]
    forged = [NODE, COMMIT, CHILD, [1, fixed("head 2"), CHILD_ENTRY.receipt.signature]]
    return {
        "server_key": SERVER,
        "group": GROUP,
        "parent": ROOT,
        "previous_head": hashes.first_head(GROUP, ROOT),
        "child": {"node": NODE, "commit": COMMIT, "epoch_key": CHILD, "position": 1, "head": HEAD},
        "list": pack([good]),
        "refused": [
            {"what": "the node is not the hash: another key", "list": pack([other_key])},
            {"what": "the node is not the hash: another commit", "list": pack([other_commit])},
            {"what": "the receipt is for another head", "list": pack([forged])},
        ],
    }


FILES = {"messages": messages, "hashes": names, "signing": signatures, "children": children}


def text(name: str) -> str:
    """The text of `NAME.json`."""
    return json.dumps(_plain(FILES[name]()), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for each in FILES:
        (Path(sys.argv[1]) / f"{each}.json").write_text(text(each), encoding="utf-8")
