"""What a rehearsal found that the signer should know: facts by code; the words are elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """Codes: my-number-likely (pages), my-number-possible (pages), already-signed (count), certified (level),
    encoding-disputed (characters), encrypted-empty-password, portfolio, empty-fields (count, names), seal-moved,
    stamp-plain-signature."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
