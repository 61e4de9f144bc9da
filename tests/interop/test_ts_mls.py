"""Our MLS engine and ts-mls in the same groups, over random histories.

ts-mls 2.0.0-rc.10 as the web client has it: repaired, and with the client's own suites. A failure
names the seed, the suite and every step; `History(seed, suite, ts).run(30)` replays it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from segel.core.crypto.ciphersuite import HYBRID_ID

from .history import History
from .ts_member import TsMembers

WEB = Path(__file__).parents[2] / "web"
STEPS = 30


@pytest.fixture(scope="module")
def ts() -> Iterator[TsMembers]:
    with TsMembers(WEB) as members:
        yield members


@pytest.mark.parametrize("suite", [1, HYBRID_ID], ids=["classic", "hybrid"])
@pytest.mark.parametrize("seed", range(10))
def test_all_members_agree_at_every_step(ts: TsMembers, seed: int, suite: int) -> None:
    History(seed, suite, ts).run(STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("suite", [1, HYBRID_ID], ids=["classic", "hybrid"])
@pytest.mark.parametrize("first", range(1000, 1250, 25))
def test_all_members_agree_over_many_histories(ts: TsMembers, first: int, suite: int) -> None:
    for seed in range(first, first + 25):
        History(seed, suite, ts).run(STEPS)
