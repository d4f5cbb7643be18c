"""Gradient boosting by scikit-learn, for src/evaluation/gradient-boosting.test.ts.

python scripts/reference/make_boosting.py > test/fixtures/boosting.json   (scikit-learn)

Columns of whole numbers (fewer than 255 distinct values), of quarters, and of many values, which are cut at quantiles.
"""

import json

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(3)


def case(n, options):
    x = np.column_stack(
        [rng.integers(60, 200, n), np.round(rng.normal(0, 3, n) * 4) / 4, np.round(rng.normal(size=n), 4)]
    ).astype(float)
    score = 0.02 * (x[:, 0] - 130) + np.sin(x[:, 1]) + x[:, 2] * (x[:, 0] > 150)
    y = (rng.random(n) < 1 / (1 + np.exp(-score))).astype(int)
    fit = n * 2 // 3
    model = HistGradientBoostingClassifier(
        early_stopping=False,
        max_iter=options["trees"],
        learning_rate=options["rate"],
        max_leaf_nodes=options["leaves"],
        min_samples_leaf=options["leastRows"],
        max_bins=options["bins"],
    ).fit(x[:fit], y[:fit])
    p = model.predict_proba(x[fit:])[:, 1]
    return {
        "options": options,
        "fitRows": fit,
        "rows": x.tolist(),
        "labels": y.tolist(),
        "probabilities": [float(f"{v:.9g}") for v in p],
        "rocAuc": float(roc_auc_score(y[fit:], p)),
    }


cases = [
    case(300, {"trees": 100, "rate": 0.1, "leaves": 31, "leastRows": 20, "bins": 255}),
    case(900, {"trees": 30, "rate": 0.2, "leaves": 8, "leastRows": 5, "bins": 64}),
    case(60, {"trees": 20, "rate": 0.3, "leaves": 4, "leastRows": 3, "bins": 16}),
]
print(json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}, separators=(",", ":")))
