"""Which layers of which streams fit through a receiver's link: sound first, then what it shows."""

from collections.abc import Iterable, Mapping

from segel.core.media.subscription import ALL_LAYERS, NO_LAYER, Subscription

HEADROOM = 1.15
"""A layer is taken up again only when the estimate holds this much more than it needs."""

SMALL_LAYER = 1
"""The highest layer of what is shown small: of three, half the pictures."""


def allocate(
    subscriptions: Iterable[Subscription], limits: Mapping[bytes, int], bitrate: float
) -> None:
    """Set each subscription's target layer; `bitrate` in bits per second.

    `limits` are the highest layers that the receiver wishes for, by stream; a stream that it does
    not show has NO_LAYER and pauses. Video that is shown is
    taken in the order given, whole if it fits, else without its higher temporal layers. It never
    pauses for want of room: a path that carries nothing proves nothing, so its estimate could
    stay low for ever, and a busy device looks like a narrow path.
    """
    wanted = list(subscriptions)
    rest = bitrate
    for subscription in wanted:
        if subscription.publication.format.kind == "audio":
            rest -= subscription.publication.rate(0)
    for subscription in wanted:
        if subscription.publication.format.kind == "audio":
            continue
        layer = limits.get(subscription.publication.stream, ALL_LAYERS)
        if layer != NO_LAYER:
            layer = _choose(subscription, layer, rest)
        if layer != NO_LAYER:
            rest -= subscription.publication.rate(layer)
        _set(subscription, layer)


def _choose(subscription: Subscription, limit: int, rest: float) -> int:
    publication = subscription.publication
    highest = publication.highest_temporal
    for layer in range(min(highest, limit), -1, -1):
        rising = subscription.target_layer < layer
        if publication.rate(layer) * (HEADROOM if rising else 1.0) <= rest:
            return ALL_LAYERS if layer == highest else layer
    return ALL_LAYERS if highest == 0 else 0


def _set(subscription: Subscription, layer: int) -> None:
    paused = subscription.target_layer == NO_LAYER
    subscription.target_layer = layer
    if paused and layer != NO_LAYER:
        subscription.resume()
