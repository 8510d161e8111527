"""Fuzzes one target: ``python -m fuzz.run TARGET [libFuzzer's options]``, in the folder ``tests``.

Needs atheris (``pip install atheris``), which is in none of the extras: it is built for few platforms. The
options are libFuzzer's, for example ``-runs=1000000 -max_len=600 -artifact_prefix=build/ CORPUS_FOLDER``. A
failure leaves its input as a file; ``python -m fuzz.run TARGET FILE`` runs it again.
"""

import sys

import atheris

with atheris.instrument_imports(include=["coder"]):
    from fuzz.targets import TARGETS


def main() -> None:
    """Run libFuzzer on the target that the command line names."""
    name = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if name not in TARGETS:
        raise SystemExit(f"which target? One of: {', '.join(TARGETS)}")
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
