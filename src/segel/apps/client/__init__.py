"""The commands that take part in a meeting, on `segel.client`."""
