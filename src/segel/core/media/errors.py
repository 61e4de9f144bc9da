"""What can be wrong with media, grouped by who must act.

MediaError
|- Malformed                        the peer's bytes are not the format: drop and count
|  |- StunMalformed
|  |- RtpMalformed
|  |- RtcpMalformed
|  |- DependencyDescriptorMalformed
|  |- Vp8Malformed
|  |- SdpMalformed
|  `- SFrameMalformed
|- Unauthenticated                  the bytes are well formed, their sender is not proven: drop
|  |- StunUnauthenticated
|  `- SFrameUnauthenticated
|- SFrameUnknownKey                 no key for this KID yet, or no longer: drop and count
`- OfferRefused                     the client asks for what this relay does not do: tell it
"""


class MediaError(Exception):
    """Base of everything that `segel.core.media` raises on purpose."""


class Malformed(MediaError):
    """Bytes from the network do not parse."""


class StunMalformed(Malformed):
    """Not a STUN message (RFC 8489 section 5), or one with broken attributes."""


class RtpMalformed(Malformed):
    """Not an RTP packet (RFC 3550 section 5.1), or one with broken header extensions."""


class RtcpMalformed(Malformed):
    """Not a compound or reduced-size RTCP packet (RFC 3550 section 6, RFC 5506)."""


class DependencyDescriptorMalformed(Malformed):
    """Not a dependency descriptor (AV1 RTP specification, appendix A)."""


class Vp8Malformed(Malformed):
    """Not a VP8 payload (RFC 7741 section 4) or not a VP8 frame (RFC 6386 section 9.1)."""


class SdpMalformed(Malformed):
    """Not a session description (RFC 8866), or one beyond the limits of `segel.core.media.sdp`."""


class SFrameMalformed(Malformed):
    """Too short or wrongly encoded for an SFrame (RFC 9605 section 4)."""


class Unauthenticated(MediaError):
    """A proof of origin is missing or wrong."""


class StunUnauthenticated(Unauthenticated):
    """USERNAME or MESSAGE-INTEGRITY is missing or wrong (RFC 8489 section 9.1)."""


class SFrameUnauthenticated(Unauthenticated):
    """The authentication tag of an SFrame does not match (RFC 9605 section 4.4.4)."""


class SFrameUnknownKey(MediaError):
    """The key lookup knows no key for the frame's KID."""


class OfferRefused(MediaError):
    """A well formed offer lacks something this relay needs; the text says what, for a developer."""
