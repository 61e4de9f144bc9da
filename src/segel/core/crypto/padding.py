"""Padmé padding (Nikitin et al. 2019): sizes tell O(log log n) bits, for at most 12 % more."""


def padme(size: int) -> int:
    """The least size of Padmé's form that holds `size` bytes."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    unit = 1 << (exponent - exponent.bit_length())
    return -(-size // unit) * unit
