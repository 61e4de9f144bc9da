"""Lesson 2. A bot that answers.

    python docs/lessons/bot.py LINK

It answers `time?` with the time and `code?` with the digits that all members see, and goes when it
is told `bye`. It keeps its account in a vault, so that the others see the same member again after a
restart.
"""

import asyncio
import os
import sys
import time

from segel.client import Asked, Ended, Meeting, Message, Passphrase, Said, Segel

VAULT = os.environ.get("BOT_VAULT", "bot.vault")
PASSPHRASE = os.environ.get("BOT_PASSPHRASE", "change me")


async def answer(meeting: Meeting, message: Message) -> str | None:
    """What the bot says to a message; nothing to its own."""
    if message.you:
        return None
    if message.text == "time?":
        return time.strftime("It is %H:%M", time.localtime(message.at))
    if message.text == "code?":
        return "I see " + " ".join(await meeting.code())
    return None


async def main(link: str) -> None:
    segel = Segel(VAULT, Passphrase(PASSPHRASE))
    async with segel, segel.join(link, name="Clock") as meeting:
        events = meeting.events()
        await meeting.send("I am a bot. Ask me: time?")
        async for event in events:
            match event:
                case Said(message) if message.text == "bye" and not message.you:
                    break
                case Said(message):
                    said = await answer(meeting, message)
                    if said is not None:
                        await meeting.send(said, reply_to=message.id)
                case Asked(by=host):
                    print(f"{host} asks the bot to be quiet; it has no microphone")
                case Ended(reason):
                    print(f"The meeting is over for us: {reason}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
