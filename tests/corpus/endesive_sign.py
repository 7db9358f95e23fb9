"""Signs a PDF with endesive: python endesive_sign.py IN OUT P12 FIELD, in an environment of its own.

endesive 3 needs a pypdf below 7, and a change in oscrypto: it takes no version of OpenSSL with two digits at its end.
"""

import importlib.util
import sys
from pathlib import Path


def mend_oscrypto() -> None:
    spec = importlib.util.find_spec("oscrypto")
    assert spec
    for folder in spec.submodule_search_locations or ():
        for file in Path(folder, "_openssl").glob("_libcrypto_c*.py"):
            text = file.read_text()
            file.write_text(text.replace(r"\\d\\.\\d\\.\\d[a-z]*", r"\\d\\.\\d\\.\\d+[a-z]*"))


def main(source: str, target: str, p12: str, field: str) -> None:
    mend_oscrypto()
    from cryptography.hazmat.primitives.serialization import pkcs12
    from endesive import pdf

    data = Path(source).read_bytes()
    entries = {"sigflags": 3, "sigpage": 0, "sigbutton": True, "sigfield": field, "auto_sigfield": True}
    entries |= {"contact": "c", "location": "l", "signingdate": "20261122100000+00'00'", "reason": "r"}
    holder = pkcs12.load_key_and_certificates(Path(p12).read_bytes(), b"p")
    Path(target).write_bytes(data + pdf.cms.sign(data, entries, *holder, "sha256"))


if __name__ == "__main__":
    main(*sys.argv[1:])
