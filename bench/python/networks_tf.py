"""The two networks of the bench in Keras: the starting project's, and a small residual network."""

import keras
from keras import layers

SIZES = {'seed': 150, 'residual': 80}


def seed() -> keras.Model:
    model = keras.Sequential([keras.Input((150, 150, 3))])
    for filters in (64, 32):
        model.add(layers.Conv2D(filters, 3, activation='relu'))
        model.add(layers.MaxPooling2D(4))
    model.add(layers.Flatten())
    for units in (256, 256, 128, 128, 64, 64):
        model.add(layers.Dense(units, activation='relu', kernel_regularizer=keras.regularizers.L2(1e-5)))
        model.add(layers.BatchNormalization(momentum=0.95, epsilon=0.005, gamma_initializer=keras.initializers.Constant(0.9)))
        model.add(layers.Dropout(0.3))
    model.add(layers.Dense(1))
    return model


def residual() -> keras.Model:
    def normalised(x, filters, kernel, stride=1):
        x = layers.Conv2D(filters, kernel, strides=stride, padding='same', use_bias=False)(x)
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)

    image = keras.Input((80, 80, 3))
    x = layers.ReLU()(normalised(image, 16, 3))
    for filters, stride in ((16, 1), (32, 2), (64, 2)):
        shortcut = x if stride == 1 else normalised(x, filters, 1, stride)
        y = layers.ReLU()(normalised(x, filters, 3, stride))
        x = layers.ReLU()(layers.Add()([normalised(y, filters, 3), shortcut]))
    return keras.Model(image, layers.Dense(1)(layers.GlobalAveragePooling2D()(x)))


BUILD = {'seed': seed, 'residual': residual}
