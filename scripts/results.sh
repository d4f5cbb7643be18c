#!/bin/bash
# What docs/results/default has beside the runs themselves, made from them anew. Each step is also a line of docs/results/README.md.
#
#   npm run build && GIEMSA_DATA=DIR CELLS=cell_images scripts/results.sh [STEP ...]
#
# DIR has nih-meta/ (cells.csv, baseline-*.csv), iml-fields/, chula-fields/. Steps (all of them where none is named): relabelled, published,
# both, cost, ladder, model, sides.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${GIEMSA_DATA:?the folder with nih-meta, iml-fields and chula-fields}" "${CELLS:?the folder of the 27,558 cells}"
root=$PWD
cells=$(realpath "$CELLS")
meta=$(realpath "$GIEMSA_DATA")/nih-meta
results=$root/docs/results
own=$results/default
work=$root/.runs/results
mkdir -p "$work"

giemsa() { node "$root/dist/cli/main.js" "$@"; }
# Files are given by name, so that no folder of this machine stands in what is made.
linked() { for file in "$@"; do ln -sf "$file" "$work/"; done; cd "$work"; }

# labels: ours less the features' on the same folds
against() (
  linked "$meta/baseline-$1.csv" "$meta/cells.csv" "$own/cross-validation-$1.csv"
  giemsa compare "baseline-$1.csv" "cross-validation-$1.csv" --review cells.csv --format json > "$own/against-features-$1.json"
  node "$root/scripts/healthy-blood.mjs" --review cells.csv --folds 0,1,2,3,4 "baseline-$1.csv" "cross-validation-$1.csv" > "$own/healthy-against-features-$1.json"
)
relabelled() {
  against relabelled
  (linked "$meta/cells.csv" "$own/cross-validation-relabelled.csv"
    node "$root/scripts/indeterminate-bands.mjs" --review cells.csv cross-validation-relabelled.csv --out "$results/indeterminate-bands.json")
}
published() {
  against published
  (linked "$meta/baseline-published.csv" "$meta/cells.csv" "$own/cross-validation-published.csv"
    node "$root/scripts/patient-spread.mjs" cross-validation-published.csv baseline-published.csv > "$own/patient-spread-published.json"
    rm -rf labels
    giemsa dataset audit "$cells" --labels cross-validation-published.csv --review cells.csv --out labels > /dev/null
    cp labels/label-audit.json "$own/label-audit-published.json"
    gunzip -c "$results/default-third/cross-validation-published.csv.gz" > cross-validation-24.csv
    ln -sf cross-validation-published.csv cross-validation-32.csv
    giemsa compare cross-validation-24.csv cross-validation-32.csv --review cells.csv --format json > "$own/published-24-and-32-epochs.json")
}
both() (
  linked "$meta/cells.csv" "$own/cross-validation-published.csv" "$own/cross-validation-relabelled.csv"
  for folds in 0,1,2,3 4; do
    node "$root/scripts/healthy-blood.mjs" --review cells.csv --folds $folds cross-validation-published.csv cross-validation-relabelled.csv > "$own/training-labels$([ $folds = 4 ] && echo -frozen || true).json"
  done
)
cost() {
  node bench/cell-time.mjs --cells "$cells" --rounds 60 --out "$own/cell-time.json" models/default.onnx default seed docs/benchmark/rajaraman-2018.json > /dev/null
}
ladder() {
  milliseconds() { node -p "require('$own/cell-time.json').milliseconds['$1'].median.toFixed(2)"; }
  local of2018=docs/results/rajaraman-2018
  gunzip -c $of2018/cross-validation.csv.gz > "$work/2018.csv"
  gunzip -c $of2018/seed-split/predictions.csv.gz > "$work/2018-seed-split.csv"
  local networks=(
    --network "rajaraman-2018=docs/benchmark/rajaraman-2018.json,$work/2018-seed-split.csv,$work/2018.csv,$(milliseconds rajaraman-2018.json)"
    --network "seed=seed,docs/results/seed/1/predictions.csv,docs/results/seed/cross-validation.csv,$(milliseconds seed)"
    --network "default=default,docs/results/default/seed-split/predictions.csv,docs/results/default/cross-validation-published.csv,$(milliseconds default.onnx)"
  )
  node scripts/ladder.mjs --data "$cells" --baseline "$meta/baseline-published.csv" "${networks[@]}"
}
model() {
  node scripts/external-check.mjs
  node scripts/platelets.mjs --data "$cells" --review "$meta/cells.csv" --out "$own/platelets.json"
}
# A report wants the split beside the run.
sides() (
  cd "$work"
  rm -rf default by-cell.csv fold-0.csv
  giemsa dataset split "$cells" --by split-folders --seed 1337 --with-thumbs-db --out by-cell.csv > /dev/null
  giemsa dataset split "$cells" --folds "$root/docs/benchmark/folds.csv" --test-fold 0 --train-folds 1,2,3 --seed 1 --out fold-0.csv > /dev/null
  mkdir default
  cp -r "$own/seed-split" "$own/fold-0" default/
  cp by-cell.csv default/seed-split/split.csv
  cp fold-0.csv default/fold-0/split.csv
  giemsa compare default/seed-split default/fold-0 --format json > "$results/side-by-side-default.json"
  for run in seed-split fold-0; do
    rm -rf "default/$run/figures"
    giemsa report "default/$run" > /dev/null
    mkdir -p "$own/$run/figures"
    cp "default/$run"/figures/*.svg "$own/$run/figures/"
  done
)

for step in "${@:-all}"; do
  case $step in
    all) relabelled; published; both; cost; ladder; model; sides ;;
    relabelled | published | both | cost | ladder | model | sides) "$step" ;;
    *) echo "scripts/results.sh: no step $step" >&2; exit 2 ;;
  esac
done
