"""Being in a meeting: the door, the log that is followed, the steward, the heart, the chat."""
