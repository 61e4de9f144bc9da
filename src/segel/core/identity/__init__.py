"""Accounts, and what proves that a device speaks for one (docs/protocol/meeting.md 2)."""
