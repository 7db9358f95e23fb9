"""The words of what a verification finds in XML documents and in the packages that they come in."""

import re

from desktop.words.errors import Entry
from desktop.words.translation import _, mark
from signing.report import DocumentForm

# What kind of document a signature belongs to; of the others there is nothing to say. It is the form alone: anybody can
# write a file that looks like an official document, and sign it.
FORM_WORDS: dict[DocumentForm, str] = {
    DocumentForm.E_TAX: mark("a return or application in the form of e-Tax"),
    DocumentForm.TEG: mark("a document in the form of certificates for tax returns"),
    DocumentForm.E_GOV_APPLICATION: mark("an application in the form of e-Gov"),
    DocumentForm.OFFICIAL_DOCUMENT: mark("a document in the form of e-Gov's official documents"),
    DocumentForm.PRESCRIPTION: mark("a document in the form of electronic prescriptions"),
}
_TWICE = re.compile(r"(\w+)#\1")  # e-Tax and e-Gov give an element its own name for an identifier
_ENCLOSED = re.compile(r"Signature/Object(#.*)?", re.DOTALL)
_BODY = "BODY#DOCBODY"  # in each official document, so it tells nothing


def names_for_people(signed_elements: tuple[str, ...], form: DocumentForm | None) -> list[str]:
    """What is signed without what only machines need; nothing where the kind of document says it all."""
    if form is DocumentForm.OFFICIAL_DOCUMENT and signed_elements == (_BODY,):
        return []
    return list(dict.fromkeys(map(_name_for_people, signed_elements)))


def _name_for_people(signed: str) -> str:
    if _ENCLOSED.fullmatch(signed):
        return _("the content that is enclosed in the signature")
    twice = _TWICE.fullmatch(signed)
    return twice[1] if twice else signed


_ASK = mark("Do not rely on it. Ask the sender for the file again.")

