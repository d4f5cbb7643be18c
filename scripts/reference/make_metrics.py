"""Metrics by scikit-learn, for src/evaluation/metrics.test.ts.

python scripts/reference/make_metrics.py > test/fixtures/metrics.json   (scikit-learn)

Where scikit-learn gives 0 or NaN with a warning because a figure is not defined (0 / 0), the answer is null.
"""

import json
import warnings

from scipy.optimize import minimize
from scipy.special import expit, logit

import numpy as np
import sklearn
from sklearn import metrics

warnings.filterwarnings("ignore")
rng = np.random.default_rng(7)


def ratio(value, denominator):
    return None if denominator == 0 else float(value)


def ece(y, p, bins=15):
    edges = np.linspace(0, 1, bins + 1)
    index = np.clip(np.digitize(p, edges) - 1, 0, bins - 1)
    return float(
        sum(
            np.mean(index == b) * abs(p[index == b].mean() - y[index == b].mean())
            for b in range(bins)
            if np.any(index == b)
        )
    )


def answers(y, p, threshold):
    n = len(y)
    called = (p >= threshold).astype(int)
    tn, fp, fn, tp = (int(v) for v in metrics.confusion_matrix(y, called, labels=[0, 1]).ravel())
    both = len(set(y.tolist())) == 2
    fpr, tpr, thresholds = metrics.roc_curve(y, p, drop_intermediate=False)
    return {
        "rocAuc": metrics.roc_auc_score(y, p) if both else None,
        "prAuc": ratio(metrics.average_precision_score(y, p), y.sum()),
        "accuracy": metrics.accuracy_score(y, called),
        "balancedAccuracy": metrics.balanced_accuracy_score(y, called) if both else None,
        "sensitivity": ratio(metrics.recall_score(y, called), tp + fn),
        "specificity": ratio(metrics.recall_score(y, called, pos_label=0), tn + fp),
        "ppv": ratio(metrics.precision_score(y, called), tp + fp),
        "npv": ratio(metrics.precision_score(y, called, pos_label=0), tn + fn),
        "f1": ratio(metrics.f1_score(y, called), 2 * tp + fp + fn),
        "mcc": ratio(metrics.matthews_corrcoef(y, called), (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
        "brier": metrics.brier_score_loss(y, p, pos_label=1) if both else float(np.mean((p - y) ** 2)),
        "ece": ece(y, p),
        "counts": {"tp": tp, "tn": tn, "fp": fp, "fn": fn},
        "calibration": calibration(y, p),
        # The first of the highest (rounded, so that ties are ties); roc_curve goes from the highest threshold
        # (inf: none) down.
        "youden": float(thresholds[1:][np.argmax(np.round(tpr - fpr, 12)[1:])]) if both else None,
    }


def case(name, y, p, threshold=0.5):
    y, p = np.asarray(y, dtype=int), np.asarray(p, dtype=float)
    return {
        "name": name,
        "labels": y.tolist(),
        "probabilities": p.tolist(),
        "threshold": threshold,
        "expected": answers(y, p, threshold),
    }


def calibration(y, p):
    """Slope and intercept of Cox: the logistic regression of the label on the logit, without penalty."""
    if len(set(y.tolist())) < 2:
        return None
    x = logit(np.clip(p, 2**-24, 1 - 2**-24))
    low, high = x[y == 1], x[y == 0]
    if not (high.max() > low.min() and low.max() > high.min()):
        return None  # a threshold separates the labels: no finite slope

    def loss(w):
        z = w[0] * x + w[1]
        return np.logaddexp(0, np.where(y == 1, -z, z)).sum()

    def gradient(w):
        d = expit(w[0] * x + w[1]) - y
        return np.array([d @ x, d.sum()])

    def hessian(w):
        v = expit(w[0] * x + w[1])
        v = v * (1 - v)
        return np.array([[v @ (x * x), v @ x], [v @ x, v.sum()]])

    w = minimize(loss, [0, 0], jac=gradient, hess=hessian, method="trust-exact", options={"gtol": 1e-9}).x
    for _ in range(3):
        w = w - np.linalg.solve(hessian(w), gradient(w))
    return {"slope": float(w[0]), "intercept": float(w[1])}


cases = []
for i in range(175):
    n = int(rng.integers(2, 60))
    y = (rng.random(n) < rng.uniform(0.05, 0.95)).astype(int)
    p = np.clip(rng.normal(0.35 + 0.3 * y, rng.uniform(0.05, 0.4)), 0, 1)
    # Ties: scores rounded to a few levels in two cases of three.
    if i % 3:
        p = np.round(p, 1 if i % 3 == 1 else 2)
    cases.append(case(f"random {i}", y, p, round(float(rng.uniform(0.05, 0.95)), 2)))

one = np.array([0, 1, 0, 1, 1])
cases += [
    case("perfect", one, [0.1, 0.9, 0.2, 0.8, 0.7]),
    case("all wrong", one, [0.9, 0.1, 0.8, 0.2, 0.3]),
    case("all scores the same", one, [0.5] * 5),
    case("all called parasitized", one, [0.6, 0.7, 0.8, 0.9, 0.95]),
    case("all called uninfected", one, [0.1, 0.2, 0.3, 0.4, 0.05]),
    case("parasitized only", [1, 1, 1], [0.2, 0.6, 0.9]),
    case("uninfected only", [0, 0, 0], [0.2, 0.6, 0.9]),
    case("one parasitized cell", [1], [0.7]),
    case("one uninfected cell", [0], [0.7]),
    case("scores of 0 and 1", [0, 1, 1, 0], [0.0, 1.0, 0.0, 1.0]),
    case("at the threshold is parasitized", [0, 1], [0.5, 0.5]),
    case("threshold 0", one, [0.0, 0.9, 0.2, 0.8, 0.7], 0.0),
    case("threshold 1", one, [0.0, 1.0, 0.2, 0.8, 0.7], 1.0),
    case("one parasitized among many", [1] + [0] * 30, [0.4] + [0.01 * k for k in range(30)], 0.3),
    case("one uninfected among many", [0] + [1] * 30, [0.4] + [1 - 0.01 * k for k in range(30)], 0.3),
    case("all in one tie but one", [0, 1, 0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5, 0.5, 0.9], 0.6),
    case("ties of both labels at every score", [0, 1] * 6, [k / 6 for k in range(6) for _ in range(2)], 0.5),
    case("edges of the calibration bins", [0, 1] * 8, [k / 15 for k in range(16)], 0.5),
    case("differences in the last bit", [0, 1, 1, 0], [0.3, 0.30000000000000004, 0.1, 0.1 + 2**-56], 0.3),
    case("tiny probabilities", [1, 0, 1, 0, 0], [1e-12, 1e-13, 3e-9, 1e-9, 0.0], 1e-9),
    case("near 1", [1, 0, 1, 0, 1], [1 - 1e-12, 1 - 1e-9, 1.0, 0.999, 0.9999], 0.9995),
    case("threshold between scores", one, [0.2, 0.9, 0.4, 0.8, 0.6], 0.45),
    case("worse than chance", [1, 1, 0, 0, 1, 0], [0.1, 0.3, 0.2, 0.8, 0.4, 0.9]),
    case("two cells, right", [0, 1], [0.2, 0.8]),
    case("two cells, wrong", [1, 0], [0.2, 0.8]),
]
assert len(cases) == 200, len(cases)
print(json.dumps({"scikitLearn": sklearn.__version__, "cases": cases}, separators=(",", ":")))
