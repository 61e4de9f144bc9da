"""What a participant's silence means."""

import pytest

from segel.core.media.publication import Format, Publication
from segel.core.media.sdp import Transport
from segel.server.sfu.dtls import Certificate
from segel.server.sfu.participant import SILENCE, Participant

FORMAT = Format("video", 96, 97, 90_000, 0, 0, 0)
CONTEXT = Certificate().context()


@pytest.mark.parametrize(
    ("silence", "moved", "wanted"),
    [(SILENCE / 2, False, False), (SILENCE * 2, False, True), (SILENCE / 2, True, True)],
)
def test_pictures_begin_anew_after_a_cut_and_on_another_path(
    silence: float, moved: bool, wanted: bool
) -> None:
    remote = Transport("remote", "password", (), ("sha-256", bytes(32)), "actpass")
    participant = Participant(b"m", b"a", CONTEXT, remote, 0.0)
    publication = Publication(bytes(16), FORMAT, 1, 2, 0.0)
    participant.streams.published["0"] = publication
    participant.heard(1.0)
    publication.wants_key_frame = False
    participant.heard(1.0 + silence, moved=moved)
    assert publication.wants_key_frame is wanted
