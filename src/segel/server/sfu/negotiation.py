"""From a participant's offer to streams: what each section of it sends or receives."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from segel.core.media import answer
from segel.core.media.answer import Selection
from segel.core.media.errors import OfferRefused
from segel.core.media.packet import HeaderProfile
from segel.core.media.publication import Format, Publication
from segel.core.media.sdp import MediaSection, Offer
from segel.core.media.subscription import Subscription
from segel.server.sfu.messages import Publish, Receive, Track

MAX_PUBLISHED = 8
MAX_RECEIVED = 128
CNAME = "segel"


@dataclass(slots=True)
class Streams:
    """What one participant sends and receives, by the section's mid."""

    published: dict[str, Publication] = field(default_factory=dict)
    received: dict[str, Subscription] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Negotiated:
    """What an offer leads to: the sections' uses for the answer, and the streams from now on."""

    uses: Mapping[str, answer.Use]
    streams: Streams


def negotiate(
    offer: Offer, tracks: Mapping[str, Track], now_streams: Streams,
    known: Mapping[bytes, Publication], now: float,
) -> Negotiated:  # fmt: skip
    """Match an offer's sections with the tracks. Streams that go on keep their numbers.

    `known` are the streams that the others publish. A section whose stream ended in the meantime
    becomes inactive. Raises OfferRefused.
    """
    streams = Streams()
    uses: dict[str, answer.Use] = {}
    for mid, track in tracks.items():
        section = offer.section(mid)
        selection = None if section is None else answer.select(section)
        if section is None or selection is None:
            raise OfferRefused(f"section {mid} has neither Opus nor VP8")
        if isinstance(track, Publish):
            streams.published[mid] = _publish(
                section, selection, now_streams.published.get(mid), now
            )
            uses[mid] = answer.Publish()
        elif (publication := known.get(track.stream)) is not None:
            subscription = _receive(selection, publication, now_streams.received.get(mid))
            streams.received[mid] = subscription
            uses[mid] = _use(track, subscription)
    if len(streams.published) > MAX_PUBLISHED or len(streams.received) > MAX_RECEIVED:
        raise OfferRefused("too many streams")
    return Negotiated(uses, streams)


def _publish(
    section: MediaSection, selection: Selection, before: Publication | None, now: float
) -> Publication:
    if before is not None:
        return before
    ssrc = section.ssrcs[0] if section.ssrcs else None
    rtx_ssrc = dict(section.groups).get(ssrc) if ssrc is not None else None
    return Publication(secrets.token_bytes(16), _format(selection), ssrc, rtx_ssrc, now)


def _format(selection: Selection) -> Format:
    extensions = selection.extensions
    return Format(
        kind=selection.kind,
        payload_type=selection.codec.payload_type,
        rtx_payload_type=selection.rtx.payload_type if selection.rtx else None,
        clock_rate=selection.codec.clock_rate,
        transport_sequence=extensions.get(answer.TRANSPORT_WIDE_CC, 0),
        descriptor=extensions.get(answer.DEPENDENCY_DESCRIPTOR, 0),
        audio_level=extensions.get(answer.AUDIO_LEVEL, 0),
    )


def _receive(
    selection: Selection, publication: Publication, before: Subscription | None
) -> Subscription:
    if before is not None and before.publication is publication:
        return before
    if selection.kind != publication.format.kind:
        raise OfferRefused("a section of the other kind than its stream")
    form = _format(selection)
    return Subscription(
        publication,
        ssrc=_fresh_ssrc(),
        rtx_ssrc=_fresh_ssrc() if form.rtx_payload_type is not None else None,
        profile=_profile(form, form.payload_type),
        rtx_profile=None
        if form.rtx_payload_type is None
        else _profile(form, form.rtx_payload_type),
    )


def _profile(form: Format, payload_type: int) -> HeaderProfile:
    return HeaderProfile(payload_type, form.transport_sequence, form.descriptor, form.audio_level)


def _fresh_ssrc() -> int:
    return secrets.randbelow(0xFFFFFFFE) + 1


def _use(track: Receive, subscription: Subscription) -> answer.Receive:
    name = track.stream.hex()
    return answer.Receive(
        subscription.ssrc, subscription.rtx_ssrc, f"{CNAME}-{name[:8]}", name, name
    )
