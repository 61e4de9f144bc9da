"""The meeting's vectors (vectors/meeting), which the web client passes too."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest

from segel.core.cbor import Malformed
from segel.core.content.mimi import decode_content, encode_content, message_id
from segel.core.crypto.ciphersuite import SUITES
from segel.core.crypto.signature import Ed25519
from segel.core.identity.account import (
    create_identity,
    export_identity,
    import_identity,
    read_account,
    show_account,
    verify_credential,
)
from segel.core.meeting.announcement import Announcement, decode_announcement, encode_announcement
from segel.core.meeting.code import code
from segel.core.meeting.context import MeetingContext, decode_context, encode_context
from segel.core.meeting.envelope import open_envelope
from segel.core.meeting.knock import open_knock
from segel.core.meeting.link import format_link, link_keys, parse_link
from segel.core.meeting.rule import (
    Change,
    Forbidden,
    check_rule,
    decode_rule,
    encode_rule,
    judge,
    sign_rule,
)
from segel.core.meeting.whisper import KINDS, Asking, Here, Leaving, open_whisper, seal_whisper
from segel.core.mls.key_package import KeyPackageIn
from segel.core.mls.message import decode_message
from segel.core.mls.tree_math import LeafIndex
from segel.testing.entropy import Recorded

VECTORS = Path(__file__).parents[3] / "vectors/meeting"
hexed = bytes.fromhex


def cases(name: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text())
    return read


@pytest.mark.parametrize("case", cases("links"))
def test_a_link_gives_its_keys_and_its_announcement(case: dict[str, Any]) -> None:
    link = parse_link(case["link"])
    keys = link_keys(link)
    assert format_link(link) == case["link"]
    assert (link.origin, link.policy, link.until) == (
        case["origin"],
        case["policy"],
        case["until"],
    )
    assert (link.secret.hex(), keys.alias.hex()) == (case["secret"], case["alias"])
    assert (keys.mac.hex(), keys.proof.hex()) == (case["mac_key"], case["proof_key"])
    assert keys.opener_public.hex() == case["opener_public"]
    assert (keys.opener.private.hex() if keys.opener else None) == case["opener_seed"]
    at = case["announcement"]
    said = Announcement(at["generation"], at["suite"], hexed(at["knock_key"]))
    assert encode_announcement(keys, said).hex() == at["bytes"]
    assert decode_announcement(keys, hexed(at["bytes"])) == said
    forged = hexed(at["bytes"])[:-1] + bytes([hexed(at["bytes"])[-1] ^ 1])
    with pytest.raises(Malformed):
        decode_announcement(keys, forged)


@pytest.mark.parametrize("case", cases("identity"))
def test_an_identity(case: dict[str, Any]) -> None:
    identity = create_identity(Recorded(hexed(case["entropy"])))
    assert show_account(identity.account) == case["account"]
    assert read_account(case["account"]) == identity.account
    assert identity.device.public.hex() == case["device_key"]
    assert identity.credential.hex() == case["credential"]
    assert verify_credential(identity.credential) == (identity.account, identity.device.public)
    assert import_identity(export_identity(identity)) == identity
    with pytest.raises(Malformed):
        verify_credential(identity.credential[:-1] + b"\0")


@pytest.mark.parametrize("case", cases("contexts"))
def test_what_a_group_is(case: dict[str, Any]) -> None:
    keys = link_keys(parse_link(case["link"]))
    root, signature = hexed(case["root_key"]), hexed(case["signature"])
    days = case["ttl_days"]
    context = MeetingContext(keys.alias, case["generation"], case["policy"], days, root, signature)
    assert encode_context(context).hex() == case["bytes"]
    assert decode_context(hexed(case["bytes"])) == context


@pytest.mark.parametrize("case", cases("knocks"))
def test_a_knock_opens(case: dict[str, Any]) -> None:
    suite, keys = SUITES[case["suite"]], link_keys(parse_link(case["link"]))
    own = suite.kem.derive(hexed(case["knock_ikm"]))
    assert own.public.hex() == case["knock_key"]
    knock = open_knock(suite, keys, own, hexed(case["body"]))
    assert knock.key_package.hex() == case["key_package"]
    assert (knock.address.inbox.hex(), knock.address.token.hex()) == (case["inbox"], case["token"])
    package = decode_message(knock.key_package)
    assert isinstance(package, KeyPackageIn)
    account, _ = verify_credential(package.leaf_node.credential.data)
    assert show_account(account) == case["account"]


@pytest.mark.parametrize("case", cases("envelopes"))
def test_an_envelope_opens(case: dict[str, Any]) -> None:
    suite = SUITES[case["suite"]]
    envelope = open_envelope(suite, suite.kem.pair(hexed(case["init_key"])), hexed(case["item"]))
    assert envelope == (
        hexed(case["parent"]),
        hexed(case["commit_hash"]),
        hexed(case["head"]),
        case["position"],
        hexed(case["welcome"]),
    )


@pytest.mark.parametrize("case", cases("messages"))
def test_a_messages_id(case: dict[str, Any]) -> None:
    content = hexed(case["content"])
    decoded = decode_content(content)
    assert encode_content(decoded) == content
    alias = urlsafe_b64encode(hexed(case["alias"])).rstrip(b"=").decode()
    found = message_id(f"segel:u/{case['account']}", f"segel:r/{alias}", content, decoded.salt)
    assert found.hex() == case["id"]


@pytest.mark.parametrize("case", cases("whispers"))
def test_a_whisper(case: dict[str, Any]) -> None:
    key, node = hexed(case["whisper_key"]), hexed(case["node"])
    device = Ed25519().pair(hexed(case["seed"]))
    heard = open_whisper(key, node, hexed(case["bytes"]))
    heard.check(device.public)
    assert (heard.leaf, heard.counter) == (case["leaf"], case["counter"])
    kinds = {"here": Here, "leaving": Leaving, "ask": Asking}
    assert isinstance(heard.saying, kinds[case["kind"]])
    if all(each["kind"] in KINDS for each in case.get("streams", ())):
        leaf, nonce = LeafIndex(heard.leaf), hexed(case["nonce"])
        again = seal_whisper(key, node, device, leaf, heard.counter, heard.saying, nonce)
        assert again.hex() == case["bytes"]
    with pytest.raises(Malformed):
        heard.check(Ed25519().pair(bytes(32)).public)


RULES = json.loads((VECTORS / "rules.json").read_text())


@pytest.mark.parametrize("case", RULES["cases"], ids=lambda case: case["name"])
def test_what_a_commit_may_do(case: dict[str, Any]) -> None:
    before, after = (decode_rule(hexed(case[name])) for name in ("before", "after"))
    opener, alias = hexed(RULES["opener"]), hexed(RULES["alias"])
    for rule in (before, after):
        assert decode_rule(encode_rule(rule)) == rule
        check_rule(opener, alias, rule)
        pair = Ed25519().pair(hexed(RULES["opener_seed"]))
        assert sign_rule(pair, alias, rule.terms) == rule
    people = [
        [read_account(each) for each in case[name]] for name in ("members", "removed", "added")
    ]
    change = Change(before, after, read_account(case["committer"]), *people)
    if case["valid"]:
        judge(change)
    else:
        with pytest.raises(Forbidden):
            judge(change)


@pytest.mark.parametrize("case", cases("code"))
def test_the_code(case: dict[str, Any]) -> None:
    assert " ".join(code(hexed(case["authenticator"]))) == case["code"]
