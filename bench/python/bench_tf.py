"""Worker: TensorFlow/Keras, as it comes or with `--onednn`. A step is one tf.function: forward, loss with penalty, gradients, Adam.

`--avx2` holds oneDNN to what processors without AVX-512 run.
"""

import os
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
# Left alone, TensorFlow turns oneDNN on only for processors with AVX-512 and newer; on others it must be asked for.
if '--onednn' in sys.argv:
    os.environ['TF_ENABLE_ONEDNN_OPTS'] = '1'

if '--avx2' in sys.argv:
    os.environ['ONEDNN_MAX_CPU_ISA'] = 'AVX2'

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.util import _pywrap_util_port

from networks_tf import BUILD, SIZES
from protocol import serve


def build(request):
    tf.config.threading.set_intra_op_parallelism_threads(request['threads'])
    tf.config.threading.set_inter_op_parallelism_threads(request['threads'])
    size, batch = SIZES[request['network']], request['batch']
    random = np.random.RandomState(0)
    images = tf.constant(random.rand(batch, size, size, 3).astype(np.float32))
    targets = tf.constant((np.arange(batch) % 2).astype(np.float32)[:, None])
    model = BUILD[request['network']]()
    optimiser = keras.optimizers.Adam(1e-3)
    optimiser.build(model.trainable_variables)

    @tf.function
    def train(x, y):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, logits))
            if model.losses:
                loss += tf.add_n(model.losses)
        variables = model.trainable_variables
        optimiser.apply(tape.gradient(loss, variables), variables)
        return loss

    @tf.function
    def predict(x):
        return tf.sigmoid(model(x, training=False))

    return {'train': lambda: train(images, targets).numpy(), 'predict': lambda: predict(images).numpy()}[request['op']]


if __name__ == '__main__':
    serve(build, {
        'tensorflow': tf.__version__, 'keras': keras.__version__, 'python': sys.version.split()[0],
        'oneDNN': str(_pywrap_util_port.IsMklEnabled()).lower(),
    })
