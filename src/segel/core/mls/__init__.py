"""Messaging Layer Security (RFC 9420): bytes in, bytes and values out.

`group` is where to begin. A file is a noun of the RFC; `checks` holds what a receiver verifies.
"""
