"""Both ends of transport-wide congestion control, joined by the encoded feedback."""

from hypothesis import given
from hypothesis import strategies as st

from segel.core.media import transport_feedback
from segel.core.media.transport_feedback import Feedback
from segel.core.media.twcc import (
    HISTORY,
    INTERVAL,
    MAX_PACKETS,
    ArrivalRecorder,
    FeedbackReader,
    SentHistory,
)

DAY = 86_400_000_000


def over_the_wire(reports: list[Feedback]) -> list[Feedback]:
    return [transport_feedback.parse(transport_feedback.encode(report)) for report in reports]


def test_tells_losses_within_and_between_reports() -> None:
    recorder, reader = ArrivalRecorder(), FeedbackReader()
    for sequence in (0, 1, 3):
        recorder.record(sequence, sequence * 1000)
    (first,) = recorder.take(5000)
    for sequence in (5, 6):
        recorder.record(sequence, sequence * 1000)
    (second,) = recorder.take(9000)
    told = reader.read(first) + reader.read(second)
    assert told == [(0, 0), (1, 1000), (2, None), (3, 3000), (4, None), (5, 5000), (6, 6000)]


def test_tells_a_late_packet_in_the_next_report() -> None:
    recorder, history = ArrivalRecorder(), SentHistory()
    for sequence in range(4):
        history.add(sequence, 100, sequence)
    for sequence in (0, 1, 3):
        recorder.record(sequence, 1000)
    first = [result for report in recorder.take(2000) for result in history.apply(report)]
    recorder.record(2, 3000)
    second = [result for report in recorder.take(4000) for result in history.apply(report)]
    assert [(r.sequence, r.arrived is None) for r in first] == [
        (0, False),
        (1, False),
        (2, True),
        (3, False),
    ]
    assert [(r.sequence, r.arrived) for r in second] == [(2, 3000)]


def test_is_due_after_the_interval_or_many_packets() -> None:
    recorder = ArrivalRecorder()
    assert not recorder.due(DAY)
    recorder.record(0, 1000)
    assert not recorder.due(1000 + INTERVAL - 1)
    assert recorder.due(1000 + INTERVAL)
    recorder.take(1000 + INTERVAL)
    for sequence in range(1, MAX_PACKETS + 1):
        assert not recorder.due(1000 + INTERVAL)
        recorder.record(sequence, 1000 + INTERVAL)
    assert recorder.due(1000 + INTERVAL)


def test_nothing_came_nothing_is_told() -> None:
    assert ArrivalRecorder().take(DAY) == []


def test_a_silence_longer_than_a_delta_starts_another_report() -> None:
    recorder, reader = ArrivalRecorder(), FeedbackReader()
    recorder.record(0, 0)
    recorder.record(1, 9_000_000)
    reports = over_the_wire(recorder.take(9_000_000))
    assert [report.base_sequence for report in reports] == [0, 1]
    assert [pair for report in reports for pair in reader.read(report)] == [(0, 0), (1, 9_000_000)]


def test_a_leap_does_not_tell_thousands_lost() -> None:
    recorder = ArrivalRecorder()
    recorder.record(0, 0)
    recorder.take(0)
    recorder.record(20_000, 1000)
    (report,) = recorder.take(2000)
    assert (report.base_sequence, len(report.deltas)) == (20_000, 1)


def test_times_stay_whole_over_a_wrap_of_the_reference() -> None:
    """The reference time wraps after 2^24 x 64 ms, some 12 days."""
    recorder, reader = ArrivalRecorder(), FeedbackReader()
    start = (1 << 24) * 64_000 - 1000
    arrivals = []
    for sequence in range(3):
        recorder.record(sequence, start + sequence * 100_000)
        for report in over_the_wire(recorder.take(start)):
            arrivals += [arrival for _, arrival in reader.read(report) if arrival is not None]
    assert [later - arrivals[0] for later in arrivals] == [0, 100_000, 200_000]


def test_tells_an_arrival_once_though_reported_twice() -> None:
    history = SentHistory()
    history.add(0, 100, 0)
    report = Feedback(0, 0, 0, (1,))
    assert [result.arrived for result in history.apply(report)] == [250]
    assert history.apply(report) == []


def test_a_report_on_packets_never_sent_is_ignored() -> None:
    history = SentHistory()
    history.add(0, 100, 0)
    assert history.apply(Feedback(HISTORY, 0, 0, (1, 2))) == []


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 30_000)), min_size=1, max_size=300),
    st.integers(1, 60),
)
def test_every_arrival_is_told_once_and_in_time(
    packets: list[tuple[bool, int]], batch: int
) -> None:
    """Whatever is lost, each arrival comes out once, within a tick of 250 us of its time."""
    recorder, history = ArrivalRecorder(), SentHistory()
    now = 65_000 * 1000
    expected: dict[int, int] = {}
    told: dict[int, int] = {}

    def report() -> None:
        for feedback in over_the_wire(recorder.take(now)):
            for result in history.apply(feedback):
                if result.arrived is not None:
                    assert result.sequence not in told
                    told[result.sequence] = result.arrived

    for sequence, (arrives, gap) in enumerate(packets):
        now += gap
        history.add(sequence, 1200, now)
        if arrives or sequence == 0:
            recorder.record(sequence & 0xFFFF, now)
            expected[sequence] = now
        if sequence % batch == 0:
            report()
    report()
    assert told.keys() == expected.keys()
    assert all(0 <= expected[sequence] - told[sequence] < 250 for sequence in told)
