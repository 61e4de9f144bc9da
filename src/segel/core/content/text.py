"""Names from others: what is shown of them (docs/protocol/meeting.md 2)."""

import re
import unicodedata

MAX_NAME = 64
"""Greatest length of a name, in characters after NFC."""
MAX_TEXT = 1_000_000
"""Greatest length of a message, in bytes of UTF-8."""

# Controls, bidi controls (UAX 9 section 5.3), what has no width, and the tag characters.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def clean_name(name: str) -> str:
    """A name as it is shown: NFC, nothing hidden, one line, at most MAX_NAME characters, or "?"."""
    visible = _HIDDEN.sub("", unicodedata.normalize("NFC", name))
    return " ".join(visible.split())[:MAX_NAME].strip() or "?"
