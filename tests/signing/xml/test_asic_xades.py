"""XML signatures in ASiC containers: what each covers among the files, and a name that could be taken for another."""

import io
import re
import zipfile
from collections.abc import Mapping

from signing.report import Coverage, SubIndication, Verdict

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
# What is in scope around it does not count: a signature can be put into a container afterwards.
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
# In the canonical form of C14N 1.0, with what is in scope where it stands.
END = "</asic:XAdESSignatures>"
FILES = {"contract.pdf": b"%PDF-1.7", "annex.txt": b"annex"}


def root(*signatures: str) -> str:
    return f'<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#">{"".join(signatures)}{END}'


def container(files: Mapping[str, bytes], *signatures: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {
            "mimetype": MIMETYPE,
            **files,
            "META-INF/signatures.xml": root(*signatures).encode(),
        }.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def signed(workshop, *names: str) -> str:
    return workshop.by_hand(workshop.sidecar(*names, c14n=EXCLUSIVE), octets=FILES)


def signed_by_another(workshop, *names: str) -> str:
    method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
    sidecar = workshop.sidecar(*names, c14n=EXCLUSIVE, method=method, certificates=[workshop.curve.der])
    return workshop.by_hand(sidecar, workshop.curve, octets=FILES)


def test_all_files_under_one_signature(workshop) -> None:
    report = workshop.judge(container(FILES, signed(workshop, *FILES)), "a.asice")
    (signature,) = report.signatures
    assert (report.verdict, report.problems) == (Verdict.PASSED, ())
    assert (signature.name, signature.covers) == ("META-INF/signatures.xml: Signature1", Coverage.WHOLE)


def test_a_file_that_was_changed(workshop) -> None:
    report = workshop.judge(container({**FILES, "annex.txt": b"other"}, signed(workshop, *FILES)), "a.asice")
    assert (report.verdict, report.signatures[0].signer) == (Verdict.FAILED, None)


def test_a_file_that_nobody_signed(workshop) -> None:
    report = workshop.judge(container(FILES, signed(workshop, "contract.pdf")), "a.asice")
    (signature,) = report.signatures
    assert (signature.covers, signature.sub_indication) == (Coverage.PART, SubIndication.SIG_CONSTRAINTS_FAILURE)
    assert [each.code for each in report.problems] == ["package.files-unsigned"]


def test_each_of_two_signatures_is_of_part(workshop) -> None:
    two = container(FILES, signed(workshop, "contract.pdf"), signed(workshop, "annex.txt"))
    report = workshop.judge(two, "a.asice")
    assert [each.covers for each in report.signatures] == [Coverage.PART, Coverage.PART]
    assert report.verdict is Verdict.INDETERMINATE
    both = container(FILES, signed(workshop, *FILES), signed_by_another(workshop, *FILES))
    assert workshop.judge(both, "a.asice").verdict is Verdict.PASSED
    twice = workshop.judge(container(FILES, signed(workshop, *FILES), signed(workshop, *FILES)), "a.asice")
    assert [[each.code for each in signature.problems] for signature in twice.signatures] == [[], ["signature.copy"]]


def test_an_element_is_not_taken_for_a_file_of_its_name(workshop) -> None:
    """One signs the list of signatures itself, and another one a file that is called like its root."""
    name = "XAdESSignatures"
    other = workshop.by_hand(workshop.sidecar(name, c14n=EXCLUSIVE), octets={name: b"x"})
    enveloped = re.search(r"<(\w+:)?Signature .*</(\w+:)?Signature>", workshop.generic(), re.DOTALL)
    assert enveloped
    data = container(
        {name: b"x"}, other, workshop.by_hand(root(other, enveloped[0]))[len(root(other)) - len(END) : -len(END)]
    )
    first, second = workshop.judge(data, "a.asice").signatures
    assert (first.intact, second.intact, second.signed_element) == (True, True, name)
    assert second.covers is Coverage.PART


def test_nothing_outside_of_the_container_is_looked_at(workshop, tmp_path) -> None:
    (tmp_path / "annex.txt").write_bytes(FILES["annex.txt"])
    path = tmp_path / "a.asice"
    path.write_bytes(container({"contract.pdf": b"%PDF-1.7"}, signed(workshop, *FILES)))
    from signing import verify

    (signature,) = verify(path, trust=workshop.trust, moment=workshop.now).signatures
    assert (signature.intact, signature.sub_indication) == (False, SubIndication.SIGNED_DATA_NOT_FOUND)
