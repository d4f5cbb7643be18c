"""Checks model files of giemsa from outside: ONNX's own full check, then every probability by ONNX Runtime.

    python check_model.py FOLDER MODEL PREDICTIONS [MODEL PREDICTIONS ...] > result.json

PREDICTIONS is what `giemsa classify FOLDER --model MODEL --format csv` printed. Every image of FOLDER must be in it; each is decoded
by Pillow, given to the model as raw pixels, and its probability compared. Prints the largest differences; exit status 1 where one
is above 1e-5. Needs onnx, onnxruntime, numpy, pillow.
"""

import argparse
import csv
import hashlib
import json
import platform
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import PIL
from PIL import Image

ENDINGS = {'.png', '.jpg', '.jpeg', '.webp', '.tif', '.tiff', '.bmp'}
LIMIT = 1e-5


def probabilities_of(model: Path, images: list) -> list:
    session = onnxruntime.InferenceSession(model, providers=['CPUExecutionProvider'])
    return [float(session.run(['probability'], {'image': image[None]})[0][0]) for image in images]


def predictions_of(path: Path) -> dict:
    with open(path, newline='', encoding='utf-8') as file:
        return {Path(row['file']): float(row['probability']) for row in csv.DictReader(file)}


def check(model: Path, predictions: Path, paths: list, images: list) -> dict:
    onnx.checker.check_model(onnx.load(model), full_check=True)
    ours = predictions_of(predictions)
    if set(ours) != set(paths):
        sys.exit(f'{predictions}: its {len(ours)} images are not the {len(paths)} of the folder')
    differences = [abs(theirs - ours[path]) for path, theirs in zip(paths, probabilities_of(model, images))]
    worst = int(np.argmax(differences))
    recipe = json.loads({p.key: p.value for p in onnx.load(model).metadata_props}['giemsa.recipe'])
    return {
        'model': model.name,
        'recipe': recipe['name'],
        'sha256': hashlib.sha256(model.read_bytes()).hexdigest(),
        'fullCheck': 'passed',
        'probabilities': [min(ours.values()), max(ours.values())],
        'worstDifference': differences[worst],
        'worstImage': paths[worst].name,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder', type=Path)
    parser.add_argument('files', type=Path, nargs='+', metavar='MODEL PREDICTIONS')
    arguments = parser.parse_args()
    if len(arguments.files) % 2:
        parser.error('each MODEL needs its PREDICTIONS')

    paths = sorted(p for p in arguments.folder.rglob('*') if p.suffix.lower() in ENDINGS)
    images = [np.asarray(Image.open(path).convert('RGB')) for path in paths]
    models = [check(*pair, paths, images) for pair in zip(arguments.files[::2], arguments.files[1::2])]
    sizes = [image.shape[:2] for image in images]
    commit = subprocess.run(['git', 'rev-parse', '--short', 'HEAD'], capture_output=True, text=True, cwd=Path(__file__).parent)
    print(json.dumps({
        'date': datetime.now(timezone.utc).date().isoformat(),
        'commit': commit.stdout.strip() or None,
        'versions': {
            'python': platform.python_version(),
            'onnxruntime': onnxruntime.__version__,
            'onnx': onnx.__version__,
            'numpy': np.__version__,
            'pillow': PIL.__version__,
        },
        'cells': {
            'count': len(images),
            'sizes': len(set(sizes)),
            'heights': [min(h for h, _ in sizes), max(h for h, _ in sizes)],
            'widths': [min(w for _, w in sizes), max(w for _, w in sizes)],
        },
        'limit': LIMIT,
        'models': models,
    }, indent=2))
    return int(not all(model['worstDifference'] <= LIMIT for model in models))


if __name__ == '__main__':
    sys.exit(main())
