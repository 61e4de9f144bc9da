"""The control socket's framing: whole messages however the bytes come, errors for all else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.server.sfu.messages import (
    MAX_MESSAGE,
    Attach,
    CloseMeeting,
    Command,
    Detach,
    ProtocolError,
    Publish,
    Receive,
    Reoffer,
    Subscribe,
    Wish,
    command_reader,
    encode,
)

IDS = st.binary(min_size=16, max_size=16)
TRACKS = st.dictionaries(
    st.text(max_size=3),
    st.builds(Publish, st.sampled_from(["audio", "video"])) | st.builds(Receive, IDS),
    max_size=4,
)
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(Attach, st.integers(0, 1 << 40), IDS, IDS, st.text(max_size=50), TRACKS),
    st.builds(Reoffer, st.integers(0, 1 << 40), IDS, IDS, st.text(max_size=50), TRACKS),
    st.builds(Subscribe, IDS, IDS, st.lists(st.builds(Wish, IDS, st.booleans()), max_size=3)),
    st.builds(Detach, IDS, IDS),
    st.builds(CloseMeeting, IDS),
)


@given(st.lists(COMMANDS, max_size=5), st.integers(1, 40))
def test_messages_come_out_as_they_went_in(commands: list[Command], piece: int) -> None:
    stream = b"".join(encode(command) for command in commands)
    reader = command_reader()
    read = []
    for start in range(0, len(stream), piece):
        read += reader.feed(stream[start : start + piece])
    assert read == commands


@given(st.binary(max_size=200))
def test_fuzz_reader(data: bytes) -> None:
    """Parses or raises ProtocolError, never anything else."""
    reader = command_reader()
    try:
        for command in reader.feed(data):
            assert command_reader().feed(encode(command)) == [command]
    except ProtocolError:
        pass


def test_a_message_beyond_the_limit_is_refused_before_it_is_kept() -> None:
    with pytest.raises(ProtocolError):
        command_reader().feed((MAX_MESSAGE + 1).to_bytes(4))
