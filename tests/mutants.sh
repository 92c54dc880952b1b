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

# Not the window: no machine is in it. First the machine's own tests, then the house's, then the whole of them; what one
# has noticed is not asked again. A change that makes a loop endless is noticed by the clock.
mkdir -p target/mutants
try() {
    GLASSBOX_ONLY=$mechanism cargo mutants --no-default-features --baseline skip --no-shuffle "${files[@]}" \
        --shard "$((seed % nth))/$nth" --sharding round-robin --output "target/mutants/$mechanism" ${MUTANTS_FLAGS:-} "$@" || true
}
house=(--test house -- machines:: proofs:: recordings:: scenes:: budgets::)
try --timeout 60 -- --lib -- "mechanisms::$module"
try --iterate --timeout 240 -- "${house[@]}"
GLASSBOX_FULL=1 try --iterate --timeout 1200 -- "${house[@]}"
