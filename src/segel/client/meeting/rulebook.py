"""What this client knows of a meeting's rule from before, so that nobody can show it an older one
(rule.md 4).
"""

from segel.client.vault import Vault
from segel.core import cbor
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.signature import Ed25519
from segel.core.meeting.group import MeetingGroup
from segel.core.meeting.rule import Forbidden, Rule, decode_rule, encode_rule

_RULE, _HOST = "rule", "host"


class RuleBook:
    """The newest rule that was seen, the group under which it stood, and the hosts' key."""

    def __init__(self, vault: Vault, alias: bytes) -> None:
        self._vault, self._box = vault, f"meeting/{alias.hex()}"
        self.rule: Rule | None = None
        """None where none was seen."""
        self._group = b""
        if (kept := vault.get(self._box, _RULE)) is not None:
            group, rule = cbor.fields(kept, 3)
            self._group, self.rule = cbor.octets(group), decode_rule(cbor.octets(rule))

    @property
    def is_revoked(self) -> bool:
        """Whether this client saw the link revoked."""
        return self.rule is not None and self.rule.terms.revoked

    def was_in(self, group_id: bytes) -> bool:
        """Whether this client was a member of the group before."""
        return self._group == group_id

    def check(self, rule: Rule) -> None:
        """Returns where the rule is not older than the newest. Raises Forbidden."""
        if self.rule is not None and rule.terms.serial < self.rule.terms.serial:
            raise Forbidden("an older rule than was seen before")

    def saw(self, group: MeetingGroup) -> None:
        """Keeps the rule of a group that this client is a member of."""
        if self.was_in(group.group_id) and self.rule == group.rule:
            return
        self._group, self.rule = group.group_id, group.rule
        kept = cbor.encode([1, group.group_id, encode_rule(group.rule)])
        self._vault.put(self._box, _RULE, kept)

    def host_key(self) -> KeyPair | None:
        """The opener's pair, which a host keeps."""
        seed = self._vault.get(self._box, _HOST)
        return None if seed is None else Ed25519().pair(seed)

    def keep_host_key(self, key: KeyPair) -> None:
        """This client is a host from now on."""
        self._vault.put(self._box, _HOST, key.private)
