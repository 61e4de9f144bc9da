"""Signatures that carry a request's authority (wire.md 3)."""

from segel.core.crypto.ed25519 import BadSignature, verify
from segel.core.wire import signing
from segel.core.wire.requests import Proof
from segel.server.refusals import Refuse


def check(public: bytes, signature: bytes, message: bytes) -> None:
    """Returns if the signature verifies. Refuses bad_signature."""
    try:
        verify(public, signature, message)
    except BadSignature:
        raise Refuse("bad_signature") from None


class Nonces:
    """The nonces of proofs whose expiry lies ahead. Only verified proofs put one in."""

    def __init__(self) -> None:
        self._seen: dict[tuple[bytes, bytes], int] = {}
        self._swept = 0.0

    def fresh(self, proof: Proof, now: float) -> None:
        """Returns if the proof's time is right and it was not used. Refuses expired, replayed."""
        if not now <= proof.expiry <= now + signing.MAX_EXPIRY:
            raise Refuse("expired")
        if (proof.node, proof.nonce) in self._seen:
            raise Refuse("replayed")

    def use(self, proof: Proof, now: float) -> None:
        """Remembers a verified proof. Refuses as `fresh`: another use may have
        been verified meanwhile."""
        self.fresh(proof, now)
        self._seen[proof.node, proof.nonce] = proof.expiry
        if now > self._swept + signing.MAX_EXPIRY:
            self._seen = {name: expiry for name, expiry in self._seen.items() if expiry >= now}
            self._swept = now
