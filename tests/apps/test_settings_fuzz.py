"""Whatever stands in a settings file, it gives settings or one explanation, never anything else."""

import contextlib
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segel.apps import config_file
from segel.apps.cli import main
from segel.apps.failures import WrongSetting
from segel.testing.mutation import hostile

SERVE = main.get_command(click.Context(main), "serve")
VALID = b"""port = 8080
host = "0.0.0.0"
operator = "Example e.V."
media-address = ["203.0.113.7", "2001:db8::1"]
starters = "invited"
"""
VALUES = st.sampled_from(
    ("1", "-1", "1e9", "nan", "true", "1979-05-27", "[]", "[1, 'a']", "{a = 1}", "''", "'\\ud800'")
)


def read(file: Path) -> dict[str, object]:
    """The settings of the file, as the command gets them."""
    assert SERVE is not None
    context = click.Context(SERVE)
    parameter = next(each for each in SERVE.params if each.name == "config")
    config_file.read(context, parameter, file)
    return dict(context.default_map or {})


NAMES = st.sampled_from(
    [str(each.name).replace("_", "-") for each in (SERVE.params if SERVE else [])]
)
LINES = st.builds("{} = {}".format, NAMES, VALUES)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hostile([VALID]) | st.lists(LINES, max_size=4).map(lambda all: "\n".join(all).encode()))
def test_fuzz_settings(tmp_path: Path, data: bytes) -> None:
    """Only the command's own names come out."""
    file = tmp_path / "segel.toml"
    file.write_bytes(data)
    with contextlib.suppress(WrongSetting):
        assert SERVE is not None
        assert set(read(file)) <= {each.name for each in SERVE.params}


def test_a_file_of_brackets_is_no_file_of_settings(tmp_path: Path) -> None:
    file = tmp_path / "segel.toml"
    file.write_text("port = " + "[" * 100_000)
    with pytest.raises(WrongSetting):
        read(file)
