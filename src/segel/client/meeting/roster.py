"""The people of a meeting, as they are shown."""

from segel.client.events import Person
from segel.client.meeting.membership import Membership
from segel.core.identity.account import Account, show_account
from segel.core.meeting.whisper import Here


def people(member: Membership) -> dict[Account, Person]:
    """Everybody in the group, oneself first, then in the order of their leaves."""
    ground, presence = member.ground, member.heart.presence
    group, now = ground.group, ground.party.clock.now()
    found: dict[Account, Person] = {}
    for each in sorted(group.members, key=lambda one: (one.leaf != group.leaf, one.leaf)):
        you = each.leaf == group.leaf
        seen = presence.seen.get(each.leaf)
        here = member.heart.here if you else seen.here if seen is not None else Here()
        found[each.account] = Person(
            show_account(each.account),
            each.name,
            you,
            each.account in group.rule.terms.hosts,
            you or seen is None or presence.is_present(each.leaf, now),
            here.microphone,
            here.camera,
            here.hand,
        )
    return found
