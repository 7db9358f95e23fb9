"""The names of the forms of signature, and what must be said beside some of them; never more than is known."""

from desktop.words.translation import _, mark
from signing.profile import Profile

_NAMES: dict[Profile, str] = {
    Profile.PADES_B_B: mark("Contract or private use"),
    Profile.REGISTRY: mark("Registry or articles of incorporation"),
    Profile.E_TAX: mark("The form that e-Tax files have"),
    Profile.TEG: mark("The form of certificates for tax returns"),
    Profile.E_GOV: mark("The form of e-Gov applications"),
    Profile.E_GOV_FILE: mark("The form of e-Gov, file by file"),
    Profile.XML_ENVELOPED: mark("Inside the XML"),
    Profile.XML_DETACHED: mark("In a file beside it"),
    Profile.XML_ENVELOPING: mark("Around the document"),
    Profile.XADES_ENVELOPED: mark("Inside the XML, with the time (XAdES)"),
    Profile.XADES_DETACHED: mark("In a file beside it, with the time (XAdES)"),
    Profile.CADES_B_B: mark("Any file: in a file beside it (.p7s)"),
}
_BESIDE = mark("The signature is a file of its own. Pass on both files, and do not rename the document.")
_HINTS: dict[Profile, str] = {
    Profile.E_TAX: mark(
        "It is the form that e-Tax files have. Whether e-Tax takes a file that was signed outside of its own software "
        "is not known."
    ),
    Profile.TEG: mark("It is the form of those who issue such certificates. Whoever receives one does not sign it."),
    Profile.E_GOV: mark("It is the form that e-Gov describes. Whether e-Gov takes the file is for e-Gov to say."),
    Profile.E_GOV_FILE: mark("It is the form that e-Gov describes. Whether e-Gov takes the file is for e-Gov to say."),
    Profile.XML_DETACHED: _BESIDE,
    Profile.XADES_DETACHED: _BESIDE,
    Profile.CADES_B_B: _BESIDE,
    Profile.XML_ENVELOPING: mark(
        "The signature contains the document. Only a program that knows XML signatures opens it."
    ),
}


def profile_name(profile: Profile) -> str:
    """What a person calls it."""
    return _(_NAMES[profile])


def profile_hint(profile: Profile) -> str:
    """What has to be known before signing in this form; empty where there is nothing."""
    return _(_HINTS[profile]) if profile in _HINTS else ""
