"""HPKE against RFC 9180's vectors, X-Wing against its draft's and the hybrid HPKE draft's."""

import json
from pathlib import Path
from typing import Any

import pytest

from segel.core.crypto.aead import AES_128_GCM, AES_256_GCM, CHACHA20_POLY1305, AeadFailure
from segel.core.crypto.ciphersuite import SUITES
from segel.core.crypto.dhkem import P256, P384, P521, X448, X25519, DhKem
from segel.core.crypto.hpke import Hpke, Kem
from segel.core.crypto.kdf import Hash
from segel.core.crypto.keys import InvalidKey, KeyPair
from segel.core.crypto.xwing import XWing, encapsulate_mlkem768

VECTORS = Path(__file__).parents[3] / "vectors"
RFC9180: list[dict[str, Any]] = json.loads((VECTORS / "hpke/rfc9180-base.json").read_text())
HYBRID: list[dict[str, Any]] = json.loads((VECTORS / "hpke/hpke-pq.json").read_text())
XWING: list[dict[str, Any]] = json.loads((VECTORS / "xwing/test-vectors.json").read_text())

HASHES: dict[int, Hash] = {1: "sha256", 2: "sha384", 3: "sha512"}
AEADS = {1: AES_128_GCM, 2: AES_256_GCM, 3: CHACHA20_POLY1305}
KEMS: dict[int, Kem] = {
    0x10: DhKem(0x10, P256, "sha256", 32),
    0x11: DhKem(0x11, P384, "sha384", 48),
    0x12: DhKem(0x12, P521, "sha512", 64),
    0x20: DhKem(0x20, X25519(), "sha256", 32),
    0x21: DhKem(0x21, X448(), "sha512", 64),
    0x647A: XWing(),
}
hexed = bytes.fromhex


class Replay:
    """Gives back what the vector's author drew."""

    def __init__(self, drawn: bytes) -> None:
        self._drawn = drawn

    def random(self, size: int) -> bytes:
        assert size == len(self._drawn)
        return self._drawn

    def encapsulate_mlkem768(self, public: bytes) -> tuple[bytes, bytes]:
        return encapsulate_mlkem768(public)


def hpke_of(case: dict[str, Any]) -> Hpke:
    return Hpke(KEMS[case["kem_id"]], HASHES[case["kdf_id"]], AEADS[case["aead_id"]])


SEALING = [case for case in RFC9180 if case["aead_id"] in AEADS]
assert {case["kem_id"] for case in SEALING} >= {0x10, 0x12, 0x20, 0x21}


@pytest.mark.parametrize(
    "case", SEALING, ids=lambda case: f"{case['kem_id']:x}-{case['kdf_id']}-{case['aead_id']}"
)
def test_the_rfcs_vectors(case: dict[str, Any]) -> None:
    hpke, info = hpke_of(case), hexed(case["info"])
    own = hpke.kem.derive(hexed(case["ikmR"]))
    assert own == KeyPair(hexed(case["skRm"]), hexed(case["pkRm"]))
    shared, encapsulated = hpke.kem.encapsulate(own.public, Replay(hexed(case["ikmE"])))
    assert (shared, encapsulated) == (hexed(case["shared_secret"]), hexed(case["enc"]))
    first = case["encryptions"][0]
    plain, aad = hexed(first["pt"]), hexed(first["aad"])
    assert hpke.open(own, encapsulated, info, aad, hexed(first["ct"])) == plain
    replayed = hpke.seal(own.public, info, aad, plain, Replay(hexed(case["ikmE"])))
    assert replayed == (encapsulated, hexed(first["ct"]))
    for export in case["exports"]:
        context, size = hexed(export["exporter_context"]), export["L"]
        found = hpke.receive_export(own, encapsulated, info, context, size)
        assert found.hex() == export["exported_value"]


@pytest.mark.parametrize("case", [case for case in HYBRID if case["kem_id"] == 0x647A])
def test_x_wing_derives_keys_by_the_hybrid_drafts_rule(case: dict[str, Any]) -> None:
    own = XWing().derive(hexed(case["ikmR"]))
    assert own == KeyPair(hexed(case["skRm"]), hexed(case["pkRm"]))
    shared = XWing().decapsulate(own, hexed(case["enc"]))
    assert shared.hex() == case["shared_secret"]


@pytest.mark.parametrize("number", range(len(XWING)))
def test_x_wing_opens_its_drafts_vectors(number: int) -> None:
    case = XWING[number]
    own = XWing().pair(hexed(case["seed"]))
    assert own.public.hex() == case["pk"]
    assert XWing().decapsulate(own, hexed(case["ct"])).hex() == case["ss"]


class System:
    """Real entropy: what X-Wing's encapsulation draws cannot be replayed."""

    def random(self, size: int) -> bytes:
        return bytes(range(size))

    def encapsulate_mlkem768(self, public: bytes) -> tuple[bytes, bytes]:
        return encapsulate_mlkem768(public)


@pytest.mark.parametrize("suite", SUITES.values(), ids=repr)
def test_what_is_sealed_opens_for_its_key_alone(suite: Any) -> None:
    own, other = suite.kem.derive(bytes(range(66))), suite.kem.derive(bytes(range(1, 67)))
    sealed = suite.encrypt(own.public, b"label", b"context", b"said", System())
    assert suite.decrypt(own, b"label", b"context", *sealed) == b"said"
    for key, label, context in (
        (other, b"label", b"context"),
        (own, b"other", b"context"),
        (own, b"label", b"other"),
    ):
        with pytest.raises(AeadFailure):
            suite.decrypt(key, label, context, *sealed)


@pytest.mark.parametrize("suite", SUITES.values(), ids=repr)
def test_bytes_that_are_no_key_are_named_so(suite: Any) -> None:
    with pytest.raises(InvalidKey):
        suite.encrypt(b"short", b"", b"", b"", System())
    with pytest.raises(InvalidKey):
        suite.kem.pair(b"short")


def test_a_point_of_small_order_is_no_key() -> None:
    with pytest.raises(InvalidKey):
        KEMS[0x20].encapsulate(bytes(32), System())
