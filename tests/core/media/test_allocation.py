"""Which streams fit: sound always, then what is shown, in its order."""

import pytest

from segel.core.media.allocation import SMALL_LAYER, allocate
from segel.core.media.packet import HeaderProfile
from segel.core.media.publication import Format, Publication
from segel.core.media.subscription import ALL_LAYERS, NO_LAYER, Subscription


class Measured(Publication):
    """A publication whose rates are given, in bits per second for each layer and those below."""

    def __init__(self, number: int, kind: str, *rates: float) -> None:
        super().__init__(bytes([number]) * 16, Format(kind, 1, 2, 1, 0, 0, 0), 1, 2, 0.0)
        self.given = rates

    def rate(self, temporal: int) -> float:
        """Up to this layer."""
        return self.given[min(temporal, len(self.given) - 1)]

    @property
    def highest_temporal(self) -> int:
        """The highest layer given."""
        return len(self.given) - 1


def subscriptions(*publications: Publication) -> list[Subscription]:
    return [Subscription(p, 1, 2, HeaderProfile(1), HeaderProfile(2)) for p in publications]


def targets(of: list[Subscription]) -> list[int]:
    return [subscription.target_layer for subscription in of]


def test_all_that_fits_passes() -> None:
    everything = subscriptions(Measured(1, "video", 5e5), Measured(2, "video", 5e5))
    allocate(everything, {}, 1e6)
    assert targets(everything) == [ALL_LAYERS, ALL_LAYERS]


def test_the_first_is_the_most_important() -> None:
    everything = subscriptions(Measured(1, "video", 2e5, 5e5), Measured(2, "video", 2e5, 5e5))
    allocate(everything, {}, 8e5)
    assert targets(everything) == [ALL_LAYERS, 0]


def test_layers_go_before_streams() -> None:
    everything = subscriptions(Measured(1, "video", 3e5, 6e5), Measured(2, "video", 2e5, 4e5))
    allocate(everything, {}, 8.5e5)
    assert targets(everything) == [ALL_LAYERS, 0]


def test_sound_passes_however_narrow_the_link() -> None:
    everything = subscriptions(Measured(1, "video", 2e5, 5e5), Measured(2, "audio", 4e4))
    allocate(everything, {}, 3e4)
    assert targets(everything) == [0, ALL_LAYERS]


def test_what_is_shown_never_pauses_for_want_of_room() -> None:
    everything = subscriptions(Measured(1, "video", 5e5), Measured(2, "video", 2e5, 5e5))
    allocate(everything, {}, 0.0)
    assert targets(everything) == [ALL_LAYERS, 0]


def test_sound_is_paid_before_pictures() -> None:
    everything = subscriptions(Measured(1, "video", 2e5, 5e5), Measured(2, "audio", 4e4))
    allocate(everything, {}, 5.2e5)
    assert targets(everything) == [0, ALL_LAYERS]


def test_what_is_hidden_is_not_sent_and_costs_nothing() -> None:
    first, second = Measured(1, "video", 5e5), Measured(2, "video", 5e5)
    everything = subscriptions(first, second)
    allocate(everything, {first.stream: NO_LAYER}, 6e5)
    assert targets(everything) == [NO_LAYER, ALL_LAYERS]


@pytest.mark.parametrize(("bitrate", "layer"), [(5.1e5, 0), (6e5, ALL_LAYERS)])
def test_a_layer_returns_only_with_room_to_spare(bitrate: float, layer: int) -> None:
    everything = subscriptions(Measured(1, "video", 2e5, 5e5))
    allocate(everything, {}, 3e5)
    allocate(everything, {}, bitrate)
    assert targets(everything) == [layer]


def test_a_hidden_stream_that_is_shown_again_asks_for_a_key_frame() -> None:
    everything = subscriptions(Measured(1, "video", 5e5))
    stream = everything[0].publication.stream
    allocate(everything, {stream: NO_LAYER}, 1e6)
    everything[0].ask()
    assert everything[0].publication.wants_key_frame is False
    allocate(everything, {}, 1e6)
    everything[0].ask()
    assert everything[0].publication.wants_key_frame is True


def test_what_is_shown_small_has_no_more_than_half_its_pictures() -> None:
    everything = subscriptions(Measured(1, "video", 2e5, 3e5, 5e5), Measured(2, "video", 2e5))
    limits = {each.publication.stream: SMALL_LAYER for each in everything}
    allocate(everything, limits, 1e7)
    assert targets(everything) == [SMALL_LAYER, ALL_LAYERS], "one layer cannot be thinned out"
    allocate(everything, limits, 2.5e5)
    assert targets(everything)[0] == 0
