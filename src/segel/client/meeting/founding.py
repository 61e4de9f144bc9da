"""Opening a generation of a meeting with a group of one (meeting.md 3, 7)."""

from typing import NamedTuple

from segel.client.errors import UsageError
from segel.client.meeting.ground import Party, Standing
from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.signature import Ed25519
from segel.core.meeting.announcement import Announcement, encode_announcement
from segel.core.meeting.context import MeetingContext
from segel.core.meeting.group import Founding, MeetingGroup, own_key_package
from segel.core.meeting.link import LOBBY, OPEN_GENERATION
from segel.core.meeting.log import Log
from segel.core.meeting.rule import EQUALS, Terms, next_terms, sign_rule
from segel.core.wire import signing
from segel.core.wire.answers import Hello, Opened
from segel.core.wire.hashes import first_head, root_node
from segel.core.wire.requests import OpenGeneration, TtlDays


class Plan(NamedTuple):
    """How to found a meeting, or its next generation."""

    suite: Ciphersuite
    ttl_days: TtlDays = 1
    invitation: bytes | None = None
    """The operator's token where starting a meeting needs one."""


async def found(party: Party, hello: Hello, generation: int, plan: Plan) -> Standing:
    """A group of one that is the generation on the server. Raises RefusedCall: `taken` where
    another was faster; Away.
    """
    opener, alias = party.keys.opener, party.keys.alias
    if opener is None:
        raise UsageError("only a host can open the meeting")
    group = _create(party, opener, hello, generation, plan)
    context = group.meeting
    announced = Announcement(generation, group.suite.id, group.keys.knock.public)
    await party.call(
        OpenGeneration(
            alias,
            generation,
            group.group_id,
            context.root_key,
            plan.ttl_days,
            opener.public,
            context.signature,
            encode_announcement(party.keys, announced),
            plan.invitation,
        ),
        Opened,
    )
    node = root_node(group.group_id, context.root_key)
    log = Log(hello.server_key, group.group_id, 0, first_head(group.group_id, node))
    return Standing(group, node, log)


def _create(
    party: Party, opener: KeyPair, hello: Hello, generation: int, plan: Plan
) -> MeetingGroup:
    alias, group_id = party.keys.alias, party.entropy.random(32)
    own = own_key_package(plan.suite, party.identity, party.name, hello.now, party.entropy)
    rule = sign_rule(opener, alias, _terms(party))

    def founding(root_key: bytes) -> Founding:
        signed = signing.opening(alias, generation, group_id, root_key, plan.ttl_days)
        signature = Ed25519().sign(opener, signed)
        context = MeetingContext(
            alias, generation, party.link.policy, plan.ttl_days, root_key, signature
        )
        return Founding(context, rule)

    return MeetingGroup.create(plan.suite, group_id, own, opener.public, founding, party.entropy)


def _terms(party: Party) -> Terms:
    policy, known = party.link.policy, party.rules.rule
    if policy & OPEN_GENERATION:
        return EQUALS
    if known is not None:
        return next_terms(known.terms, ended=False)
    return next_terms(EQUALS, hosts=(party.identity.account,), lobby=bool(policy & LOBBY))
