"""Lesson 3. Send a folder.

    python docs/lessons/send_folder.py LINK FOLDER

Each file is sealed on this machine while it is sent, 4 MiB at a time, so that a film takes no more
memory than a letter. A connection that breaks is taken up again where the server has it.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from segel.client import FileError, Segel


def shown(name: str) -> Callable[[int, int], None]:
    def progress(done: int, size: int) -> None:
        percent = 100 if size == 0 else 100 * done // size
        print(f"\r{name}: {percent:3} %", end="" if percent < 100 else "\n", flush=True)

    return progress


async def main(link: str, folder: Path) -> None:
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    async with Segel() as segel, segel.join(link, name="Courier") as meeting:
        for path in paths:
            try:
                await meeting.send_file(path, progress=shown(path.name))
            except FileError as error:
                # The problem says who must act: `quota`, `too_large`, `storage_full` and so on.
                print(f"\n{path.name} was not sent: {error} ({error.problem})")
        await meeting.send(f"That was {folder.name}: {len(paths)} files")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
