"""Lesson 4. Watch a meeting.

    python docs/lessons/watch.py LINK FOLDER

Prints who comes and goes and what is said, saves every file that is given, and is loud about what
must never happen. Ends when a host ends the meeting.
"""

import asyncio
import sys
from pathlib import Path

from segel.client import Alarm, Came, Connection, Ended, Left, Message, Said, Segel


def told(message: Message) -> str:
    if message.file is not None:
        return f"{message.name} gives {message.file.name} ({message.file.size} bytes)"
    return f"{message.name}: {message.text}"


async def main(link: str, folder: Path) -> None:
    async with Segel() as segel, segel.join(link, name="Watch", waiting=print) as meeting:
        async for event in meeting.events():
            match event:
                case Came(person):
                    print(f"+ {person.name}")
                case Left(person):
                    print(f"- {person.name}, who reads nothing that follows")
                case Said(message):
                    print(told(message))
                    if message.file is not None:
                        # It has its name only when it is whole, and takes no other file's place.
                        print("saved as", (await meeting.save_file(message.id, folder)).name)
                case Connection(online=online):
                    print("(connected)" if online else "(the connection is gone; it comes back)")
                case Alarm(kind, detail):
                    print(f"!!! {kind}: {detail}", file=sys.stderr)
                case Ended(reason):
                    print(f"The end: {reason}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
