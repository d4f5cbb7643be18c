"""Checks a model file of giemsa from outside: ONNX's own full check, then probabilities by ONNX Runtime.

    python check_model.py MODEL IMAGE_OR_FOLDER... > probabilities.csv

Prints `file,probability`, one line an image, decoded by Pillow. Needs onnx, onnxruntime, numpy, pillow.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from PIL import Image

ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"}


def images(paths):
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS)
        else:
            yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("images", nargs="*")
    arguments = parser.parse_args()

    onnx.checker.check_model(onnx.load(arguments.model), full_check=True)
    print("onnx.checker: full check passed", file=sys.stderr)

    session = onnxruntime.InferenceSession(arguments.model, providers=["CPUExecutionProvider"])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "probability"])
    for path in images(arguments.images):
        pixels = np.asarray(Image.open(path).convert("RGB"))[None]
        (probability,) = session.run(["probability"], {"image": pixels})[0]
        writer.writerow([path, repr(float(probability))])


if __name__ == "__main__":
    main()
