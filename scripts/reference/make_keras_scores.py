"""Scores of a small Keras network, in the form giemsa reads, and Keras' own metrics of them.

    .venv/bin/python scripts/reference/make_keras_scores.py     # stores test/fixtures/keras-scores

Labels are folder names, numbered by their order as `flow_from_directory` does: Parasitized 0, Uninfected 1. So the network's
output is the probability of Uninfected, and Keras' precision and recall are of Uninfected.
"""

import csv
import json
import os

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import keras
import numpy as np

from values import FIXTURES

CELLS, FEATURES = 300, 5
CLASSES = ('Parasitized', 'Uninfected')

random = np.random.RandomState(3)
classes = random.randint(0, 2, size=CELLS)
features = random.normal(classes[:, None] * 0.8, 1.0, size=(CELLS, FEATURES)).astype('float32')

keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((FEATURES,)), keras.layers.Dense(1, activation='sigmoid')])
model.compile(keras.optimizers.Adam(0.02), 'binary_crossentropy')
model.fit(features, classes, epochs=20, verbose=0)
# Rounded, so that there are ties; half a unit off the grid of 0.5, since Keras counts a score above it and giemsa one at it.
scores = np.round(model.predict(features, verbose=0)[:, 0].astype('float64') * 250).clip(1, 249) / 250 + 0.0005


def metric(m):
    m.update_state(classes, scores)
    return float(m.result())


distinct = np.unique(scores)
between = np.concatenate([[-1e-7], (distinct[1:] + distinct[:-1]) / 2, [1 + 1e-7]])
expected = {
    'keras': keras.__version__,
    'positive': CLASSES[1],
    # Keras' default takes the area at 200 thresholds; with one between any two scores it is exact.
    'aucAt200Thresholds': metric(keras.metrics.AUC()),
    'auc': metric(keras.metrics.AUC(thresholds=between[1:-1].tolist())),
    'precision': metric(keras.metrics.Precision()),
    'recall': metric(keras.metrics.Recall()),
    'accuracy': metric(keras.metrics.BinaryAccuracy()),
}

folder = FIXTURES / 'keras-scores'
folder.mkdir(parents=True, exist_ok=True)
with open(folder / 'predictions.csv', 'w', newline='') as file:
    writer = csv.writer(file, lineterminator='\n')
    writer.writerow(['name', 'label', 'patient', 'part', 'probability'])
    for i, (c, score) in enumerate(zip(classes, scores)):
        # Ten infected patients and five healthy ones.
        patient = f'P{i % 10 + 1}' if c == 0 or i % 3 else f'C{i % 5 + 1}'
        writer.writerow([f'{i}.png', CLASSES[c], patient, 'test', f'{score:.4f}'])
(folder / 'expected.json').write_text(json.dumps(expected, indent=1) + '\n')
