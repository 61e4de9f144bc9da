"""How well one stream arrives: indexes, duplicates, what is asked for again, the report block."""

from hypothesis import given
from hypothesis import strategies as st

from segel.core.media.reception import (
    MAX_JUMP,
    MAX_MISSING,
    NACK_ATTEMPTS,
    NACK_INTERVAL,
    Reception,
)

CLOCK = 90_000


def take(reception: Reception, *sequences: int, now: float = 0.0) -> list[bool]:
    """Bring packets in on the stream's own SSRC; which were new."""
    return [
        reception.take(reception.extend(sequence), int(now * CLOCK), now) for sequence in sequences
    ]


def test_indexes_go_on_where_numbers_wrap() -> None:
    reception = Reception(CLOCK)
    take(reception, 65_534)
    first = reception.newest
    take(reception, 65_535, 0, 1)
    assert reception.newest == first + 3
    assert reception.extend(65_535) == first + 1


def test_a_duplicate_is_not_new() -> None:
    reception = Reception(CLOCK)
    assert take(reception, 5, 5, 7, 6, 6) == [True, False, True, True, False]
    assert reception.received == 3


def test_asks_for_what_is_missing_once_in_a_round_trip() -> None:
    reception = Reception(CLOCK)
    take(reception, 10, 13)
    assert reception.wanted(0.0, 0.0) == [11, 12]
    assert reception.wanted(NACK_INTERVAL - 0.001, 0.0) == []
    assert reception.recover(reception.extend(11))
    assert not reception.recover(reception.extend(11))
    assert reception.wanted(NACK_INTERVAL, 0.5) == [12]
    assert reception.wanted(NACK_INTERVAL + 0.59, 0.5) == []
    assert reception.wanted(NACK_INTERVAL + 0.61, 0.5) == [12]


def test_gives_up_in_the_end() -> None:
    reception = Reception(CLOCK)
    take(reception, 10, 12)
    for attempt in range(NACK_ATTEMPTS):
        assert reception.wanted(float(attempt), 0.0) == [11]
        assert not reception.gave_up
    assert reception.wanted(100.0, 0.0) == []
    assert reception.gave_up
    assert not reception.recover(reception.extend(11))


def test_too_much_loss_is_not_repaired() -> None:
    reception = Reception(CLOCK)
    take(reception, 10, 11 + MAX_MISSING)
    assert len(reception.wanted(0.0, 0.0)) == MAX_MISSING
    take(reception, 13 + MAX_MISSING)
    assert reception.gave_up
    assert reception.wanted(1.0, 0.0) == []


def test_a_leap_is_a_new_beginning() -> None:
    reception = Reception(CLOCK)
    take(reception, 10, 12 + MAX_JUMP)
    assert reception.gave_up
    assert reception.wanted(0.0, 0.0) == []


def test_reports_loss_since_the_last_block() -> None:
    """RFC 3550 A.3."""
    reception = Reception(CLOCK)
    assert reception.report() is None
    take(reception, 0, 1, 2, 3)
    first = reception.report()
    assert first is not None
    assert (first.fraction_lost, first.cumulative_lost, first.highest_sequence) == (0, 0, 3)
    take(reception, 5, 7)
    second = reception.report()
    assert second is not None
    assert (second.fraction_lost, second.cumulative_lost) == (128, 2)
    third = reception.report()
    assert third is not None
    assert (third.fraction_lost, third.cumulative_lost) == (0, 2)


def test_jitter_is_what_arrivals_vary_by() -> None:
    """RFC 3550 A.8: an even stream has none; one packet 16 ms late counts a sixteenth."""
    reception = Reception(1000)
    for number in range(10):
        reception.take(reception.extend(number), number * 20, number * 0.02)
    block = reception.report()
    assert block is not None
    assert block.jitter == 0
    reception.take(reception.extend(10), 200, 0.2 + 0.032)
    block = reception.report()
    assert block is not None
    assert block.jitter == 2


@given(st.lists(st.integers(0, 0xFFFF), max_size=60))
def test_any_numbers_are_borne(sequences: list[int]) -> None:
    """Whatever comes, what is asked for is bounded, and every block fits its fields."""
    reception = Reception(CLOCK)
    for step, sequence in enumerate(sequences):
        take(reception, sequence, now=step * 0.01)
        assert len(reception.wanted(step * 0.01, 0.1)) <= MAX_MISSING
        block = reception.report()
        assert block is not None
        assert 0 <= block.fraction_lost <= 255
        assert 0 <= block.highest_sequence <= 0xFFFFFFFF
