"""Documents of a given size, made here: nothing large is kept in the repository."""

import random
from pathlib import Path


def pdf(path: Path, size: int, *, pages: int = 1) -> Path:
    """Write a PDF of about `size` bytes whose content cannot be compressed."""
    kids = " ".join(f"{10 + 2 * i} 0 R" for i in range(pages))
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode()}
    for i in range(pages):
        text = f"BT /F1 24 Tf 72 700 Td ({i + 1}) Tj ET".encode()
        objects[10 + 2 * i] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {11 + 2 * i} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ).encode()
        objects[11 + 2 * i] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text)
    noise = random.Random(size)
    with path.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        offsets = {}
        for number, body in sorted(objects.items()):
            offsets[number] = out.tell()
            out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        if (ballast := size - out.tell()) > 0:
            offsets[3] = out.tell()
            out.write(b"3 0 obj\n<< /Length %d >>\nstream\n" % ballast)
            for at in range(0, ballast, 1 << 20):
                out.write(noise.randbytes(min(1 << 20, ballast - at)))
            out.write(b"\nendstream\nendobj\n")
        start = out.tell()
        out.write(b"xref\n0 1\n0000000000 65535 f \n")
        for number, offset in sorted(offsets.items()):
            out.write(b"%d 1\n%010d 00000 n \n" % (number, offset))
        out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(offsets) + 1, start))
    return path
