"""Writes lda.json: figures of scikit-learn's LinearDiscriminantAnalysis, for the test of the example `lda`.

    python tests/data/make_lda.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import PredefinedSplit, cross_val_score

HERE = Path(__file__).parent
table = np.loadtxt(HERE / "../../examples/data/wine.csv", delimiter=",", skiprows=1)
x, y = table[:, :-1], table[:, -1].astype(int)


def case(name, x, y):
    model = LinearDiscriminantAnalysis().fit(x, y)
    folds = cross_val_score(LinearDiscriminantAnalysis(), x, y, cv=PredefinedSplit(np.arange(len(y)) % 5))
    return dict(
        name=name,
        coefficients=model.coef_.tolist(),
        intercept=model.intercept_.tolist(),
        explained_variance_ratio=model.explained_variance_ratio_.tolist(),
        predicted=model.predict(x).tolist(),
        folds=folds.tolist(),
    )


constant = x.copy()
constant[:, 3] = 7.0  # no variance at all
dependent = x.copy()
dependent[:, 5] = 2 * x[:, 6] - x[:, 7]  # the rank is 12
cases = [
    case("wine", x, y),
    case("two classes", x[y < 2], y[y < 2]),
    case("constant", constant, y),
    case("dependent", dependent, y),
]
made = f"scikit-learn {sklearn.__version__}, numpy {np.__version__}"
lines = ",\n".join(json.dumps(case) for case in cases)
(HERE / "lda.json").write_text(f'{{"made_by": "{made}", "cases": [\n{lines}\n]}}\n')
