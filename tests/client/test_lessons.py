"""The lessons run as they stand."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from .conftest import WITHIN, People, names, said, until

LESSONS = Path(__file__).parents[2] / "docs/lessons"


@asynccontextmanager
async def lesson(
    name: str, *arguments: str | Path, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A lesson as a program of its own; it must end well."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        LESSONS / f"{name}.py",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
    )
    try:
        yield program
        async with asyncio.timeout(WITHIN):
            out, err = await program.communicate()
        program.told = out.decode()  # type: ignore[attr-defined]
        assert program.returncode == 0, err.decode()
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


def told(program: asyncio.subprocess.Process) -> str:
    """What it printed."""
    return str(program.told)  # type: ignore[attr-defined]


async def test_hello(people: People) -> None:
    ana = await people.start()
    async with lesson("hello", ana.link) as program:
        await until(ana, lambda: said(ana) == ["Hello from Python"])
    assert "Ana is here\n" in told(program)
    await until(ana, lambda: names(ana) == ["Ana"])


async def test_what_the_readme_shows_runs(people: People, tmp_path: Path) -> None:
    text = (LESSONS.parents[1] / "README.md").read_text()
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    echo = tmp_path / "echo.py"
    echo.write_text(block)
    ana = await people.start(door="open")
    async with lesson(str(echo.with_suffix("")), ana.link):
        await until(ana, lambda: names(ana) == ["Ana", "Echo"])
        first = await ana.send("Hello")
        await until(ana, lambda: said(ana)[-1] == "You said: Hello")
        assert ana.messages[-1].reply_to == first.id
        await ana.end()


async def test_a_bot_that_answers(people: People, tmp_path: Path) -> None:
    ana = await people.start()
    accounts = []
    for _ in range(2):
        before = len(ana.messages)
        async with lesson("bot", ana.link, BOT_VAULT=str(tmp_path / "bot.vault")):
            await until(ana, lambda: len(ana.messages) == before + 1)  # noqa: B023
            accounts.append(ana.messages[-1].account)
            asked = await ana.send("time?")
            await until(ana, lambda: said(ana)[-1].startswith("It is "))
            assert ana.messages[-1].reply_to == asked.id
            await ana.send("bye")
    assert accounts[0] == accounts[1]


async def test_send_a_folder_and_watch(people: People, tmp_path: Path) -> None:
    ana = await people.start(door="open")
    given, saved = tmp_path / "given", tmp_path / "saved"
    for folder in (given, saved):
        folder.mkdir()
    contents = {"a.txt": b"", "b.bin": os.urandom(5_000_000), "c.txt": b"words"}
    for name, content in contents.items():
        (given / name).write_bytes(content)
    async with lesson("watch", ana.link, saved) as watching:
        await until(ana, lambda: names(ana) == ["Ana", "Watch"])
        async with lesson("send_folder", ana.link, given) as sending:
            await until(ana, lambda: "That was given: 3 files" in said(ana))
        assert "b.bin: 100 %\n" in told(sending)
        assert watching.stdout is not None
        lines = b""
        while b"saved as c.txt" not in lines:
            lines += await asyncio.wait_for(watching.stdout.readline(), WITHIN)
        await ana.end()
    assert {each.name: each.read_bytes() for each in saved.iterdir()} == contents
    assert told(watching).endswith("The end: ended\n")
