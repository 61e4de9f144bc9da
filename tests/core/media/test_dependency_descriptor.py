"""Dependency descriptors: the specification's L1T3 example, layers, key frames, hostile bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.media.dependency_descriptor import (
    DISCARDABLE,
    NOT_PRESENT,
    REQUIRED,
    SWITCH,
    DescriptorReader,
)
from segel.core.media.errors import DependencyDescriptorMalformed
from segel.testing.mutation import hostile


class Bits:
    """Writes bit fields, the inverse of the reader."""

    def __init__(self) -> None:
        self.text = ""

    def f(self, size: int, *values: int) -> "Bits":
        self.text += "".join(format(value, f"0{size}b") for value in values)
        return self

    def bytes(self) -> bytes:
        text = self.text + "0" * (-len(self.text) % 8)
        return int(text, 2).to_bytes(len(text) // 8)


# Specification A.6.1, decode targets from the highest frame rate down:
# temporal layer, frame differences, chain difference, indications.
L1T3 = (
    (0, (), 0, (SWITCH, SWITCH, SWITCH)),
    (0, (4,), 4, (SWITCH, SWITCH, SWITCH)),
    (1, (2,), 2, (SWITCH, DISCARDABLE, NOT_PRESENT)),
    (2, (1,), 1, (DISCARDABLE, NOT_PRESENT, NOT_PRESENT)),
    (2, (1,), 3, (DISCARDABLE, NOT_PRESENT, NOT_PRESENT)),
)
OFFSET = 60


def mandatory(template: int, number: int) -> Bits:
    return Bits().f(1, 1, 1).f(6, (OFFSET + template) % 64).f(16, number)


def key_frame(number: int = 100) -> bytes:
    bits = mandatory(0, number).f(1, 1, 0, 0, 0, 0)
    bits.f(6, OFFSET).f(5, 2)
    bits.f(2, 0, 1, 1, 0, 3)
    for _, _, _, indications in L1T3:
        bits.f(2, *indications)
    for _, differences, _, _ in L1T3:
        for difference in differences:
            bits.f(1, 1).f(4, difference - 1)
        bits.f(1, 0)
    # ns(4) of one chain is 01; ns(2) of "protected by chain 0" is a single 0 for each target.
    bits.f(2, 1).f(1, 0, 0, 0)
    for _, _, chain, _ in L1T3:
        bits.f(4, chain)
    return bits.f(1, 1).f(16, 639, 359).bytes()


def test_reads_the_structure_of_a_key_frame() -> None:
    descriptor = DescriptorReader().read(key_frame())
    assert descriptor.attached
    assert (descriptor.frame_number, descriptor.spatial, descriptor.temporal) == (100, 0, 0)
    structure = descriptor.structure
    assert structure.resolutions == ((640, 360),)
    assert (structure.chains, structure.protected_by) == (1, (0, 0, 0))
    assert structure.target_temporal == (2, 1, 0)
    read = tuple(
        (t.temporal, t.frame_differences, t.chain_differences[0], t.indications)
        for t in structure.templates
    )
    assert read == L1T3


@pytest.mark.parametrize("template", range(5))
def test_reads_short_descriptors_by_the_kept_structure(template: int) -> None:
    """Template ids wrap at 64: those of the last template here are 60 to 63 and 0."""
    reader = DescriptorReader()
    reader.read(key_frame())
    descriptor = reader.read(mandatory(template, 7).bytes())
    temporal, differences, chain, indications = L1T3[template]
    assert not descriptor.attached
    assert (descriptor.starts_frame, descriptor.ends_frame) == (True, True)
    assert (descriptor.temporal, descriptor.frame_differences) == (temporal, differences)
    assert (descriptor.chain_differences, descriptor.indications) == ((chain,), indications)


def test_tells_where_a_receiver_may_switch_up() -> None:
    reader = DescriptorReader()
    assert all(reader.read(key_frame()).switches_up_to(layer) for layer in range(3))
    assert reader.read(mandatory(2, 1).bytes()).switches_up_to(2)
    assert not reader.read(mandatory(2, 1).bytes()).switches_up_to(1)
    assert not reader.read(mandatory(4, 1).bytes()).switches_up_to(2)


def test_reads_what_a_frame_says_otherwise() -> None:
    reader = DescriptorReader()
    reader.read(key_frame())
    bits = mandatory(1, 9).f(1, 0, 1, 1, 1, 1).f(3, 0b011)
    bits.f(2, REQUIRED, SWITCH, NOT_PRESENT)
    bits.f(2, 1).f(4, 2).f(2, 3).f(12, 4095).f(2, 0)
    bits.f(8, 200)
    descriptor = reader.read(bits.bytes())
    assert descriptor.active_targets == 0b011
    assert descriptor.indications == (REQUIRED, SWITCH, NOT_PRESENT)
    assert descriptor.frame_differences == (3, 4096)
    assert descriptor.chain_differences == (200,)


def test_needs_a_structure_first() -> None:
    with pytest.raises(DependencyDescriptorMalformed):
        DescriptorReader().read(mandatory(0, 1).bytes())


@pytest.mark.parametrize("size", range(3, len(key_frame())))
def test_a_broken_structure_leaves_the_kept_one(size: int) -> None:
    reader = DescriptorReader()
    kept = reader.read(key_frame()).structure
    with pytest.raises(DependencyDescriptorMalformed):
        DescriptorReader().read(key_frame()[:size])
    if size > 3:
        with pytest.raises(DependencyDescriptorMalformed):
            reader.read(key_frame()[:size])
    assert reader.read(mandatory(1, 1).bytes()).structure is kept


@pytest.mark.parametrize(
    "steps", [(2, 2, 2, 2), (1,) * 8, (0,) * 64], ids=["spatial", "temporal", "templates"]
)
def test_bounds_layers_and_templates(steps: tuple[int, ...]) -> None:
    """Table A.1: spatial ids up to 3, temporal ids up to 7, 64 templates."""

    def structure(steps: tuple[int, ...]) -> bytes:
        bits = mandatory(0, 1).f(1, 1, 0, 0, 0, 0).f(6, OFFSET).f(5, 0)
        return bits.f(2, *steps, 3).f(8, *[0] * 40).bytes()

    assert len(DescriptorReader().read(structure(steps[:-1])).structure.templates) == len(steps)
    with pytest.raises(DependencyDescriptorMalformed):
        DescriptorReader().read(structure(steps))


@given(st.lists(hostile([key_frame(), *(mandatory(t, 5).bytes() for t in range(6))], 80)))
def test_fuzz_read(stream: list[bytes]) -> None:
    """Parses or raises DependencyDescriptorMalformed, never anything else, in any order."""
    reader = DescriptorReader()
    for data in stream:
        try:
            descriptor = reader.read(data)
        except DependencyDescriptorMalformed:
            continue
        assert len(descriptor.indications) == descriptor.structure.decode_targets
        assert len(descriptor.chain_differences) == descriptor.structure.chains
        descriptor.switches_up_to(1)
