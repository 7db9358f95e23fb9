"""The words of failures of the document."""

from desktop.words.errors.entry import SOURCE_SAFE, Entry
from desktop.words.translation import mark

DOCUMENT_WORDS: dict[str, Entry] = {
    "document.not-found": (
        mark("The file does not exist"),
        (mark("There is no file of this name, or not any more."),),
        (mark("Check the name and the folder."),),
    ),
    "document.unreadable": (
        mark("The file cannot be read"),
        (mark("The system does not let this program read it."),),
        (mark("Check that you may open it and that its disk or network drive is connected."),),
    ),
    "document.directory": (
        mark("This is a folder"),
        (mark("A folder cannot be signed; the files in it can."),),
        (mark("Choose the files."),),
    ),
    "document.not-a-file": (
        mark("This is not a file"),
        (mark("It is a device or a connection, not a file with a content of its own."),),
        (mark("Save the document as a file first."),),
    ),
    "document.empty": (
        mark("The file is empty"),
        (mark("It has 0 bytes; perhaps a download or a copy did not finish."),),
        (mark("Get the file again."),),
    ),
    "document.unsupported": (
        mark("This kind of file cannot be handled yet"),
        (mark("This version signs PDF documents."), SOURCE_SAFE),
        (mark("Save or print the document as PDF, and use that."),),
    ),
    "document.wrong-ending": (
        mark("Name and content do not agree"),
        (mark("By its name the file is {named}, by its content {content}."), SOURCE_SAFE),
        (mark("If you trust where it comes from, correct the ending of its name. Otherwise do not sign it."),),
    ),
    "document.damaged": (
        mark("The document is damaged"),
        (mark("It starts like a document of its kind, but its structure cannot be read."), SOURCE_SAFE),
        (mark("Get it again, or open it in the program that made it and save it anew."),),
    ),
    "document.too-complex": (
        mark("The document is too complex"),
        (mark("It has more revisions, signatures or objects than are read here."), SOURCE_SAFE),
        (mark("Ask whoever made it for a simpler copy: a real document is never like that."),),
    ),
    "document.too-large": (
        mark("The file is too large"),
        (mark("Files of this kind are read up to {limit}."), SOURCE_SAFE),
        (mark("Sign it with a signature in a file of its own (detached): that has no such limit."),),
    ),
    "document.encrypted": (
        mark("The document is protected by a password"),
        (mark("It opens only with its password."), SOURCE_SAFE),
        (mark("Enter the password, or ask the sender for a copy without one."),),
    ),
    "document.encryption-unsupported": (
        mark("The document is encrypted in a way that cannot be signed here"),
        (mark("Parts of it are left in clear, or it carries an integrity code."), SOURCE_SAFE),
        (mark("Save it again with the usual encryption, or without, and sign that."),),
    ),
    "document.hybrid": (
        mark("The document has two tables of contents"),
        (
            mark("Two programs may show two different documents (hybrid cross references)."),
            mark("That is why it is not signed."),
            SOURCE_SAFE,
        ),
        (mark("Open it and save or print it as a new PDF, look at that, and sign that."),),
    ),
    "document.xfa": (
        mark("The document is a dynamic form (XFA)"),
        (mark("What one sees in such a form is not what would be signed."), SOURCE_SAFE),
        (mark("Print the form as a PDF, look at that, and sign that."),),
    ),
    "document.changes-not-permitted": (
        mark("The document allows no further signature"),
        (
            mark("Its author has certified it and forbids every change. A signature would break theirs."),
            SOURCE_SAFE,
        ),
        (mark("Ask the author for a version that may be signed."),),
    ),
    "document.changed-on-disk": (
        mark("The file has changed in the meantime"),
        (mark("It is not the file any more that was looked at. Nothing of it was signed."),),
        (mark("Look at the file again, and start anew."),),
    ),
    "signature.unreadable": (
        mark("A signature could not be verified"),
        (mark("The document has a signature, but it cannot be read or judged. Nothing is known about it."),),
        (mark("Do not rely on it. Ask the sender for the file again."),),
    ),
    "signature.unreached": (
        mark("There is signature data that the document does not use"),
        (mark("The file contains data of a signature, but the document does not lead to it."),),
        (mark("Do not treat the file as unsigned nor as signed. Ask the sender for the file again."),),
    ),
    "document.certification-not-first": (
        mark("Only the first signature can forbid changes"),
        (mark("The document is signed already; what the first signer permitted stays in force."), SOURCE_SAFE),
        (mark("Sign without forbidding changes, or begin with an unsigned version."),),
    ),
    "document.field-missing": (
        mark("The field for the signature is not there any more"),
        (mark("It was filled or taken away since it was chosen."), SOURCE_SAFE),
        (mark("Choose another field, or a new one."),),
    ),
    "document.field-constrained": (
        mark("The field asks for something that this signature would not have"),
        (mark("Whoever prepared the field requires: {constraint}."), SOURCE_SAFE),
        (mark("Sign in a new field, or ask whoever prepared the document."),),
    ),
}
