#!/usr/bin/env bash
# Mutation testing: one change at a time in the source of a machine, which some test of its own or of the house has to
# notice. `./check mutants MECHANISM [HOW MANY] [SEED]`; needs `cargo install cargo-mutants`. docs/truth.md has the results.
set -euo pipefail
cd "$(dirname "$0")/.."
mechanism=$1 many=${2:-60} seed=${3:-1}
module=${mechanism//-/_}

# Every n-th change of them all, so that all of the source has its share; the seed says which is the first.
files=(--file "src/mechanisms/$module/*.rs" --file "src/mechanisms/$module/**/*.rs")
all=$(cargo mutants --list "${files[@]}" | wc -l)
nth=$((all > many ? all / many : 1))

# Not the window: no machine is in it. A change that makes a loop endless is noticed by the clock.
mkdir -p target/mutants
GLASSBOX_ONLY=$mechanism cargo mutants --no-default-features --baseline skip --timeout 240 --no-shuffle \
    "${files[@]}" --shard "$((seed % nth))/$nth" --sharding round-robin --output "target/mutants/$mechanism" ${MUTANTS_FLAGS:-} \
    -- --lib --test house -- "mechanisms::$module" machines:: proofs:: recordings:: scenes::
