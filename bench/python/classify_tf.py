"""Whole process with TensorFlow: decodes images, stretches them by nearest neighbour, prints a probability a line.

    classify_tf.py --save seed.keras --network seed       # a model to load
    classify_tf.py seed.keras --threads 2 PATH...         # folders are read recursively
"""

import argparse
import os
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
if '--onednn' in sys.argv:
    os.environ['TF_ENABLE_ONEDNN_OPTS'] = '1'

import keras
import tensorflow as tf


def images_below(path: str) -> list:
    if os.path.isfile(path):
        return [path]
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names if name.endswith('.png'))


def classify(model, files: list) -> None:
    size = model.input_shape[1]

    def load(name):
        image = tf.io.decode_png(tf.io.read_file(name), channels=3)
        return tf.cast(tf.image.resize(image, (size, size), method='nearest'), tf.float32) / 255

    batches = tf.data.Dataset.from_tensor_slices(files).map(load, num_parallel_calls=tf.data.AUTOTUNE).batch(64).prefetch(tf.data.AUTOTUNE)
    predict = tf.function(lambda x: tf.sigmoid(model(x, training=False)), reduce_retracing=True)
    names = iter(files)
    for batch in batches:
        for (probability,) in predict(batch).numpy():
            print(next(names), probability)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('paths', nargs='*')
    parser.add_argument('--save')
    parser.add_argument('--network')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--onednn', action='store_true')
    options = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    if options.save:
        from networks_tf import BUILD

        BUILD[options.network]().save(options.save)
    else:
        model, *paths = options.paths
        classify(keras.models.load_model(model, compile=False), [file for path in paths for file in images_below(path)])
