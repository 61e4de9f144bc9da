"""The dependency descriptor header extension (AV1 RTP specification 1.0, appendix A).

It tells a relay, without the payload, which layer a frame is of and what it depends on.
"""

from dataclasses import dataclass
from typing import Final

from segel.core.media.errors import DependencyDescriptorMalformed

NOT_PRESENT, DISCARDABLE, SWITCH, REQUIRED = range(4)
"""Decode target indications (table A.2)."""

MAX_TEMPLATES: Final = 64
MAX_SPATIAL: Final = 3
MAX_TEMPORAL: Final = 7
MAX_SIZE: Final = 255
"""Bytes: what a two-byte header extension can carry."""


@dataclass(slots=True, frozen=True)
class Template:
    """A kind of frame. `indications` has one entry for each decode target, `chain_differences`
    one for each chain, `frame_differences` the distances to the frames it refers to."""

    spatial: int
    temporal: int
    indications: tuple[int, ...]
    frame_differences: tuple[int, ...]
    chain_differences: tuple[int, ...]


@dataclass(slots=True, frozen=True)
class Structure:
    """The templates of a coded video sequence (template_dependency_structure).

    `protected_by` maps a decode target to its chain (equal to `chains`: none), empty without
    chains; `resolutions` are (width, height) for each spatial layer, or empty. `target_temporal`
    is, for each decode target, the highest temporal layer within it.
    """

    template_offset: int
    decode_targets: int
    templates: tuple[Template, ...]
    chains: int
    protected_by: tuple[int, ...]
    resolutions: tuple[tuple[int, int], ...]
    target_temporal: tuple[int, ...]


@dataclass(slots=True, frozen=True)
class Descriptor:
    """What one packet says of its frame. `structure` is the one in force; `attached` tells that
    this packet carries it, which is so exactly for the first packet of a key frame."""

    starts_frame: bool
    ends_frame: bool
    frame_number: int
    spatial: int
    temporal: int
    indications: tuple[int, ...]
    frame_differences: tuple[int, ...]
    chain_differences: tuple[int, ...]
    active_targets: int | None
    attached: bool
    structure: Structure

    def switches_up_to(self, temporal: int) -> bool:
        """Whether a receiver of fewer layers may take all up to `temporal` from this frame on."""
        return any(
            indication == SWITCH and within == temporal
            for indication, within in zip(
                self.indications, self.structure.target_temporal, strict=True
            )
        )


class _Bits:
    """Reads big-endian bit fields; beyond the end it raises."""

    __slots__ = ("_left", "_value")

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def f(self, size: int) -> int:
        """An unsigned number of `size` bits (A.4.1)."""
        self._left -= size
        if self._left < 0:
            raise DependencyDescriptorMalformed("descriptor is cut off")
        return (self._value >> self._left) & ((1 << size) - 1)

    def ns(self, limit: int) -> int:
        """A number below `limit` in the non-symmetric code (A.4.1)."""
        width = limit.bit_length()
        short = (1 << width) - limit
        value = self.f(width - 1)
        return value if value < short else (value << 1) - short + self.f(1)


class DescriptorReader:
    """Reads the descriptors of one stream; keeps the structure that the last key frame brought."""

    __slots__ = ("_structure",)

    def __init__(self) -> None:
        self._structure: Structure | None = None

    def read(self, data: bytes) -> Descriptor:
        """The descriptor in the extension's data, 3 to 255 bytes.

        Raises DependencyDescriptorMalformed, also for a template that the structure in force does
        not have (as before the first key frame); the structure is then left as it was.
        """
        if not 3 <= len(data) <= MAX_SIZE:
            raise DependencyDescriptorMalformed("wrong size")
        bits = _Bits(data)
        starts, ends, template_id = bits.f(1), bits.f(1), bits.f(6)
        number = bits.f(16)
        extended = len(data) > 3
        attached, targets_present, *custom = (bits.f(1) if extended else 0 for _ in range(5))
        structure = _structure(bits) if attached else self._structure
        if structure is None:
            raise DependencyDescriptorMalformed("no structure yet")
        active = bits.f(structure.decode_targets) if targets_present else None
        template = _customised(bits, _template(structure, template_id), custom)
        self._structure = structure
        return Descriptor(
            bool(starts),
            bool(ends),
            number,
            template.spatial,
            template.temporal,
            template.indications,
            template.frame_differences,
            template.chain_differences,
            active,
            bool(attached),
            structure,
        )


def _template(structure: Structure, template_id: int) -> Template:
    index = (template_id - structure.template_offset) % MAX_TEMPLATES
    if index >= len(structure.templates):
        raise DependencyDescriptorMalformed("no such template")
    return structure.templates[index]


def _customised(bits: _Bits, template: Template, custom: list[int]) -> Template:
    """The template with what this frame says otherwise (frame_dependency_definition)."""
    indications, differences, chains = custom
    if not (indications or differences or chains):
        return template
    return Template(
        template.spatial,
        template.temporal,
        _fields(bits, 2, len(template.indications)) if indications else template.indications,
        _frame_differences(bits) if differences else template.frame_differences,
        _fields(bits, 8, len(template.chain_differences)) if chains else template.chain_differences,
    )


def _fields(bits: _Bits, size: int, count: int) -> tuple[int, ...]:
    return tuple(bits.f(size) for _ in range(count))


def _frame_differences(bits: _Bits) -> tuple[int, ...]:
    differences = []
    while size := bits.f(2):
        differences.append(bits.f(4 * size) + 1)
    return tuple(differences)


def _structure(bits: _Bits) -> Structure:
    offset, targets = bits.f(6), bits.f(5) + 1
    layers = _layers(bits)
    indications = [_fields(bits, 2, targets) for _ in layers]
    differences = [_template_differences(bits) for _ in layers]
    chains = bits.ns(targets + 1)
    protected_by = tuple(bits.ns(chains + 1) for _ in range(targets)) if chains else ()
    chain_differences = [_fields(bits, 4, chains) for _ in layers]
    spatial_layers = layers[-1][0] + 1
    resolutions = _resolutions(bits, spatial_layers) if bits.f(1) else ()
    templates = tuple(
        Template(*layer, *rest)
        for layer, *rest in zip(layers, indications, differences, chain_differences, strict=True)
    )
    temporal = tuple(_target_temporal(templates, target) for target in range(targets))
    return Structure(offset, targets, templates, chains, protected_by, resolutions, temporal)


def _layers(bits: _Bits) -> list[tuple[int, int]]:
    """The (spatial, temporal) layer of each template (template_layers, table A.3)."""
    spatial = temporal = 0
    layers = [(0, 0)]
    while (step := bits.f(2)) != 3:
        if step == 1:
            temporal += 1
        elif step == 2:
            spatial, temporal = spatial + 1, 0
        if spatial > MAX_SPATIAL or temporal > MAX_TEMPORAL or len(layers) == MAX_TEMPLATES:
            raise DependencyDescriptorMalformed("too many templates or layers")
        layers.append((spatial, temporal))
    return layers


def _template_differences(bits: _Bits) -> tuple[int, ...]:
    differences = []
    while bits.f(1):
        differences.append(bits.f(4) + 1)
    return tuple(differences)


def _resolutions(bits: _Bits, layers: int) -> tuple[tuple[int, int], ...]:
    return tuple((bits.f(16) + 1, bits.f(16) + 1) for _ in range(layers))


def _target_temporal(templates: tuple[Template, ...], target: int) -> int:
    within = (t.temporal for t in templates if t.indications[target] != NOT_PRESENT)
    return max(within, default=0)
