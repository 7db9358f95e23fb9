"""Signing and verifying documents: everything that a script could use; the light parts of it come at once."""

from signing.document import Document, Kind
from signing.job import FailedFile, Rehearsal, SignedFile, SigningBatch, SigningJob, UnstampedFile, rehearse
from signing.note import Note
from signing.profile import Profile, default_profile
from signing.report import ValidationReport
from signing.trust import Trust
from signing.validation import exit_status, verify

__all__ = [
    "Document",
    "FailedFile",
    "Kind",
    "Note",
    "Profile",
    "Rehearsal",
    "SignedFile",
    "SigningBatch",
    "SigningJob",
    "Trust",
    "UnstampedFile",
    "ValidationReport",
    "default_profile",
    "exit_status",
    "rehearse",
    "verify",
]
