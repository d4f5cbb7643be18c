"""Packs the cells of the 160 search patients, fitted at a scale onto square images, into JPEG sheets for search.py.

pack.py CELL_IMAGES NIH_META OUT SIZE SCALE    (NIH_META: cells.csv and folds.csv; rounds 1 and 2: 112 .7, round 3: 64 .4)
"""

import csv, io, sys, os, numpy as np
from PIL import Image
from multiprocessing import Pool

root, meta, out_folder, S, scale = *sys.argv[1:4], int(sys.argv[4]), float(sys.argv[5])
fold = {r["patient"]: int(r["fold"]) for r in csv.DictReader(open(meta + "/folds.csv"))}
rows = [r for r in csv.DictReader(open(meta + "/cells.csv")) if fold[r["patient"]] < 4]


def fit(r):
    d = "Parasitized" if r["label"] == "parasitized" else "Uninfected"
    n = r["name"] if r["name"].endswith(".png") else r["name"] + ".png"
    im = Image.open(f"{root}/{d}/{n}").convert("RGB")
    s = min(scale, S / im.width, S / im.height)
    w, h = max(1, round(im.width * s)), max(1, round(im.height * s))
    im = im.resize((w, h), Image.BILINEAR)
    out = Image.new("RGB", (S, S))
    out.paste(im, ((S - w) // 2, (S - h) // 2))
    return np.asarray(out)


if __name__ == "__main__":
    with Pool(2) as p:
        cells = p.map(fit, rows, chunksize=64)
    os.makedirs(out_folder, exist_ok=True)
    tot = 0
    per = 256
    for i in range(0, len(cells), per):
        c = cells[i : i + per]
        c += [np.zeros((S, S, 3), np.uint8)] * (per - len(c))
        sheet = np.concatenate([np.concatenate(c[j * 16 : (j + 1) * 16], 1) for j in range(16)], 0)
        b = io.BytesIO()
        Image.fromarray(sheet).save(b, "JPEG", quality=90, subsampling=0, optimize=True)
        open(f"{out_folder}/{i//per:03d}.jpg", "wb").write(b.getvalue())
        tot += len(b.getvalue())
    ps = sorted({r["patient"] for r in rows})
    pi = {p: i for i, p in enumerate(ps)}
    np.savez_compressed(
        f"{out_folder}/meta.npz",
        size=S,
        label=np.array([r["label"] == "parasitized" for r in rows]),
        dis=np.array([r["review"] == "disagrees" for r in rows]),
        pat=np.array([pi[r["patient"]] for r in rows]),
        healthy=np.array([r["patient"].startswith("C") for r in rows]),
        fold=np.array([fold[r["patient"]] for r in rows]),
        name=np.array([r["name"] for r in rows]),
    )
    print(len(rows), tot / 1e6, "MB")
