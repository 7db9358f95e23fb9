"""PDF signatures (ISO 32000-2, 12.8; ETSI EN 319 142-1)."""

import logging

# What the PDF library logs can hold names and content of documents, and without a handler Python prints its warnings.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)
