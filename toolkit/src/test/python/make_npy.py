"""Writes the NumPy files that NpyTest reads. Usage: make_npy.py OUT. Written with NumPy 2.x (the version stands in versions.txt)."""
import sys
from pathlib import Path

import numpy as np

OUT = Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
ramp = np.arange(24).reshape(2, 3, 4)
np.save(OUT / "float32.npy", (ramp / 8 - 1).astype("<f4"))
np.save(OUT / "float64.npy", (ramp / 8 - 1).astype("<f8"))
np.save(OUT / "int32.npy", (ramp - 12).astype("<i4"))
np.save(OUT / "int64.npy", (ramp - 12).astype("<i8") * 10_000_000_000)
np.save(OUT / "uint8.npy", (ramp * 11).astype("u1"))
np.save(OUT / "bool.npy", ramp % 3 == 0)
np.save(OUT / "fortran.npy", np.asfortranarray((ramp / 8 - 1).astype("<f8")))
np.save(OUT / "big-endian.npy", (ramp - 12).astype(">i4"))
np.save(OUT / "scalar.npy", np.float64(2.5))
np.save(OUT / "vector.npy", np.array([1.5, np.nan, -np.inf, -0.0], "<f4"))
np.save(OUT / "empty.npy", np.zeros((0, 3), "<f8"))
np.save(OUT / "int16.npy", ramp.astype("<i2"))
np.save(OUT / "object.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
with open(OUT / "version2.npy", "wb") as f:
    np.lib.format.write_array(f, (ramp - 12).astype("<i4"), version=(2, 0))
with open(OUT / "version3.npy", "wb") as f:
    np.lib.format.write_array(f, (ramp - 12).astype("<i4"), version=(3, 0))
np.savez(OUT / "plain.npz", weight=(ramp / 8 - 1).astype("<f4"), label=np.array([3, 1, 2]))
np.savez_compressed(OUT / "compressed.npz", weight=(ramp / 8 - 1).astype("<f4"), label=np.array([3, 1, 2]))
(OUT / "versions.txt").write_text(f"numpy {np.__version__}\n")
