"""Fuzzer of every decoder of segel.core.mls: `python -m segel.testing.mls_fuzz --seconds 60`.

Run it from the repository: real messages to begin with are in vectors/mls. Under atheris, where
that is installed (`pip install atheris`, Linux), it is guided by coverage; else it changes real
messages at random, from a seed that it prints.
"""

import argparse
import importlib
import importlib.util
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from segel.core.crypto.ciphersuite import SUITES
from segel.core.mls.commit import Commit
from segel.core.mls.errors import Malformed
from segel.core.mls.message import decode_message, encode_message
from segel.core.mls.proposal import decode_proposal
from segel.core.mls.ratchet_tree import RatchetTree, decode_nodes
from segel.core.mls.storage import decode_staged, decode_state, encode_staged, encode_state
from segel.core.mls.welcome import GroupSecrets

MESSAGES = Path("vectors/mls/messages.json")

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "message": lambda data: encode_message(decode_message(data)),
    "ratchet_tree": lambda data: RatchetTree.of(SUITES[1], decode_nodes(data)).encode(),
    "group_secrets": lambda data: GroupSecrets.decode(data).encode(),
    "commit": lambda data: Commit.decode(data).encode(),
    "proposal": lambda data: decode_proposal(data).encode(),
    "staged": lambda data: encode_staged(decode_staged(data)),
    "state": lambda data: encode_state(decode_state(data)),
}
"""By name, what decodes and encodes again."""

# A proposal in these vectors comes without its type.
_BARE = {
    "add_proposal": 1,
    "update_proposal": 2,
    "remove_proposal": 3,
    "pre_shared_key_proposal": 4,
    "re_init_proposal": 5,
    "external_init_proposal": 6,
    "group_context_extensions_proposal": 7,
}


def samples(messages: Path, cases: int) -> dict[str, list[bytes]]:
    """Real encodings, but for what is stored, out of so many of the vectors' cases."""
    found: dict[str, list[bytes]] = {name: [] for name in DECODERS}
    for case in json.loads(messages.read_text())[:cases]:
        for field, text in case.items():
            data = bytes.fromhex(text)
            if field in _BARE:
                found["proposal"].append(_BARE[field].to_bytes(2) + data)
            else:
                found[field if field in DECODERS else "message"].append(data)
    return found


def check(name: str, data: bytes) -> bool:
    """Whether the bytes parse. What parses has this one encoding, and Malformed is all else.

    Raises AssertionError, and whatever the decoder must not raise.
    """
    try:
        encoded = DECODERS[name](data)
    except Malformed:
        return False
    if encoded != data:
        raise AssertionError(f"{name}: {data.hex()} is encoded as {encoded.hex()}")
    return True


def mutate(data: bytes, choose: random.Random) -> bytes:
    """The bytes with a few of them changed, left out, doubled or put in."""
    changed = bytearray(data)
    for _ in range(choose.randint(1, 4)):
        at = choose.randrange(len(changed) + 1)
        size = choose.choice((1, 1, 1, 2, 4, 16))
        deed = choose.randrange(4)
        if deed == 0:
            changed[at : at + size] = choose.randbytes(len(changed[at : at + size]))
        elif deed == 1:
            del changed[at : at + size]
        elif deed == 2:
            changed[at:at] = choose.randbytes(size)
        else:
            changed[at:at] = changed[at : at + size]
    return bytes(changed)


def run_plain(seconds: float, seed: int, found: dict[str, list[bytes]]) -> None:
    """Changes at random, for so long."""
    choose = random.Random(seed)
    pairs = [(name, data) for name, each in found.items() for data in each]
    tried = parsed = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, data in choose.choices(pairs, k=1000):
            parsed += check(name, mutate(data, choose))
        tried += 1000
    print(f"seed {seed}: {tried} inputs, of which {parsed} parsed")


def run_atheris(seconds: float, seed: int, found: dict[str, list[bytes]]) -> None:
    """The first byte of an input chooses the decoder. Ends the process."""
    atheris = importlib.import_module("atheris")
    names = sorted(DECODERS)

    def one(data: bytes) -> None:
        if data:
            check(names[data[0] % len(names)], data[1:])

    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as corpus:
        for choice, name in enumerate(names):
            for number, data in enumerate(found[name]):
                Path(corpus, f"{name}-{number}").write_bytes(bytes([choice]) + data)
        atheris.Setup(
            [sys.argv[0], f"-max_total_time={int(seconds)}", f"-seed={seed}", corpus], one
        )
        atheris.Fuzz()


def main() -> None:
    """Runs for as long as is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    run = run_atheris if importlib.util.find_spec("atheris") else run_plain
    run(asked.seconds, asked.seed, samples(MESSAGES, cases=100))


if __name__ == "__main__":
    main()
