"""HTTP and the WebSocket: bytes in and out, and nothing of what they mean (wire.md 1, 7)."""
