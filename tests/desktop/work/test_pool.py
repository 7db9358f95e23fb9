"""The pool: it answers, and a process that hangs, crashes, grows, forks or calls out is ended and replaced."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.work.pool import GIBIBYTE, Pool, seconds_for
from signing.errors import (
    Cancelled,
    DocumentEncrypted,
    DocumentTooComplex,
    Unexpected,
    UserFacingError,
    WorkerStopped,
    WorkerTooSlow,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.close()


def process_number() -> int:
    return os.getpid()


def refuse() -> None:
    raise DocumentEncrypted


def fail() -> None:
    raise ValueError("/home/hanako/secret.pdf")


def hang() -> None:
    while True:
        pass


def hang_in_c() -> None:
    # Nothing of Python runs within: no handler of a signal either.
    sum(range(10**12))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave() -> None:
    sys.exit(0)


def close_all_pipes() -> None:
    os.closerange(3, 256)


def grow() -> int:
    return len(bytearray(2 * GIBIBYTE))


def fork() -> int:
    return os.fork()


def run_a_program() -> int:
    return subprocess.call(["true"])


def call_out(address: str) -> None:
    host, port = address.split(":")
    socket.create_connection((host, int(port)), timeout=5).close()


def look_up() -> None:
    socket.getaddrinfo("localhost", 80)


def test_errors_cross_the_border_as_they_are(pool: Pool) -> None:
    assert pool.call(process_number) not in (0, os.getpid())
    with pytest.raises(DocumentEncrypted):
        pool.call(refuse)


def test_a_defect_is_told_without_its_text(pool: Pool, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unexpected):
        pool.call(fail)
    assert "hanako" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("attack", "told"),
    [
        (hang, WorkerTooSlow),
        (hang_in_c, WorkerTooSlow),
        (os.abort, WorkerStopped),
        (die, WorkerStopped),
        (leave, Unexpected),
        (close_all_pipes, WorkerStopped),
        (grow, DocumentTooComplex),
        (fork, Unexpected),
        (run_a_program, Unexpected),
        (look_up, Unexpected),
    ],
)
def test_an_attack_costs_its_own_answer_alone(
    pool: Pool, attack: Callable[[], object], told: type[UserFacingError]
) -> None:
    attacked = pool.ask(attack, seconds=1.0)
    following = pool.ask(process_number)

    with pytest.raises(told):
        attacked.answer()
    assert following.answer() > 0


def test_it_reaches_no_network_not_even_this_computer(pool: Pool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        with pytest.raises(Unexpected):
            pool.call(call_out, f"{host}:{port}")
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are of Linux")
def test_libraries_in_c_are_cut_off_from_the_network_too(pool: Pool) -> None:
    namespace = Path("/proc/self/ns/net")
    if pool.call(Path.readlink, namespace) == namespace.readlink():
        pytest.skip("this system lets nobody make a network namespace")
    assert [line.split(":")[0].strip() for line in pool.call(_interfaces)] == ["lo"]


def _interfaces() -> list[str]:
    return Path("/proc/self/net/dev").read_text().splitlines()[2:]


def test_a_process_killed_while_idle_is_replaced(pool: Pool) -> None:
    first = pool.call(process_number)
    os.kill(first, signal.SIGKILL)

    assert pool.call(process_number) != first


def test_what_is_stopped_frees_the_process(pool: Pool) -> None:
    question = pool.ask(hang)
    while not question.running:
        time.sleep(0.01)
    question.stop()

    with pytest.raises(Cancelled):
        question.answer()
    assert pool.call(process_number) > 0


def test_closing_ends_every_wait() -> None:
    pool = Pool()
    running, waiting = pool.ask(hang), pool.ask(process_number)
    while not running.running:
        time.sleep(0.01)

    pool.close()

    for question in (running, waiting):
        with pytest.raises(Cancelled):
            question.answer()


def test_a_large_file_may_take_longer_in_proportion(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    for path, size in ((small, 10_000), (large, 200 << 20)):
        with path.open("wb") as file:
            file.truncate(size)

    assert seconds_for(small) == seconds_for(tmp_path / "gone") == 20
    assert seconds_for(large) == 80


def test_no_module_of_the_current_folder_is_run(tmp_path: Path) -> None:
    """Python looks there first when it is started with -c, as multiprocessing starts it."""
    for name in ("threading", "pickle", "signal", "lxml"):
        (tmp_path / f"{name}.py").write_text("import os; os.write(2, b'planted'); os._exit(9)")
    program = (
        f"import sys; sys.path[:1] = [{str(ROOT)!r}]\n"
        "from desktop.app import main\n"
        f"sys.exit(main(['verify', {str(ROOT / 'resources/practice/practice-notice.xml')!r}]))"
    )

    done = subprocess.run([sys.executable, "-P", "-c", program], cwd=tmp_path, capture_output=True, text=True)

    assert "planted" not in done.stderr
    assert done.returncode == 4  # not signed
