"""The vectors of a passive client: it joins by a Welcome and follows every commit."""

from segel.apps.conformance.mls import Case, private_pair, same, suite_of
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.xwing import encapsulate_mlkem768
from segel.core.mls.group import Group
from segel.core.mls.key_package import KeyPackage, KeyPackageIn, OwnKeyPackage
from segel.core.mls.message import decode_message
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.registry import PskType
from segel.core.mls.services import Services
from segel.core.mls.staged_commit import StagedCommit


class _Silent(Entropy):
    """A passive client makes nothing."""

    def random(self, size: int) -> bytes:
        raise AssertionError("a passive client draws no randomness")

    def encapsulate_mlkem768(self, public: bytes) -> tuple[bytes, bytes]:
        return encapsulate_mlkem768(public)


def passive_client(case: Case) -> None:
    """Joins, and compares the epoch authenticator after every commit."""
    services, own = _services(case), _own(case)
    tree = None if case["ratchet_tree"] is None else bytes.fromhex(case["ratchet_tree"])
    group = Group.join(bytes.fromhex(case["welcome"]), [own], services, tree=tree)
    same(group.epoch_authenticator.hex(), case["initial_epoch_authenticator"])
    for epoch in case["epochs"]:
        for proposal in epoch["proposals"]:
            group.receive(bytes.fromhex(proposal))
        group = Group.from_bytes(group.to_bytes(), services)
        staged = group.receive(bytes.fromhex(epoch["commit"]))
        if not isinstance(staged, StagedCommit):
            raise AssertionError("not a commit")
        group.merge(staged)
        same(group.epoch_authenticator.hex(), epoch["epoch_authenticator"])


def _own(case: Case) -> OwnKeyPackage:
    suite = suite_of(case)
    package = decode_message(bytes.fromhex(case["key_package"]))
    if not isinstance(package, KeyPackageIn):
        raise AssertionError("not a KeyPackage")
    return OwnKeyPackage(
        KeyPackage.of(package),
        private_pair(suite, case["init_priv"]),
        private_pair(suite, case["encryption_priv"]),
        suite.signature.pair(bytes.fromhex(case["signature_priv"])),
    )


def _services(case: Case) -> Services:
    """Takes any credential and any lifetime: the vectors have them at random."""
    psks = {psk["psk_id"]: bytes.fromhex(psk["psk"]) for psk in case["external_psks"]}

    def held(psk: PreSharedKeyId) -> bytes | None:
        return psks.get(psk.psk_id.hex()) if psk.type == PskType.EXTERNAL else None

    return Services(
        _Silent(),
        validate=lambda credential, key: True,
        succeeds=lambda before, after: True,
        psk=held,
        longest_lifetime=2**64,
        resumption_epochs=2**32,
    )
