"""Gives one entry point bytes that nobody would write, guided by which lines they reach.

    .venv/bin/python tests/fuzzing/fuzz.py pdf --seconds 600
    .venv/bin/python tests/fuzzing/fuzz.py pdf --again FILE      what was found, once more

What ends it: an exception, a judgement that must not be, more than 20 seconds or more than a gibibyte for one input.
The input then lies in the folder that is printed.
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, help="end after so many, begun with the same seed: always the same ones")
    parser.add_argument("--folder", type=Path, help="where seeds and findings go, and what was reached is kept")
    parser.add_argument("--again", type=Path, help="a file that was found")
    asked = parser.parse_args()

    import atheris

    folder = asked.folder or Path(tempfile.mkdtemp(prefix="jitsuin-fuzzing-"))
    corpus, work = folder / f"corpus-{asked.target}", folder / "work"
    for each in (corpus, work):
        each.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.CRITICAL)  # libraries remark on what they repair
    with atheris.instrument_imports(include=["signing"], enable_loader_override=False):
        from targets import TARGETS

        target = TARGETS[asked.target](work)
        for name, seed in target.seeds.items():  # much is imported only when it is needed
            (corpus / name).write_bytes(seed)
            target.check(seed)
    if asked.again:
        target.check(asked.again.read_bytes())
        return 0
    options = {
        **({"runs": asked.runs, "seed": 1} if asked.runs else {"max_total_time": asked.seconds}),
        "timeout": 20,
        "rss_limit_mb": 1024,
        "max_len": 2 * max(map(len, target.seeds.values())),
        "artifact_prefix": f"{folder}/",
        "print_final_stats": 1,
    }
    print(f"findings go to {folder}", file=sys.stderr, flush=True)
    atheris.Setup([sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus)], target.check)
    atheris.Fuzz()  # ends the process
    return 1


if __name__ == "__main__":
    sys.exit(main())
