#!/usr/bin/env python3
"""Mutation testing: one change at a time in the source of a machine, which some test has to notice.

`./check mutants MECHANISM [HOW MANY] [SEED]`. cargo-mutants (`cargo install cargo-mutants`) lists the changes; those of
a seeded draw are made one after another, and taken back. Runs that merely differ from those that are known count last. With
GLASSBOX_FULL=1 what nobody notices is asked of a thousand runs. docs/truth.md has the results.
"""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Not the window: no machine is in it.
CARGO = ["cargo", "test", "--quiet", "--no-default-features"]
SAMPLE = ["machines::", "proofs::a_", "proofs::draws", "proofs::what", "scenes::every_story", "scenes::laws"]
HOUSE = ["machines::", "proofs::", "recordings::", "scenes::"]


def stages(module):
    """What is asked, the quickest first: name, arguments of `cargo test`, the whole or a sample, seconds it may take."""
    house = ["--test", "house", "--"]
    yield "recordings", [*house, "recordings::"], False, 120
    yield "house", [*house, *SAMPLE], False, 300
    yield "own tests", ["--lib", "--", f"mechanisms::{module}"], False, 120
    # Last, so that the counts tell what those who know what is right have noticed.
    yield "known runs", [*house, "trails::"], True, 120
    if os.environ.get("GLASSBOX_FULL") == "1":
        yield "house, the whole", [*house, *HOUSE], True, 1800


def run(arguments, mechanism, whole, seconds):
    """Whether the tests pass; `None` if it does not compile. What takes for ever has not passed."""
    env = {**os.environ, "GLASSBOX_ONLY": mechanism, "GLASSBOX_FULL": "1" if whole else "0"}
    build = subprocess.run([*CARGO, "--no-run", *arguments[: arguments.index("--")]], cwd=ROOT, env=env, capture_output=True)
    if build.returncode != 0:
        return None
    tests = subprocess.Popen([*CARGO, *arguments], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        return tests.wait(timeout=seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        # An endless loop would outlive cargo, and this program when it is stopped.
        if tests.poll() is None:
            os.killpg(tests.pid, signal.SIGKILL)
            tests.wait()


def noticed(mutant, mechanism, module):
    """The stage that notices a change; `None` if it does not compile, "" if nothing notices."""
    path = ROOT / mutant["file"]
    source = path.read_text()
    try:
        subprocess.run(["patch", "-s", "-p0"], input=mutant["diff"], text=True, check=True, cwd=ROOT)
        for name, arguments, whole, seconds in stages(module):
            passes = run(arguments, mechanism, whole, seconds)
            if passes is None:
                return None
            if not passes:
                return name
        return ""
    finally:
        path.write_text(source)


def main():
    mechanism = sys.argv[1]
    many, seed = (int(word) for word in (sys.argv[2:4] + ["60", "1"][len(sys.argv) - 2 :]))
    module = mechanism.replace("-", "_")
    listed = ["cargo", "mutants", "--list", "--json", "--diff", "--file", f"src/mechanisms/{module}/**/*.rs"]
    mutants = json.loads(subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout)
    random.Random(seed).shuffle(mutants)
    counts = {}
    for mutant in mutants:
        stage = noticed(mutant, mechanism, module)
        if stage is None:
            continue
        counts[stage] = counts.get(stage, 0) + 1
        print(f"{stage or 'SURVIVES':18} {mutant['name']}", flush=True)
        if sum(counts.values()) == many:
            break
    print(f"{mechanism}: {sum(counts.values()) - counts.pop('', 0)} of {many} noticed, by {counts}")


if __name__ == "__main__":
    # Stopped from outside, it takes back the change that it is trying.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
