"""Pairs of keys, as bytes in the form of the wire."""

from typing import NamedTuple


class KeyPair(NamedTuple):
    """A private key and its public key, each in the serialised form of its algorithm."""

    private: bytes
    public: bytes


class InvalidKey(Exception):
    """The bytes are no key of this algorithm, or a point that must not be used."""
