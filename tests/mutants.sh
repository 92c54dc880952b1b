#!/usr/bin/env bash
# Mutation testing: one change at a time in the source of a machine, which some test of its own or of the house has to
# notice. `./check mutants MECHANISM [HOW MANY] [SEED]`; needs `cargo install cargo-mutants`. docs/truth.md has the results.
set -euo pipefail
cd "$(dirname "$0")/.."
mechanism=$1 many=${2:-60} seed=${3:-1}
module=${mechanism//-/_}

# The same numbers pick the same changes.
picked=$(cargo mutants --list --file "src/mechanisms/$module/*.rs" --file "src/mechanisms/$module/**/*.rs" |
    shuf --random-source=<(yes "$seed") | head -n "$many")
pattern=$(sed 's/[][\\.*^$+?(){}|/]/\\&/g' <<<"$picked" | paste -sd '|')

# Not the window: no machine is in it. A change that makes a loop endless is noticed by the clock.
GLASSBOX_ONLY=$mechanism cargo mutants --no-default-features --baseline skip --timeout 240 --no-shuffle \
    --re "^($pattern)\$" --output "target/mutants/$mechanism" ${MUTANTS_FLAGS:-} \
    -- --lib --test house -- "mechanisms::$module" machines:: proofs:: recordings:: scenes::
