"""A meeting: from its link to a group of the people present (docs/protocol/meeting.md)."""
