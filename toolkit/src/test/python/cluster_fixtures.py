"""Clusters and nearest neighbours by scikit-learn, for lemma.probe.

    python cluster_fixtures.py ../resources/lemma/probe/cluster.json
"""
import json
import sys

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.neighbors import KNeighborsClassifier

rng = np.random.default_rng(3)
centres = 2.5 * rng.standard_normal((5, 4))
labels = rng.integers(0, 5, 300)
x = centres[labels] + rng.standard_normal((300, 4))
queries = centres[rng.integers(0, 5, 700)] + rng.standard_normal((700, 4))
fit = KMeans(5, n_init=200, tol=0, random_state=0).fit(x)
out = {
    "versions": {"numpy": np.__version__, "sklearn": sklearn.__version__},
    "x": x.tolist(), "y": labels.tolist(), "queries": queries.tolist(),
    "inertia": fit.inertia_, "centres": fit.cluster_centers_.tolist(), "clusters": fit.predict(queries).tolist(),
    "neighbours_1": KNeighborsClassifier(1).fit(x, labels).predict(queries).tolist(),
    "neighbours_6": KNeighborsClassifier(6).fit(x, labels).predict(queries).tolist(),
}
with open(sys.argv[1], "w") as f:
    json.dump(out, f)
    f.write("\n")
print(out["versions"])
