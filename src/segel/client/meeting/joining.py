"""The group of a Welcome, checked against the link (meeting.md 6, rule.md 4)."""

from segel.client.meeting.ground import Party
from segel.core.cbor import Malformed
from segel.core.crypto.ed25519 import BadSignature, verify
from segel.core.meeting.envelope import Envelope
from segel.core.meeting.group import MeetingGroup
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.wire import signing


def join(party: Party, own: OwnKeyPackage, envelope: Envelope) -> MeetingGroup:
    """The group, which is the link's. Raises Malformed, Forbidden, MlsError."""
    opener = party.keys.opener_public
    group = MeetingGroup.join(envelope.welcome, own, opener, party.entropy, party.rules.was_in)
    _check_opening(party, group)
    party.rules.check(group.rule)
    leaf = group.member(group.leaf)
    if leaf is None or leaf.account != party.identity.account:
        raise Malformed("our leaf is another account's")
    return group


def _check_opening(party: Party, group: MeetingGroup) -> None:
    """Returns where the group is one that the link's opener opened. Raises Malformed."""
    alias, generation, policy, ttl_days, root_key, signature = group.meeting
    if alias != party.keys.alias or policy != party.link.policy:
        raise Malformed("another meeting's group")
    opening = signing.opening(alias, generation, group.group_id, root_key, ttl_days)
    try:
        verify(party.keys.opener_public, signature, opening)
    except BadSignature:
        raise Malformed("a generation that the opener did not open") from None
