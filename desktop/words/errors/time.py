"""The words of failures of time stamps, and of what else makes a signature last."""

from desktop.words.errors.entry import Entry
from desktop.words.translation import mark

_SIGNED = mark("If a document was signed, its signature is kept.")
_SENT = mark("Nothing of a document was sent, only 32 bytes of hash.")
_UNTOUCHED = mark("The file was not changed.")
_SETTINGS = mark("Look at the authority under “Time stamps”, or try again later.")
_ASK = mark("Ask those who run the authority.")
_WRONG = mark("The time stamp was not used.")

TIME_WORDS: dict[str, Entry] = {
    "timestamp.address-wrong": (
        mark("This is no address of an authority"),
        (mark("Nothing was contacted."),),
        (mark("Copy the address from the papers of the authority."),),
    ),
    "timestamp.address-wrong/scheme": (
        mark("This is no address of an authority"),
        (mark("It must begin with https:// or http://. Nothing was contacted."),),
        (mark("Copy the address from the papers of the authority."),),
    ),
    "timestamp.address-wrong/host": (
        mark("This is no address of an authority"),
        (mark("It names no server. Nothing was contacted."),),
        (mark("Copy the address from the papers of the authority. User and password have fields of their own."),),
    ),
    "timestamp.address-wrong/policy": (
        mark("This is no number of a policy"),
        (mark("A policy is written in numbers with dots, such as 0.2.440. Nothing was contacted."),),
        (mark("Copy it from the papers of the authority, or leave the field empty."),),
    ),
    "timestamp.unreachable": (
        mark("The time-stamping authority cannot be reached"),
        (mark("There is no connection to its server."), _SIGNED),
        (mark("Look at the network connection and the address, and try again."),),
    ),
    "timestamp.no-answer": (
        mark("The time-stamping authority does not answer"),
        (mark("It took longer than 30 seconds."), _SIGNED),
        (mark("Try again later."),),
    ),
    "timestamp.tls-failed": (
        mark("The connection to the authority is not safe"),
        (mark("Its server could not prove that it is the one of this address. Nothing was sent."), _SIGNED),
        (mark("Look at the address and at the date of this computer."),),
    ),
    "timestamp.access-denied": (
        mark("The time-stamping authority did not let us in"),
        (mark("User, password or client certificate were not accepted."), _SIGNED),
        (mark("Enter them anew under “Time stamps”."),),
    ),
    "timestamp.answer-unusable": (
        mark("What came is not a time stamp"),
        (mark("The server at this address answered with something else (HTTP {http})."), _SENT, _SIGNED),
        (mark("Look at the address: it may be that of a web page."),),
    ),
    "timestamp.answer-unusable/server": (
        mark("The authority has a fault"),
        (mark("Its server could not answer (HTTP {http})."), _SENT, _SIGNED),
        (mark("Try again later."),),
    ),
    "timestamp.rejected": (
        mark("The authority refused the time stamp"),
        (mark("It gave the reason: {reason}."), _SIGNED),
        (_ASK,),
    ),
    "timestamp.rejected/unaccepted_policy": (
        mark("The authority does not know this policy"),
        (mark("It refused to stamp under the policy that is set."), _SIGNED),
        (mark("Correct the policy under “Time stamps”, or leave it empty."),),
    ),
    "timestamp.rejected/policy_missing": (
        mark("The authority refused because of the policy"),
        (
            mark("It answered that it does not know the policy, but none is set for it here."),
            mark("Perhaps it wants one to be named."),
            _SIGNED,
        ),
        (mark("Ask those who run the authority which policy to enter under “Time stamps”."),),
    ),
    "timestamp.rejected/bad_alg": (
        mark("The authority does not take this kind of hash"),
        (mark("It refused SHA-256."), _SIGNED),
        (mark("Use another authority."),),
    ),
    "timestamp.rejected/time_not_available": (
        mark("The authority has no time now"),
        (mark("Its clock is not available."), _SIGNED),
        (mark("Try again later."),),
    ),
    "timestamp.rejected/system_failure": (
        mark("The authority has a fault"),
        (mark("It could not make the time stamp."), _SIGNED),
        (mark("Try again later."),),
    ),
    "timestamp.wrong": (
        mark("The time stamp is not right"),
        (mark("It is not an answer to what was asked."), _WRONG, _SIGNED),
        (_ASK,),
    ),
    "timestamp.wrong/imprint": (
        mark("The time stamp is for something else"),
        (mark("It is about another hash than the one that was sent."), _WRONG, _SIGNED),
        (mark("Do not rely on this authority until that is explained."),),
    ),
    "timestamp.wrong/nonce": (
        mark("The time stamp answers another question"),
        (
            mark("The number sent with the request did not come back: it may be an old answer, sent again."),
            _WRONG,
            _SIGNED,
        ),
        (mark("Do not rely on this authority until that is explained."),),
    ),
    "timestamp.wrong/policy": (
        mark("The time stamp was made under another policy"),
        (_WRONG, _SIGNED),
        (mark("Correct the policy under “Time stamps”, or leave it empty."),),
    ),
    "timestamp.wrong/signature": (
        mark("The signature of the time stamp is broken"),
        (mark("It was not made by the certificate that it names."), _WRONG, _SIGNED),
        (mark("Do not rely on this authority until that is explained."),),
    ),
    "timestamp.wrong/time": (
        mark("The time stamp and this computer disagree by more than a day"),
        (mark("One of the two clocks is wrong."), _WRONG, _SIGNED),
        (mark("Look at the date of this computer first."),),
    ),
    "timestamp.wrong/expired": (
        mark("The certificate of the authority has expired"),
        (mark("Others would not believe this time stamp."), _WRONG, _SIGNED),
        (mark("Look at the date of this computer, then ask those who run the authority."),),
    ),
    "timestamp.wrong/certificate": (
        mark("The certificate of the authority is not one for time stamps"),
        (mark("Others would not believe this time stamp."), _WRONG, _SIGNED),
        (_ASK,),
    ),
    "timestamp.not-trusted": (
        mark("The time stamp comes from somebody else"),
        (
            mark("Its certificate leads to none of the certificates that were added for this authority."),
            _WRONG,
            _SIGNED,
        ),
        (mark("Add the right certificates under “Time stamps”, or ask those who run the authority."),),
    ),
    "timestamp.before-claim": (
        mark("The time of the signer and the time stamp contradict each other"),
        (mark("The signer claims {time}, and the time stamp over the signature is older."),),
        (mark("Go by the time stamp. The clock of the signer was wrong."),),
    ),
    "timestamp.out-of-order": (
        mark("The times of the time stamps contradict each other"),
        (mark("This one says {time}, but what it covers was stamped at {before} or later."),),
        (mark("One of the clocks was wrong. Do not rely on the earlier of the two times."),),
    ),
    "timestamp.revocation-not-checked": (
        mark("The certificate of the time-stamping authority was not checked for revocation"),
        (mark("You added this authority. Its time stamp is believed, and nothing was asked for that."),),
        (mark("If much depends on the time, ask the authority."),),
    ),
    "timestamp.client-certificate": (
        mark("The client certificate cannot be used"),
        (mark("The file is no PKCS#12 file with a key, or the password is not its password."), _SIGNED),
        (mark("Choose the file and enter its password anew under “Time stamps”."),),
    ),
    "timestamp.not-configured": (
        mark("No time-stamping authority is set"),
        (mark("This program contacts nobody until you add an authority."),),
        (mark("Add one under “Time stamps”, or with “jitsuin authority add”."),),
    ),
    "timestamp.unknown-authority": (
        mark("There is no authority of this name"),
        (mark("None of the authorities that were added is called “{name}”."), mark("Nobody was contacted.")),
        (mark("“jitsuin authority” tells their names."),),
    ),
    "timestamp.name-taken": (
        mark("There is an authority of this name already"),
        (mark("“{name}” stays as it is."), mark("Nothing was added.")),
        (mark("Choose another name, or remove that one first."),),
    ),
    "timestamp.name-missing": (
        mark("A time-stamping authority needs a name"),
        (mark("It has to hold signs that can be seen."), mark("Nothing was added.")),
        (mark("Enter what you want to call it."),),
    ),
    "keyring.unavailable": (
        mark("There is no place for passwords on this system"),
        (mark("The keyring of the system is missing or locked. The password was not stored."),),
        (mark("It will be asked for each time. To have it stored, unlock or set up the keyring of your system."),),
    ),
    "extension.nothing-signed": (
        mark("Nothing here can take a time stamp"),
        (mark("There is no signature, or none of a form that takes one, or each has one already."), _UNTOUCHED),
        (mark("Sign the document first."),),
    ),
    "extension.level-unsupported": (
        mark("Data for long-term validation can be added to PDF only"),
        (_UNTOUCHED,),
        (mark("Add a time stamp alone."),),
    ),
    "extension.not-intact": (
        mark("A signature in this file does not hold"),
        (mark("A time stamp would not mend it."), _UNTOUCHED),
        (mark("Ask the sender for the file again."),),
    ),
    "extension.not-confirmed": (
        mark("A signature in this file could not be confirmed"),
        (
            mark("Perhaps something that it covers is not beside it."),
            _UNTOUCHED,
        ),
        (mark("Put all files that belong together into one folder, under their own names, and try again."),),
    ),
    "extension.jpki-no-revocation": (
        mark("Data for long-term validation cannot be had for this signature"),
        (
            mark("J-LIS tells whether a certificate has been revoked to notified verifiers only, not to individuals."),
            _UNTOUCHED,
        ),
        (mark("A time stamp can be added. It proves that the signature existed before that time."),),
    ),
    "extension.no-revocation-data": (
        mark("Data for long-term validation is missing"),
        (
            mark("A certificate names no source that tells of its revocation, or none answered with what is needed."),
            _UNTOUCHED,
        ),
        (mark("Try again later, or add a time stamp alone."),),
    ),
    "extension.untrusted": (
        mark("The authority of a signer is not known here"),
        (mark("Which data is needed depends on the authority."), _UNTOUCHED),
        (mark("Give its certificate with --trust, or add a time stamp alone."),),
    ),
    "extension.revoked": (
        mark("A certificate has been revoked"),
        (mark("Data for long-term validation would prove that too."), _UNTOUCHED),
        (mark("Do not rely on the signature unless you know from elsewhere that it was made before."),),
    ),
    "extension.too-large": (
        mark("The time stamp is too large"),
        (mark("It does not fit into the room that a file has for it."), _SIGNED),
        (_SETTINGS,),
    ),
}
