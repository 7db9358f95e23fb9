"""What a report means, in sentences composed from its facts; never more than was established."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.words.formatting import enumerated, joined, listed, plain, shown_moment
from desktop.words.report import ISSUER_WORDS, SUB_INDICATION_WORDS, told_change
from desktop.words.translation import _, language
from desktop.words.xml import FORM_WORDS, names_for_people
from signing.report import (
    ChangesAfter,
    Coverage,
    Indication,
    IssuerClass,
    Revocation,
    SignatureReport,
    SubIndication,
    ValidationReport,
    Verdict,
)


class Tone(StrEnum):
    """How a row is to be taken, for a colour or a mark beside the words."""

    GOOD = "good"
    CAUTION = "caution"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Row:
    """One of the three things to know of a signature; never merged with another one."""

    subject: str
    statement: str
    tone: Tone


_ABOUT_DOCUMENT = {
    SubIndication.FORMAT_FAILURE,
    SubIndication.HASH_FAILURE,
    SubIndication.SIG_CRYPTO_FAILURE,
    SubIndication.SIGNED_DATA_NOT_FOUND,
    SubIndication.SIG_CONSTRAINTS_FAILURE,
}
_ABOUT_SIGNER = {
    SubIndication.CHAIN_CONSTRAINTS_FAILURE,
    SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
    SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
}
_ABOUT_TIME = {
    SubIndication.REVOKED_NO_POE,
    SubIndication.REVOKED_CA_NO_POE,
    SubIndication.EXPIRED,
    SubIndication.NOT_YET_VALID,
    SubIndication.OUT_OF_BOUNDS_NO_POE,
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    SubIndication.NO_POE,
    SubIndication.TIMESTAMP_ORDER_FAILURE,
}
# They add to a document and leave what one sees as it was; a filled form does not, nor the picture of a signature.
_ADDITIONS = {"signed-again", "timestamped", "validation-data"}
_OF_JLIS = {IssuerClass.JPKI, IssuerClass.JPKI_SMARTPHONE}
_NOT_REAL = {IssuerClass.PRACTICE, IssuerClass.JPKI_TEST}


def verdict_sentence(report: ValidationReport) -> str:
    """The one thing to say first about a file; the three rows of each signature follow it."""
    signatures = report.signatures
    if report.verdict is Verdict.UNSIGNED:
        return joined(
            _("This file has no electronic signature."),
            _("The picture of a seal or of a written name is not one."),
        )
    if not signatures:
        return _("This file could not be verified. Nothing is known about a signature in it.")
    copies = sum(map(is_copy, signatures))
    if not copies:
        return _about_all(signatures)
    repeated = _("Copies of signatures in the file, which say nothing more: {count}.").format(count=copies)
    return joined(_about_all([each for each in signatures if not is_copy(each)]), repeated)


def is_copy(signature: SignatureReport) -> bool:
    """Whether it is another signature once more, and none of its own."""
    return any(problem.code == "signature.copy" for problem in signature.problems)


def title_of(signature: SignatureReport, number: int, count: int) -> str:
    """What stands over one of several signatures."""
    if is_copy(signature):
        return _("A copy, and no signature of its own")
    title = _("Time-stamp ({number} of {count})") if signature.is_timestamp else _("Signature {number} of {count}")
    return title.format(number=number, count=count)


def _about_all(signatures: Sequence[SignatureReport]) -> str:
    if len(signatures) == 1:
        return _about(signatures)
    count = _counted(signatures)
    failed = sum(signature.indication is Indication.TOTAL_FAILED for signature in signatures)
    if failed:
        return joined(count, _("Of these, {count} must not be relied on.").format(count=failed))
    if unknown := sum(not signature.intact for signature in signatures):
        return joined(count, _("Of these, {count} could not be verified.").format(count=unknown))
    return joined(count, _about(signatures))


def _counted(signatures: Sequence[SignatureReport]) -> str:
    stamps = sum(signature.is_timestamp for signature in signatures)
    if not stamps:
        return _("The file has {count} signatures.").format(count=len(signatures))
    text = _("Signatures in the file: {signatures}; time-stamps over the whole document: {stamps}.")
    return text.format(signatures=len(signatures) - stamps, stamps=stamps)


def three_rows(signature: SignatureReport) -> tuple[Row, Row, Row]:
    """The document, the signer, the time and revocation of one signature."""
    return (
        Row(_("Document"), joined(*_document(signature)), _document_tone(signature)),
        Row(_subject_of_signer(signature), joined(*_signer(signature)), _signer_tone(signature)),
        Row(_("Time and revocation"), joined(*_time_and_revocation(signature)), _time_tone(signature)),
    )


def _subject_of_signer(signature: SignatureReport) -> str:
    return _("Time-stamping authority") if signature.is_timestamp else _("Signer")


def _about(signatures: Sequence[SignatureReport]) -> str:
    """The document as the most changed signature sees it, then each signer once, then revocation once."""
    most_changed = max(signatures, key=lambda signature: list(Tone).index(_document_tone(signature)))
    sentences = _document(most_changed)
    if all(signature.is_timestamp for signature in signatures):
        sentences.insert(0, _("This file has a time-stamp, and no signature of a person."))
    for part in (_signer, _revocation):
        for signature in signatures:
            sentences += [sentence for sentence in part(signature) if sentence not in sentences]
    return joined(*sentences)


# --- the document


def _document(signature: SignatureReport) -> list[str]:
    reason = _reason(signature, _ABOUT_DOCUMENT) or _altered(signature)
    if not signature.intact:
        if signature.indication is Indication.TOTAL_FAILED:
            return reason or [_("The signature does not hold.")]
        return [_("It could not be established whether the document is what was signed."), *reason]
    if signature.covers is Coverage.PART:
        part = _("The signature covers only a part of the file; it says nothing about the rest.")
        return [part, *_signed(signature), *reason]
    return [_changes(signature), *_signed(signature), *reason]


def _altered(signature: SignatureReport) -> list[str]:
    """The same where a graver reason stands before it in the report, such as a signer whom nobody knows."""
    filled = any(change.code == "form-filled" for change in signature.changes)
    altered = filled or signature.changes_after is ChangesAfter.SUSPICIOUS
    words = _(SUB_INDICATION_WORDS[SubIndication.SIG_CONSTRAINTS_FAILURE])
    return [words] if altered and signature.intact else []


def _signed(signature: SignatureReport) -> list[str]:
    """What the signature covers, where it has a name: a document of a kind that people know, an element, a file."""
    if not signature.signed_elements:
        return []
    element = plain(listed(names_for_people(signature.signed_elements, signature.form)))
    if signature.form not in FORM_WORDS:
        return [_("What is signed: {element}.").format(element=element)]
    kind = _(FORM_WORDS[signature.form])
    if not element:
        return [_("What is signed: {element}.").format(element=kind)]
    return [_("What is signed: {kind} ({element}).").format(element=element, kind=kind)]


def _changes(signature: SignatureReport) -> str:
    match signature.changes_after:
        case ChangesAfter.NONE:
            return _("No change since the time-stamp.") if signature.is_timestamp else _("No change since signing.")
        case ChangesAfter.ALLOWED:
            sentence = _("Since signing, additions were made that the signer left open.")
        case ChangesAfter.SUSPICIOUS:
            sentence = _("The file was changed after signing, in a way that cannot be told to be harmless.")
    changes = list(map(told_change, signature.changes))
    if not changes:
        return sentence
    # No brackets around them: the numbers of the pages stand in brackets.
    colon = ": " if language() == "en" else "："
    return sentence[:-1] + colon + enumerated(changes) + sentence[-1]


def _document_tone(signature: SignatureReport) -> Tone:
    if signature.indication is Indication.TOTAL_FAILED and (
        not signature.intact or signature.sub_indication in _ABOUT_DOCUMENT
    ):
        return Tone.BAD
    if not signature.intact or signature.covers is Coverage.PART:
        return Tone.CAUTION
    if signature.changes_after is ChangesAfter.SUSPICIOUS:
        return Tone.BAD
    harmless = all(change.code in _ADDITIONS for change in signature.changes)
    unquestioned = signature.sub_indication not in _ABOUT_DOCUMENT
    return Tone.GOOD if harmless and unquestioned else Tone.CAUTION


# --- the signer


def _signer(signature: SignatureReport) -> list[str]:
    if not signature.intact:
        return [_("Who signed is not said here, because the signature could not be confirmed.")]
    reason = _reason(signature, _ABOUT_SIGNER)
    if signature.issuer_class is IssuerClass.PRACTICE:
        return [
            _("【PRACTICE】 Signed with a practice card: it proves nothing and has no legal effect."),
            *reason,
        ]
    if signature.issuer_class is IssuerClass.JPKI_TEST:
        return [
            _("【TEST】 Signed with a card for tests: it proves nothing and has no legal effect."),
            *reason,
        ]
    if signature.signer is None:
        return [_nameless(signature), *reason]
    if signature.is_timestamp:
        return [_stamper(signature), *reason]
    return [_trusted_signer(signature) if signature.trusted else _claimed_signer(signature), *reason]


def _nameless(signature: SignatureReport) -> str:
    if signature.trusted:
        return _("The certificate gives no name that can be read; it is from an authority that is trusted here.")
    return _("The certificate gives no name that can be read, and its authority is not known here.")


def _stamper(signature: SignatureReport) -> str:
    if signature.trusted:
        text = _("A time-stamp over the whole document by {authority}, under an authority that you trust.")
    else:
        text = _(
            "A time-stamp over the whole document that claims to be by {authority}; its authority is not known here, "
            "so this is unproven."
        )
    return text.format(authority=plain(signature.signer or ""))


def _trusted_signer(signature: SignatureReport) -> str:
    signer, issuer = plain(signature.signer or ""), signature.issuer_class
    if issuer in _OF_JLIS:
        return _("Signed by {signer}, with a certificate of J-LIS.").format(signer=signer)
    # That an authority is accredited is what its name claims: here only the person who added it knows.
    if issuer in (IssuerClass.ACCREDITED, IssuerClass.CONTRACT_SERVICE, IssuerClass.OTHER, IssuerClass.UNKNOWN):
        return _("Signed with a certificate of {signer}, from an authority that you trust.").format(signer=signer)
    text = _("Signed with a certificate of {signer}, issued by {issuer}.")
    return text.format(signer=signer, issuer=_(ISSUER_WORDS[issuer]))


def _claimed_signer(signature: SignatureReport) -> str:
    signer, issuer = plain(signature.signer or ""), signature.issuer_class
    if issuer in (IssuerClass.OTHER, IssuerClass.UNKNOWN):
        text = _("The certificate claims to be of {signer}; its authority is not known here, so this is unproven.")
        return text.format(signer=signer)
    text = _("The certificate claims to be of {signer} and to come from {issuer}; neither could be confirmed.")
    return text.format(signer=signer, issuer=_(ISSUER_WORDS[issuer]))


def _signer_tone(signature: SignatureReport) -> Tone:
    if signature.indication is Indication.TOTAL_FAILED and (
        not signature.intact or signature.sub_indication in _ABOUT_SIGNER
    ):
        return Tone.BAD
    known = signature.intact and signature.trusted and signature.signer is not None
    unquestioned = signature.issuer_class not in _NOT_REAL and signature.sub_indication not in _ABOUT_SIGNER
    return Tone.GOOD if known and unquestioned else Tone.CAUTION


# --- time and revocation


def _time_and_revocation(signature: SignatureReport) -> list[str]:
    if not signature.intact:
        return [_("Not judged, because the signature could not be confirmed.")]
    sentences = [_time(signature), *_end_of_proof(signature), *_revocation(signature)]
    if signature.issuer_class in _OF_JLIS and signature.revocation is Revocation.NOT_CHECKED:
        sentences.append(_("Your own certificate can be checked with the JPKI client software of J-LIS."))
    return sentences


def _time(signature: SignatureReport) -> str:
    if signature.is_timestamp:
        moment = signature.timestamp_time or signature.signing_time
        text = _("The time-stamp claims the time {moment}; this is not proven.")
        if signature.timestamp_time:
            text = _("The document existed as it was then on {moment}, by the time-stamp.")
        return text.format(moment=shown_moment(moment)) if moment else _("The time-stamp says no time.")
    if signature.timestamp_time:
        text = _("A time-stamp says that the signature existed on {moment}.")
        return text.format(moment=shown_moment(signature.timestamp_time))
    if signature.signing_time:
        text = _("Signed on {moment} by the clock of the signer; this is not proven.")
        return text.format(moment=shown_moment(signature.signing_time))
    return _("The signature does not say when it was made, or not in a way that can be read.")


def _end_of_proof(signature: SignatureReport) -> list[str]:
    """Until when the last time stamp over the document has to be covered by another one."""
    stamp = signature.timestamp
    covered = any(change.code == "timestamped" for change in signature.changes)
    if not signature.is_timestamp or covered or stamp is None or not stamp.proven or stamp.ends is None:
        return []
    text = _("To keep this proof, add another time stamp before {moment}, when the certificate of this one ends.")
    return [text.format(moment=shown_moment(stamp.ends))]


def _revocation(signature: SignatureReport) -> list[str]:
    if not signature.intact:
        return []
    reason = _reason(signature, _ABOUT_TIME)
    match signature.revocation:
        case Revocation.REVOKED if signature.sub_indication is SubIndication.REVOKED_CA_NO_POE:
            return [_("The certificate of an authority above that of the signer has been revoked."), *reason]
        case Revocation.REVOKED:
            return [_("The certificate has been revoked."), *reason]
        case Revocation.GOOD:
            return [_("The certificate was found not to be revoked."), *reason]
    if signature.issuer_class in _NOT_REAL:
        return reason
    if signature.issuer_class in _OF_JLIS:
        return [_("Whether the certificate has been revoked cannot be checked by individuals."), *reason]
    if signature.issuer_class is IssuerClass.GPKI:
        text = _("Whether the certificate has been revoked was not checked: GPKI tells it in a directory only.")
        return [text, *reason]
    return [_("Whether the certificate has been revoked was not checked."), *reason]


def _time_tone(signature: SignatureReport) -> Tone:
    if signature.revocation is Revocation.REVOKED:
        return Tone.BAD
    if signature.indication is Indication.TOTAL_FAILED and (
        not signature.intact or signature.sub_indication in _ABOUT_TIME
    ):
        return Tone.BAD
    established = signature.timestamp_time is not None and signature.revocation is Revocation.GOOD
    return Tone.GOOD if established and signature.indication is Indication.TOTAL_PASSED else Tone.CAUTION


def _reason(signature: SignatureReport, about: set[SubIndication]) -> list[str]:
    if signature.sub_indication in about:
        return [_(SUB_INDICATION_WORDS[signature.sub_indication])]
    return []
