"""The clocks of a client: handed in, so that a test can say what time it is."""

import asyncio
import time


class Clock:
    """The system's."""

    def now(self) -> float:
        """Seconds that only go forward: for waits."""
        return asyncio.get_running_loop().time()

    def wall(self) -> float:
        """Seconds of Unix time, as this machine has it."""
        return time.time()
