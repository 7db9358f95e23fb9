"""A document as its maker meant it: through the stylesheet that came with it, in a process that can be ended.

A stylesheet is a program by a stranger. Here it reads nothing but the document, writes nothing, reaches nothing, and
ends when its time or its memory is over; what it makes is reduced to text, tables and looks before anybody sees it.
"""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from lxml import etree

from signing import errors
from signing.xml.sanitising import sanitised

_CONTEXT = multiprocessing.get_context("spawn")
_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_PATIENCE = 15.0  # seconds, the start of the process included
_CPU = 10  # seconds
_MEMORY = 512 << 20  # bytes
_LARGEST_DOCUMENT = 8 << 20
_LARGEST_STYLESHEET = 2 << 20
_LARGEST_FORM = 8 << 20
_DEPTH = 500


def rendered(document: bytes, stylesheet: bytes) -> str:
    """A whole page of HTML without scripts, links or anything from outside.

    Raises StylesheetFailed: it is no stylesheet, wants what it may not have, or does not come to an end.
    """
    if len(document) > _LARGEST_DOCUMENT or len(stylesheet) > _LARGEST_STYLESHEET:
        raise errors.StylesheetFailed
    with _helper(document, stylesheet) as answer:
        try:
            page = answer.recv() if answer.poll(_PATIENCE) else None
        except EOFError:  # it ended without a word: out of time or memory
            page = None
    if not isinstance(page, str):
        raise errors.StylesheetFailed
    return page


@contextmanager
def _helper(document: bytes, stylesheet: bytes) -> Iterator[Connection]:
    # A daemon may have no children, because it could die before them; this one is ended a few lines below.
    multiprocessing.current_process().daemon = False
    answer, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_serve, args=(theirs, document, stylesheet), name="stylesheet")
    process.start()
    theirs.close()
    try:
        yield answer
    finally:
        process.kill()
        process.join()
        process.close()
        answer.close()


def _serve(answer: Connection, document: bytes, stylesheet: bytes) -> None:
    _limit()
    try:
        page = sanitised(_transformed(document, stylesheet))
    except (etree.LxmlError, ValueError, RecursionError, MemoryError, errors.StylesheetFailed):
        answer.send(None)
    else:
        answer.send(page if len(page) <= _LARGEST_FORM else None)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows, where the time alone is limited
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU, _CPU))
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _transformed(document: bytes, stylesheet: bytes) -> str:
    program = _parsed(stylesheet)
    # Both are loaded while a stylesheet is compiled, when its access control is not asked yet.
    if program.find(f".//{_XSL}import") is not None or program.find(f".//{_XSL}include") is not None:
        raise errors.StylesheetFailed
    etree.XSLT.set_global_max_depth(_DEPTH)
    transform = etree.XSLT(program, access_control=etree.XSLTAccessControl.DENY_ALL)
    result = transform(_parsed(document))
    if result.getroot() is None:
        raise errors.StylesheetFailed
    return str(etree.tostring(result.getroot(), encoding="unicode", method="html"))


def _parsed(content: bytes) -> etree._Element:
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False, huge_tree=False)
    parser.resolvers.add(_Nothing())
    return etree.fromstring(content, parser)


class _Nothing(etree.Resolver):  # type: ignore[misc]  # the library has no types
    """Whatever is asked for is not there: a second wall behind the access control."""

    def resolve(self, system_url: str, public_id: str, context: object) -> object:
        raise etree.LxmlError("nothing is loaded")
