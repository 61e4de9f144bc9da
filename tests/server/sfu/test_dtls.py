"""DTLS associations between two real OpenSSL ends, by way of lossy hands."""

import pytest

from segel.core.crypto.srtp_profile import SrtpProfile
from segel.server.sfu.dtls import Certificate, DtlsAssociation, DtlsError, split_records

SERVER, CLIENT = Certificate(), Certificate()


def pair(client_print: bytes | None = None) -> tuple[DtlsAssociation, DtlsAssociation]:
    expected = CLIENT.fingerprint if client_print is None else client_print
    return (
        DtlsAssociation(SERVER.context(), "server", expected),
        DtlsAssociation(CLIENT.context(), "client", SERVER.fingerprint),
    )


def shake(server: DtlsAssociation, client: DtlsAssociation) -> None:
    to_server, to_client = client.start(), list[bytes]()
    while to_server or to_client:
        for datagram in to_server:
            to_client += server.receive(datagram)
        to_server = []
        for datagram in to_client:
            to_server += client.receive(datagram)
        to_client = []


def test_both_ends_export_the_same_keys_and_prefer_gcm() -> None:
    server, client = pair()
    shake(server, client)
    ours, theirs = server.keys, client.keys
    assert ours
    assert theirs
    assert ours.profile is SrtpProfile.AEAD_AES_128_GCM
    assert (ours.local_key, ours.local_salt) == (theirs.remote_key, theirs.remote_salt)
    assert (ours.remote_key, ours.remote_salt) == (theirs.local_key, theirs.local_salt)
    assert ours.local_key != ours.remote_key


def test_another_certificate_is_refused() -> None:
    server, client = pair(client_print=bytes(32))
    with pytest.raises(DtlsError, match="certificate"):
        shake(server, client)
    assert server.keys is None


def test_records_leave_one_by_one_and_fit() -> None:
    server, client = pair()
    flight = [written for datagram in client.start() for written in server.receive(datagram)]
    assert len(flight) > 1
    assert all(split_records(datagram) == [datagram] for datagram in flight)
    assert all(len(datagram) <= 1200 for datagram in flight)


def test_a_goodbye_is_heard() -> None:
    server, client = pair()
    shake(server, client)
    for datagram in client.close():
        server.receive(datagram)
    assert server.closed


def test_garbage_does_not_end_a_handshake() -> None:
    server, client = pair()
    server.receive(b"\x16\xfe\xfd" + bytes(40))
    shake(server, client)
    assert server.keys
    server.receive(b"\x17\xfe\xfd" + b"\xff" * 40)
    assert not server.closed


def test_a_flight_is_repeated_only_when_its_time_has_come() -> None:
    _, client = pair()
    client.start()
    timeout = client.timeout()
    assert timeout is not None
    assert 0 < timeout <= 1
    assert client.handle_timeout() == []
