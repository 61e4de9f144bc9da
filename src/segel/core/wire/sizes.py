"""Padmé sizes (Nikitin et al. 2019): they tell O(log log L) bits of a length (delivery.md 5)."""


def padme(length: int) -> int:
    """The least Padmé size of `length` bytes or more: at most 12 % more."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    unit = 1 << (exponent - exponent.bit_length())
    return -(-length // unit) * unit