# Keyed by the code of the problem; report_words.py takes them up.
XML_PROBLEM_WORDS: dict[str, Entry] = {
    "algorithm.refused": (
        mark("The signature uses a method that proves nothing"),
        (mark("The method ({algorithm}) can be forged, or anybody who can verify it could have made it."),),
        (mark("Do not rely on it."),),
    ),
    "algorithm.unknown": (
        mark("The signature uses a method that is not known here"),
        (mark("The method ({algorithm}) cannot be computed by this program; nothing is known about the signature."),),
        (mark("Ask the sender which program verifies it."),),
    ),
    "package.files-unsigned": (
        mark("The package has files that no signature covers"),
        (mark("Files in it that are neither signed nor belong to a signed document: {count}."),),
        (mark("Rely only on the documents that are named with a signature."),),
    ),
    "reference.ambiguous": (
        mark("It is not clear which file was signed"),
        (mark("Several files beside the signature have a name that looks like “{name}”."),),
        (mark("Leave only the right one in the folder, and verify again."),),
    ),
    "reference.encoding-disputed": (
        mark("The characters that were signed are not certain"),
        (
            mark("In the encoding of this file, programs read some characters differently: {characters}."),
            mark("The document was changed after signing, or the signer's program read other characters."),
        ),
        (mark("Ask the signer for the file in UTF-8, signed anew."),),
    ),
    "reference.missing": (
        mark("Something that was signed is missing"),
        (mark("The signature covers “{name}”, which is not there."),),
        (mark("Put all files that belong together into one folder, under their own names, and verify again."),),
    ),
    "reference.outside": (
        mark("The signature covers something that is elsewhere"),
        (mark("It points to another folder or to the network. Nothing is fetched from there."),),
        (mark("Ask the sender for a file that has everything in it, or beside it."),),
    ),
    "reference.transform-not-run": (
        mark("The signature uses a transform that this program does not run"),
        (mark("What was signed is computed by “{algorithm}”. Such a rule can leave out anything."),),
        (mark("Nothing is known about the signature here. Ask the sender which program verifies it."),),
    ),
    "reference.unreadable": (
        mark("A file that was signed cannot be read"),
        (mark("The signature covers “{name}”, which is there but cannot be read."),),
        (mark("Check that you may open it, and verify again."),),
    ),
    "signature.certificate-differs": (
        mark("The signer named another certificate"),
        (mark("The signature was made with the key of this certificate, but names a different one as its own."),),
        (mark("Ask the signer which certificate is theirs."),),
    ),
    "signature.copy": (
        mark("This is a copy of another signature"),
        (mark("It is the same as “{name}”, pasted in once more. It says nothing that the other does not say."),),
        (mark("Count it as one signature. Ask the sender why it is there twice."),),
    ),
    "signature.duplicate-id": (
        mark("Several signatures bear the same identifier"),
        (mark("It is “{name}”. Where it is spoken of, it is not clear which signature is meant."),),
        (mark("Ask the signers to sign once more, one after the other."),),
    ),
    "signature.files-unsigned": (
        mark("Files that belong to the document are not covered by the signature"),
        (mark("Files that the document lists and this signature does not cover ({count}): {names}."),),
        (mark("Attachments may be sent without a signature. Do not rely on them as signed."),),
    ),
    "signature.key-differs": (
        mark("The signature comes with two different keys"),
        (mark("Beside the certificate stands a key that is not the key of the certificate."),),
        (_ASK,),
    ),
    "signature.long-term-not-checked": (
        mark("Data for long-term verification was not checked"),
        (mark("The signature brings revocation data or further time-stamps, which this program does not judge."),),
        (mark("What it says about the certificate today is without them."),),
    ),
    "signature.markup-unsigned": (
        mark("Comments or instructions are not covered by the signature"),
        (
            mark("Comments, processing instructions and document types outside of what is signed: {count}."),
            mark("They are no content, but an instruction can choose the style sheet that shows the document."),
        ),
        (mark("Compare the form with the content itself."),),
    ),
    "signature.misplaced": (
        mark("A signature stands in the wrong place"),
        (mark("Documents of this kind have their signature elsewhere; the file was rearranged."),),
        (_ASK,),
    ),
    "signature.not-xmldsig": (
        mark("Something looks like a signature and is none"),
        (
            mark(
                "“{name}” is built like an XML signature, but its namespace or its name is not that of XML Signature."
            ),
            mark("It was not judged. The file may have been altered, or written by a program with a mistake."),
        ),
        (mark("Do not treat it as signed. Ask the sender for the file again."),),
    ),
    "signature.outside": (
        mark("Parts of the document are not covered by the signature"),
        (
            mark("Elements, attributes or texts outside of what is signed: {count}."),
            mark("The signature says nothing about them."),
        ),
        (mark("Rely only on the part that is named as signed."),),
    ),
    "signature.properties-unsigned": (
        mark("The properties of the signature are not signed"),
        (mark("It states a time or a certificate, but those statements are not covered by the signature itself."),),
        (mark("Take them as not being there."),),
    ),
    "signature.too-costly": (
        mark("The signatures were too many or too large to verify"),
        (mark("To check this one would have taken longer than any real document does."),),
        (_ASK,),
    ),
    "signature.wrong-element": (
        mark("The signature does not cover what it must cover"),
        (mark("In a document of this kind another part must be signed. What one sees may not be what was signed."),),
        (_ASK,),
    ),
    "timestamp.unreadable": (
        mark("A time-stamp cannot be read"),
        (mark("The signature has a time-stamp that is not built as it must be."),),
        (mark("Take the time as a claim only."),),
    ),
    "xml.duplicate-id": (
        mark("Two parts of the XML have the same name"),
        (mark("The signature points to an identifier that occurs twice: it is not clear what was signed."),),
        (_ASK,),
    ),
    "xml.too-large": (
        mark("The XML is too large"),
        (mark("XML of up to {limit} is verified. Nothing is known about a signature in this file."),),
        (),
    ),
}
