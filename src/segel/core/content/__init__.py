"""What a message says, once it is opened (docs/protocol/meeting.md 10)."""
