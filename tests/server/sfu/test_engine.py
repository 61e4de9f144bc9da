"""The seam between the HTTP process and the media process: lives, deaths, restarts of ICE."""

import asyncio
import errno
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from segel.server.sfu.engine import EngineGone, EngineRestarted, OfferRefused, Publish
from segel.testing.media_offer import vp8_payload

from .conftest import MEETING, Meeting


def children() -> list[int]:
    """The processes that this one started and has not waited for."""
    return [int(pid) for pid in Path("/proc/thread-self/children").read_text("ascii").split()]


def media_process() -> int:
    """The only child of this process."""
    (child,) = children()
    return child


async def test_a_dead_process_is_started_again_on_its_port(meeting: Meeting) -> None:
    publisher, _, _ = await meeting.publisher()
    port = meeting.engine.port
    os.kill(media_process(), signal.SIGKILL)
    await meeting.until_told(EngineRestarted())
    assert meeting.engine.port == port
    await publisher.close()
    again, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    again.send(sent, vp8_payload(b"after", key=True), 0)
    await watcher.until_received(mid, 1)


async def test_what_the_machine_refuses_once_is_tried_again(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawn, refused = asyncio.create_subprocess_exec, [OSError(errno.EAGAIN, "no process")]

    async def once_refused(*args: Any, **options: Any) -> asyncio.subprocess.Process:
        if refused:
            raise refused.pop()
        return await spawn(*args, **options)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", once_refused)
    assert meeting.engine.running
    os.kill(media_process(), signal.SIGKILL)
    await meeting.until_told(EngineRestarted())
    assert meeting.engine.running
    assert refused == []


async def test_who_asks_a_dead_process_is_told(meeting: Meeting) -> None:
    client = meeting.client()
    mid = client.publish("video")
    os.kill(media_process(), signal.SIGKILL)
    with pytest.raises(EngineGone):
        await meeting.engine.attach(MEETING, bytes(16), client.offer(), {mid: Publish("camera")})
    assert not meeting.engine.running


@pytest.mark.parametrize("delay", [0, 0.1, 0.22, 0.3, 0.4])
async def test_closing_during_a_restart_leaves_no_process(meeting: Meeting, delay: float) -> None:
    os.kill(media_process(), signal.SIGKILL)
    # Closed at once, while the death is noticed, or while the next process starts.
    await asyncio.sleep(delay)
    await meeting.engine.close()
    assert children() == []


async def test_the_process_ends_with_its_parents_socket(meeting: Meeting) -> None:
    child = media_process()
    await meeting.engine.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


async def test_signals_to_every_process_do_not_end_it(meeting: Meeting) -> None:
    child = media_process()
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(child, number)
    await meeting.publisher()
    assert media_process() == child


async def test_ice_restarts_with_new_credentials_and_media_goes_on(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    publisher.send(sent, vp8_payload(b"before", key=True), 0)
    await watcher.until_received(mid, 1)
    answered = await meeting.engine.reoffer(
        MEETING,
        meeting.name(publisher),
        publisher.offer(restart_ice=True),
        meeting.tracks[publisher],
    )
    publisher.accept(answered.answer)
    await publisher.until(lambda: publisher.checked)
    assert answered.streams[sent] == stream
    publisher.send(sent, vp8_payload(b"after", key=False), 3000)
    await watcher.until_received(mid, 2)


async def test_another_certificate_is_refused_on_an_open_session(meeting: Meeting) -> None:
    publisher, _, _ = await meeting.publisher()
    fingerprint = publisher.offer().partition("sha-256 ")[2][:5]
    offer = publisher.offer().replace(f"sha-256 {fingerprint}", "sha-256 00:00")
    with pytest.raises(OfferRefused):
        await meeting.engine.reoffer(
            MEETING, meeting.name(publisher), offer, meeting.tracks[publisher]
        )
