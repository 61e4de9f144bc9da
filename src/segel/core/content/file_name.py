"""File names from others, and under what name a file is saved (docs/protocol/files.md 4)."""

import re
import unicodedata

MAX_BYTES = 200
"""Greatest length of a name: what common file systems take, with room for " (1)"."""
MAX_EXTENSION = 16
"""Characters of an extension with its dot; a longer one is none."""
FALLBACK = "file"

_HIDDEN_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_HIDDEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Separators of paths, drives and streams, what a shell reads as more than a sign, and look-alikes.
_UNSAFE = re.compile(r'[/\\:*?"<>|\u2044\u2215\u29f5\u29f8\u29f9\uff0f\uff3c\uff1a\u2236]')
# Devices in Windows, whatever their extension.
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?=\.|$)",
    re.IGNORECASE,
)


def clean_file_name(name: str) -> str:
    """A name that is one name everywhere, nothing hidden in it, its end its true extension."""
    seen = "".join(sign for sign in name if unicodedata.category(sign) not in _HIDDEN_CATEGORIES)
    plain = _UNSAFE.sub("_", _HIDDEN.sub("", seen))
    trimmed = unicodedata.normalize("NFC", re.sub(r"\s+", " ", plain)).strip(". ")
    safe = f"_{trimmed}" if _RESERVED.match(trimmed) else trimmed
    return _shortened(safe) if safe else FALLBACK


def split_extension(name: str) -> tuple[str, str]:
    """The name and its extension with the dot: ("holiday", ".jpeg")."""
    dot = name.rfind(".")
    if dot <= 0 or len(name) - dot > MAX_EXTENSION:
        return name, ""
    return name[:dot], name[dot:]


def _shortened(name: str) -> str:
    stem, extension = split_extension(name)
    room = MAX_BYTES - len(extension.encode())
    if len(stem.encode()) > room:
        stem = stem.encode()[:room].decode(errors="ignore").rstrip()
    return stem + extension
