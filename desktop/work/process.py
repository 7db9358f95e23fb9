"""How a helper process begins, and what it must not do once it has met a stranger's file."""

import contextlib
import ctypes
import multiprocessing.context
import multiprocessing.resource_tracker
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

# What helper processes begin with, besides all that this one began with.
ENVIRONMENT = {
    "PYTHONSAFEPATH": "1",
    # For the trees of large documents: large pages that lie in one place and come many at once, and no heaps of small
    # pieces that are swept up later (glibc; no other library looks).
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1:glibc.malloc.top_pad=16777216"
    ":glibc.malloc.mxfast=0",
}
_NICE = 5  # a third of a processor for which a window competes
_BELOW_NORMAL = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS of SetPriorityClass
_changing = threading.Lock()


class _Process(multiprocessing.context.SpawnProcess):
    def start(self) -> None:
        with _environment():
            super().start()


class Context(multiprocessing.context.SpawnContext):
    """Starts Python anew, because a fork of a process with threads and Qt would be half a process.

    It never looks for modules in the current folder, where a stranger's archive may have been unpacked.
    """

    Process = _Process

    def __init__(self) -> None:
        super().__init__()
        if os.name == "posix":
            with _environment():  # locks need a process of their own, which Python would start without asking
                multiprocessing.resource_tracker.ensure_running()


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    # For this moment alone: other programs that are started from here may rely on their own folder.
    with _changing:
        before = {name: os.environ.get(name) for name in ENVIRONMENT}
        os.environ.update(ENVIRONMENT)
        try:
            yield
        finally:
            for name, value in before.items():
                del os.environ[name]
                if value is not None:
                    os.environ[name] = value


def limit_memory(size: int) -> None:
    """Let this process allocate no more than `size` bytes, where the system can limit it; leave no core dump."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_DATA, size), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def give_way() -> None:
    """Let other processes have the processors first: a window that waits for one does not answer its person."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_NICE)


def confine() -> None:
    """Cut this process off from every network and every other program, for the rest of its life."""
    if sys.platform == "linux":
        _leave_network()
    sys.addaudithook(_refuse)


_NETWORK = frozenset(
    f"socket.{call}"
    for call in ("bind", "connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo")
)
_PROGRAMS = frozenset(
    ("subprocess.Popen", *(f"os.{call}" for call in ("system", "exec", "fork", "forkpty", "posix_spawn", "spawn")))
)
_HERE = ("127.0.0.1", "::1")


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _PROGRAMS or (event in _NETWORK and not _is_own_pipe(event, arguments)):
        raise PermissionError(event)


def _is_own_pipe(event: str, arguments: tuple[object, ...]) -> bool:
    """Windows has no pairs of sockets: asyncio, which pyHanko uses, makes one through its own address."""
    if os.name != "nt" or event not in ("socket.bind", "socket.connect"):
        return False
    address = arguments[1]
    return isinstance(address, tuple) and address[0] in _HERE


_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of unshare(2)


def _leave_network() -> None:
    """Enter a network namespace without any interface, where the system allows that; libraries in C are in it too."""
    unshare = ctypes.CDLL(None).unshare
    user, group = os.getuid(), os.getgid()
    # Root would lose the right to read the files of others with a namespace of users.
    if unshare(_NEW_NETWORK) != 0 and user != 0 and unshare(_NEW_USER | _NEW_NETWORK) == 0:
        for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with contextlib.suppress(OSError):
                Path("/proc/self", name).write_text(line)
