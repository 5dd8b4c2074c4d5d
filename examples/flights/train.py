# Trains the demo's model on real flights and writes it as an MLflow model with an ONNX flavor, beside
# the predictions that scoring in SQL must agree with. load.ts makes the table it is scored on.
#
# Needs scikit-learn, skl2onnx, onnx, mlflow-skinny, duckdb, pandas; see README.md for versions.
#   python train.py <path of vega-datasets' flights-3m.parquet>

import json
import shutil
import sys
from pathlib import Path

import duckdb
import mlflow.onnx
import numpy as np
from mlflow.models import ModelSignature
from mlflow.types import DataType, Schema, TensorSpec
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

here = Path(__file__).parent
source = sys.argv[1]

# The columns of the table that load.ts fills. Delays beyond four hours are cut: they are rare and
# some are errors of entry (-1116 minutes).
rows = duckdb.sql(f"""
    SELECT month(date)::BIGINT AS month, isodow(date)::BIGINT AS weekday,
           (hour(date) * 60 + minute(date))::BIGINT AS departure,
           distance::FLOAT AS distance, origin, destination,
           least(greatest(delay, -60), 240)::FLOAT AS delay
    FROM (SELECT *, row_number() OVER () AS n FROM '{source}')
    WHERE n % 15 = 0
""").df()
features = ["month", "weekday", "departure", "distance", "origin", "destination"]
train, test = rows[rows.month < 6], rows[rows.month >= 6]

busiest = 40


def airports(column):
    return sorted(train[column].value_counts().index[:busiest])


encode = OneHotEncoder(
    categories=[airports("origin"), airports("destination")],
    handle_unknown="ignore",
    sparse_output=False,
    dtype=np.float32,
)
model = Pipeline([
    ("columns", ColumnTransformer(
        [("airports", encode, ["origin", "destination"])], remainder="passthrough")),
    ("trees", GradientBoostingRegressor(
        n_estimators=120, max_depth=5, learning_rate=0.1, subsample=0.5, random_state=7)),
])
model.fit(train[features], train["delay"])


def judge(name, predicted):
    actual = test["delay"]
    print(f"{name:8} rmse {root_mean_squared_error(actual, predicted):6.2f}"
          f"  mae {mean_absolute_error(actual, predicted):6.2f}  r2 {r2_score(actual, predicted):6.3f}")


print(f"{len(train)} flights of January to May, judged on {len(test)} of June")
judge("mean", np.full(len(test), train["delay"].mean()))
judge("model", model.predict(test[features]))

kinds = {"origin": StringTensorType, "destination": StringTensorType, "distance": FloatTensorType}
initial = [(name, kinds.get(name, Int64TensorType)([None, 1])) for name in features]
onnx_model = to_onnx(model, initial_types=initial, target_opset={"": 17, "ai.onnx.ml": 3},
                     final_types=[("delay", FloatTensorType([None, 1]))])

dtypes = {"origin": np.dtype(str), "destination": np.dtype(str), "distance": np.dtype(np.float32)}
signature = ModelSignature(
    inputs=Schema([TensorSpec(dtypes.get(name, np.dtype(np.int64)), (-1, 1), name)
                   for name in features]),
    outputs=Schema([TensorSpec(np.dtype(np.float32), (-1, 1), "delay")]),
)
target = here / "model"
shutil.rmtree(target, ignore_errors=True)
mlflow.onnx.save_model(onnx_model, str(target), signature=signature)

sample = test.sample(500, random_state=7)
expected = [
    {**{name: row[name] for name in features}, "expected": float(predicted)}
    for row, predicted in zip(sample.to_dict("records"), model.predict(sample[features]))
]
lines = ",\n  ".join(json.dumps(row) for row in expected)
(here / "expected.json").write_text(f"[\n  {lines}\n]\n")
print("model", (target / "model.onnx").stat().st_size, "bytes")
