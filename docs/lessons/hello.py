"""Lesson 1. Join a meeting, say something, go.

    python docs/lessons/hello.py LINK

LINK is a meeting's link, as the door's "copy link" or `segel meet` gives it. Whoever has it can
knock; who is in the meeting lets in.
"""

import asyncio
import sys

from segel.client import Segel


async def main(link: str) -> None:
    # A Segel without a vault is a guest: an account made for this run, which nobody knows again.
    async with Segel() as segel, segel.join(link, name="Hello") as meeting:
        # Inside. Everything from here on is sealed to the people of the meeting.
        for person in meeting.people:
            print(f"{person.name} is here")
        # Returns when the server has stored it: what is sent is not lost.
        await meeting.send("Hello from Python")
        print("The code of this moment:", " ".join(await meeting.code()))
    # Outside: we said goodbye, and the others' keys changed.


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
