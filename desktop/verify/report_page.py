"""A validation report in words, for the page that people keep or pass on. Free of Qt."""

from collections.abc import Iterable, Sequence

from desktop.messages import _, describe, language, plain, shown_moment, three_rows, verdict_sentence
from desktop.words.formatting import before_stop
from desktop.words.time import timestamp_in_words
from signing.export.page import FileSection, Page, SignatureSection, Statement
from signing.report import Problem, SignatureReport, ValidationReport


def page_of(reports: Sequence[ValidationReport]) -> Page:
    """Everything that the window says of these files. Addresses and birth dates of signers are not in it."""
    return Page(
        title=_("Result of the verification"),
        language=language(),
        introduction=_("Judged as of {moment}, without a network.").format(moment=shown_moment(reports[0].moment))
        if reports
        else "",
        files=tuple(map(_file, reports)),
        notes=(
            _("This page says what the program established on one computer at one moment. It is not signed itself."),
        ),
    )


def _file(report: ValidationReport) -> FileSection:
    return FileSection(
        title=plain(str(report.path)),
        sentence=verdict_sentence(report),
        problems=tuple(map(_problem, report.problems)),
        facts=(("SHA-256", report.sha256),) if report.sha256 else (),
        signatures=tuple(map(_signature, report.signatures)),
    )


def _signature(signature: SignatureReport) -> SignatureSection:
    return SignatureSection(
        title=plain(signature.name),
        statements=tuple(Statement(row.subject, row.statement, row.tone) for row in three_rows(signature)),
        problems=tuple(map(_problem, signature.problems)),
        facts=tuple(_facts(signature)),
    )


def _problem(problem: Problem) -> str:
    return f"{describe(problem).text} [{problem.code}]"


def _facts(signature: SignatureReport) -> Iterable[tuple[str, str]]:
    stated = " / ".join(filter(None, (signature.indication, signature.sub_indication)))
    yield _("ETSI EN 319 102-1"), stated
    yield _("Format"), " ".join(filter(None, (signature.format, signature.level)))
    if signature.signature_algorithm:
        yield _("Algorithm"), signature.signature_algorithm
    if signature.timestamp:
        yield from timestamp_in_words(signature.timestamp)
    for certificate in signature.certification_path:
        yield (
            _("Certificate"),
            _("Issuer: {issuer}. SHA-256: {digest}").format(
                issuer=before_stop(plain(certificate.issuer)), digest=certificate.sha256
            ),
        )
