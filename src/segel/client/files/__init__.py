"""Files on their way up and down, sealed chunk by chunk."""
