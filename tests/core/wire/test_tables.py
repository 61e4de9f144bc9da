"""What the schema says of itself is what the server does, and what is printed of it is current."""

import re
from inspect import cleandoc
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from segel.core.wire import requests, schema, tables
from segel.core.wire.answers import RefusalCode
from segel.server.delivery.calls import METHODS

ROOT = Path(__file__).parents[3]
AUTHORITY = {"*Node*, the latest": "latest", "*Node*": "node", "*Device*": "open", "*Open*": "open"}
REQUESTS = get_args(requests.Request)


def said(request: type) -> str:
    return " ".join(cleandoc(request.__doc__ or "").split())


def test_the_committed_field_tables_are_current() -> None:
    committed = (ROOT / "docs/protocol/messages.md").read_text(encoding="utf-8")
    assert committed == tables.document(), "run: make docs"


def test_something_is_said_of_every_field() -> None:
    for struct in schema.structs():
        found = schema.meanings(struct)
        assert set(found) == {field.name for field in struct.fields}
        assert [name for name, meaning in found.items() if not meaning.endswith(".")] == []


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each.__name__)
def test_the_authority_is_the_one_that_the_server_asks_for(request_: type) -> None:
    named = next(words for words in AUTHORITY if words in said(request_))
    assert AUTHORITY[named] == METHODS[request_].authority


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each.__name__)
def test_the_answer_is_the_one_that_the_server_gives(request_: type) -> None:
    answer = re.search(r"Answer: `(\w+)`", said(request_))
    assert answer is not None
    assert answer[1] == get_type_hints(METHODS[request_].handler)["return"].__name__


@pytest.mark.parametrize("request_", [*REQUESTS, requests.Proof], ids=lambda each: each.__name__)
def test_the_refusals_are_codes(request_: type) -> None:
    listed = re.search(r"Refusals?: (.*)", said(request_))
    if listed is None:
        return
    text = re.sub(r" \([^)]*\)", "", listed[1])
    words = [part.split()[0].rstrip(".:,") for part in re.split(r"[,;] ", text.split(". ")[0])]
    known = {word for word in words if "_" in word or word in get_args(RefusalCode)}
    assert known
    assert known <= set(get_args(RefusalCode))
