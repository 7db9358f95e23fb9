"""The words of failures of XML, of what is packed around it, and of its stylesheets."""

from desktop.words.errors.entry import SOURCE_SAFE, Entry
from desktop.words.translation import mark

XML_WORDS: dict[str, Entry] = {
    "xml.not-well-formed": (
        mark("The XML is broken"),
        (mark("It breaks the rules of XML in line {line}; no program can read it reliably."), SOURCE_SAFE),
        (mark("Get the file again, or have the program that made it write it anew."),),
    ),
    "xml.encoding-wrong": (
        mark("The text of the XML cannot be decoded"),
        (mark("Its bytes do not agree with the character encoding that it declares."), SOURCE_SAFE),
        (mark("Save it anew with the program that made it; an editor may have changed the encoding."),),
    ),
    "xml.encoding-unsupported": (
        mark("The character encoding of the XML is not supported"),
        (mark("It can be read in UTF-8, UTF-16, Shift_JIS, EUC-JP and ISO-2022-JP."), SOURCE_SAFE),
        (mark("Save it as UTF-8 with the program that made it."),),
    ),
    "xml.encoding-disputed": (
        mark("Programs read this XML differently"),
        (
            mark("In Shift_JIS one byte is “\\” for some programs and “¥” for others, another one “~” or “‾”."),
            mark("Of two such programs, one could not verify your signature."),
            SOURCE_SAFE,
        ),
        (
            mark("Save it as UTF-8 with the program that made it."),
            mark("Or sign it with a signature in a file of its own (detached)."),
        ),
    ),
    "xml.entities": (
        mark("The XML declares content outside of its text"),
        (
            mark("It has entities or default attributes of its own: programs would show different documents."),
            mark("Nothing of that was loaded or expanded."),
            SOURCE_SAFE,
        ),
        (mark("Ask for a version without a document type declaration of its own (DTD)."),),
    ),
    "xml.not-canonical": (
        mark("The XML cannot be signed in this form"),
        (mark("It names a namespace in a way for which the standard defines no form to sign."), SOURCE_SAFE),
        (mark("Sign it with a signature in a file of its own (detached)."),),
    ),
    "xml.too-deep": (
        mark("The XML is nested too deeply"),
        (mark("Its elements lie deeper within each other than those of any real document."), SOURCE_SAFE),
        (mark("Do not rely on the file. Ask where it comes from."),),
    ),
    "xml.crowded": (
        mark("The XML is built to overload programs"),
        (mark("It has more elements, attributes, namespaces or instructions than any real document."), SOURCE_SAFE),
        (mark("Do not rely on the file. Ask where it comes from."),),
    ),
    "xml.too-large": (
        mark("The XML is too large"),
        (mark("XML of up to {limit} is read as XML."), SOURCE_SAFE),
        (mark("Sign it with a signature in a file of its own (detached): that has no such limit."),),
    ),
    "xml.duplicate-id": (
        mark("Two parts of the XML have the same name"),
        (
            mark("A signature would point to an identifier that occurs twice: it would not be clear what is signed."),
            SOURCE_SAFE,
        ),
        (mark("Have the program that made the file write it anew."),),
    ),
    "document.not-of-profile": (
        mark("The document is not of the chosen form"),
        (mark("What this form of signature is put on was not found in it, or not just once."), SOURCE_SAFE),
        (mark("Choose another form of signature, or check that this is the right file."),),
    ),
    "xml.file-missing": (
        mark("Files that belong to the document are missing"),
        (
            mark("The document lists files that are signed with it; {count} of them are not beside it: {names}."),
            SOURCE_SAFE,
        ),
        (mark("Put them into the same folder, under the names that the document gives them, and try again."),),
    ),
    "xml.file-name": (
        mark("A signature cannot name this file"),
        (mark("Its name has characters that cannot be written into a signature in a file of its own."), SOURCE_SAFE),
        (mark("Rename the file, and try again."),),
    ),
    "xml.read-differently": (
        mark("Two programs read this document differently"),
        (
            mark("Before your key was used, a signature was tried, and a second program (libxmlsec1) disagreed."),
            mark("Something in the document is read in two ways; others might not be able to verify your signature."),
            mark("Nothing was signed and nothing was written."),
        ),
        (
            mark("Sign it with a signature in a file of its own (detached)."),
            mark("That should not happen: tell the makers of the program."),
        ),
    ),
    "xml.signed-already": (
        mark("You have signed this already"),
        (
            mark("Your signature over the same content is in the file. A further one would be a mere copy of it."),
            mark("Nothing was signed."),
        ),
        (mark("Use the file as it is. Others can still add their signatures."),),
    ),
    "xml.would-break-signature": (
        mark("A further signature would break the one that is there"),
        (mark("The signature in the document covers the place where another would stand."), SOURCE_SAFE),
        (mark("Sign it with a signature in a file of its own (detached)."),),
    ),
    "package.refused": (
        mark("The package was not opened"),
        (mark("Its size, its file names or its structure are not those of an honest ZIP file."),),
        (mark("Do not rely on it. Ask the sender for the file again."),),
    ),
    "stylesheet.failed": (
        mark("The form cannot be shown"),
        (
            mark("The document names no stylesheet that lies beside it, or the stylesheet does not work here."),
            mark("A stylesheet is never fetched from the network."),
        ),
        (mark("Look at the content of the document instead."),),
    ),
}
