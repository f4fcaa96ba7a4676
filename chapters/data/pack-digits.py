#!/usr/bin/env python3
"""Makes digits.bin from the digits that scikit-learn ships (a copy of the UCI test set).

    pip download scikit-learn --no-deps && python3 pack-digits.py scikit_learn-*.whl

Source: Alpaydin and Kaynak 1998, Optical Recognition of Handwritten Digits, UCI Machine Learning
Repository, https://doi.org/10.24432/C50P49, licence CC BY 4.0. Changes: the images are shuffled
with a fixed seed and packed, for each image one byte with its label and then 64 grey levels
(0 to 16) of five bits, most significant bit first: 41 bytes an image, 1797 images. The first 500
are the test set.
"""
import gzip, sys, zipfile
import numpy as np

with zipfile.ZipFile(sys.argv[1]) as wheel:
    text = gzip.decompress(wheel.read("sklearn/datasets/data/digits.csv.gz")).decode()
rows = np.array([[float(v) for v in line.split(",")] for line in text.split()], dtype=int)
assert rows.shape == (1797, 65) and rows[:, :64].min() == 0 and rows[:, :64].max() == 16
packed = bytearray()
for row in rows[np.random.RandomState(0).permutation(len(rows))]:
    packed.append(row[64])
    bits = "".join(format(level, "05b") for level in row[:64])
    packed += int(bits, 2).to_bytes(40, "big")
with open("digits.bin", "wb") as out:
    out.write(packed)
