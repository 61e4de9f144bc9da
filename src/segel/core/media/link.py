"""The path towards one receiver: what was sent, what came back of it, what it carries."""

from segel.core.media.estimator import BandwidthEstimator
from segel.core.media.outbox import HISTORY, Outbox
from segel.core.media.transport_feedback import Feedback
from segel.core.media.twcc import FeedbackReader, PacketResult

START_BITRATE = 2_500_000
"""Bits per second assumed before the first feedback: too much shows itself within a second."""


class Link:
    """Reads a receiver's transport-wide feedback beside its outbox's books."""

    def __init__(self, outbox: Outbox, now: float) -> None:
        self._outbox = outbox
        self._reader = FeedbackReader()
        self._estimator = BandwidthEstimator(START_BITRATE, now)

    @property
    def bitrate(self) -> float:
        """Bits per second that the path is thought to carry."""
        return self._estimator.bitrate

    def take(self, feedback: Feedback, now: float) -> None:
        """Learn from one feedback packet. Numbers never sent, or too long ago, are passed over."""
        outbox = self._outbox
        results = [
            PacketResult(
                sequence,
                outbox.sent_bytes[sequence & HISTORY - 1],
                int(outbox.sent_times[sequence & HISTORY - 1] * 1e6),
                arrived,
            )
            for sequence, arrived in self._reader.read(feedback)
            if outbox.transport_sequence - HISTORY <= sequence < outbox.transport_sequence
        ]
        if results:
            self._estimator.feedback(results, now)
