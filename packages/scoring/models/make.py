"""Trains small models on data that ships with scikit-learn (openly licensed) and writes them as ONNX.

    python -m venv venv && venv/bin/pip install scikit-learn skl2onnx onnx onnxmltools lightgbm xgboost
    venv/bin/python packages/scoring/models/make.py

The tests read the committed .onnx files; nothing else needs Python.
"""
import pathlib

import lightgbm as lgb
import numpy as np
import onnx
import onnxmltools
import pandas as pd
import xgboost as xgb
from onnxmltools.convert.common.data_types import FloatTensorType as MlFloat
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import FloatTensorType, DoubleTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.ensemble import (ExtraTreesRegressor, GradientBoostingClassifier, GradientBoostingRegressor,
                              HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder,
                                   RobustScaler, StandardScaler)
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

# skl2onnx 1.20 hands numpy booleans to protobuf, which takes none (missing directions of histogram trees).
plain_attribute = onnx.helper.make_attribute


def attribute_without_booleans(key, value, *rest, **named):
    if not isinstance(value, (str, bytes)) and hasattr(value, "__iter__"):
        value = [int(v) if isinstance(v, (bool, np.bool_)) else v for v in value]
    return plain_attribute(key, value, *rest, **named)


onnx.helper.make_attribute = attribute_without_booleans
HERE = pathlib.Path(__file__).parent
OPSET = {"": 18, "ai.onnx.ml": 3}
rng = np.random.default_rng(7)


def data(load):
    x, y = load(return_X_y=True)
    return x.astype(np.float32), y


def save(name, model):
    del model.metadata_props[:]
    path = HERE / f"{name}.onnx"
    raw = model.SerializeToString()
    path.write_bytes(raw)
    print(f"{name:34s} {len(raw):7d}  {' '.join(sorted({n.op_type for n in model.graph.node}))}")


def skl(name, model, x, types=None, **options):
    opts = {id(model): options} if options else None
    types = types or [("input", FloatTensorType([None, x.shape[1]]))]
    save(name, convert_sklearn(model, initial_types=types, target_opset=OPSET, options=opts))


def scalar_inputs(x, names):
    return [(n, FloatTensorType([None, 1])) for n in names]


diabetes, bmi = data(load_diabetes)
cancer, malign = data(load_breast_cancer)
iris, species = data(load_iris)
wine, cultivar = data(load_wine)
names = np.array(["setosa", "versicolor", "virginica"])[species]

skl("linear-diabetes", LinearRegression().fit(diabetes, bmi), diabetes)
skl("linear-two-targets", Ridge().fit(diabetes, np.stack([bmi, -2 * bmi], 1)), diabetes)
skl("logistic-cancer", make_pipeline(StandardScaler(), LogisticRegression()).fit(cancer, malign), cancer)
iris_logistic = LogisticRegression(max_iter=1000).fit(iris, names)
skl("logistic-iris-names", iris_logistic, iris, zipmap=False)
skl("logistic-iris-zipmap", iris_logistic, iris)
for kind, scaler in [("minmax", MinMaxScaler(clip=True)), ("robust", RobustScaler()), ("maxabs", MaxAbsScaler()),
                     ("normalizer", Normalizer())]:
    skl(f"scaled-{kind}", make_pipeline(scaler, Ridge()).fit(diabetes, bmi), diabetes)

skl("tree-diabetes", DecisionTreeRegressor(max_leaf_nodes=12, random_state=1).fit(diabetes, bmi), diabetes)
skl("tree-iris", DecisionTreeClassifier(max_depth=4, random_state=1).fit(iris, species), iris, zipmap=False)
skl("forest-diabetes", RandomForestRegressor(12, max_leaf_nodes=60, random_state=1).fit(diabetes, bmi), diabetes)
skl("forest-deep", ExtraTreesRegressor(2, random_state=1).fit(diabetes, bmi), diabetes)
skl("forest-wine", RandomForestClassifier(10, max_depth=5, random_state=1).fit(wine, cultivar), wine, zipmap=False)
skl("forest-cancer", RandomForestClassifier(10, max_depth=5, random_state=1).fit(cancer, malign), cancer, zipmap=False)
skl("boosting-diabetes", GradientBoostingRegressor(n_estimators=30, random_state=1).fit(diabetes, bmi), diabetes)
skl("boosting-cancer", GradientBoostingClassifier(n_estimators=20, random_state=1).fit(cancer, malign), cancer, zipmap=False)
skl("boosting-iris", GradientBoostingClassifier(n_estimators=8, random_state=1).fit(iris, names), iris, zipmap=False)
holes = diabetes.copy()
holes[rng.random(holes.shape) < 0.15] = np.nan
skl("hist-boosting-missing", HistGradientBoostingRegressor(max_iter=20, random_state=1).fit(holes, bmi), diabetes)
skl("mlp-diabetes", make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(16, 8), max_iter=400, random_state=1)).fit(diabetes, bmi), diabetes)
skl("mlp-iris-tanh", MLPClassifier(hidden_layer_sizes=(8,), activation="tanh", max_iter=600, random_state=1).fit(iris, species), iris, zipmap=False)
skl("mlp-cancer-logistic", make_pipeline(StandardScaler(), MLPClassifier(hidden_layer_sizes=(6,), activation="logistic", max_iter=300, random_state=1)).fit(cancer, malign), cancer, zipmap=False)
skl("svm-iris", SVC(random_state=1).fit(iris, species), iris)

# A table with one scalar column per input: numbers with holes, an integer code, text.
count = 600
table = {
    "age": rng.normal(40, 12, count).astype(np.float32),
    "income": rng.lognormal(10, 1, count).astype(np.float32),
    "visits": rng.integers(0, 5, count),
    "city": rng.choice(["Delft", "Leiden", "Gouda", "Zwolle"], count),
}
table["age"][rng.random(count) < 0.1] = np.nan
target = np.nan_to_num(table["age"], nan=30) * 0.1 + np.log(table["income"]) + (table["city"] == "Delft") * 3 + table["visits"]
table_types = [("age", FloatTensorType([None, 1])), ("income", FloatTensorType([None, 1])),
               ("visits", Int64TensorType([None, 1])), ("city", StringTensorType([None, 1]))]
frame = pd.DataFrame(table)


def columns():
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    return ColumnTransformer([("n", numbers, ["age", "income"]),
                              ("c", OneHotEncoder(handle_unknown="ignore"), ["visits"]),
                              ("s", OneHotEncoder(handle_unknown="ignore"), ["city"])])


skl("pipeline-ridge", make_pipeline(columns(), Ridge()).fit(frame, target), None, table_types)
skl("pipeline-boosting", make_pipeline(columns(), GradientBoostingRegressor(n_estimators=20)).fit(frame, target), None, table_types)
high = np.where(target > np.median(target), "high", "low")
pipe = make_pipeline(columns(), LogisticRegression(max_iter=500)).fit(frame, high)
save("pipeline-logistic", convert_sklearn(pipe, initial_types=table_types, target_opset=OPSET, options={id(pipe): {"zipmap": False}}))
ordinal = ColumnTransformer([("n", "passthrough", ["income"]), ("s", OrdinalEncoder(), ["city"])])
skl("pipeline-ordinal-tree", make_pipeline(ordinal, DecisionTreeRegressor(max_leaf_nodes=20)).fit(frame[["income", "city"]], target), None, [table_types[1], table_types[3]])
named = pd.DataFrame(diabetes[:, :4], columns=["age", "sex", "bmi", "bp"])
skl("scalar-inputs-boosting", make_pipeline(ColumnTransformer([("all", "passthrough", list(named))]), GradientBoostingRegressor(n_estimators=15)).fit(named, bmi), None, scalar_inputs(named, list(named)))
skl("double-linear", LinearRegression().fit(diabetes.astype(np.float64), bmi), None, [("input", DoubleTensorType([None, 10]))])

def booster(name, model, width, convert):
    save(name, convert(model, initial_types=[("input", MlFloat([None, width]))], target_opset=15))

quiet = dict(verbose=-1, random_state=1)
booster("lightgbm-diabetes", lgb.LGBMRegressor(n_estimators=25, num_leaves=15, **quiet).fit(holes, bmi), 10, onnxmltools.convert_lightgbm)
booster("lightgbm-cancer", lgb.LGBMClassifier(n_estimators=15, num_leaves=15, **quiet).fit(cancer, malign), 30, onnxmltools.convert_lightgbm)
booster("lightgbm-wine", lgb.LGBMClassifier(n_estimators=10, num_leaves=7, **quiet).fit(wine, cultivar), 13, onnxmltools.convert_lightgbm)
coded = np.stack([rng.integers(0, 8, count), rng.normal(size=count)], 1).astype(np.float32)
coded_y = np.where(np.isin(coded[:, 0], [1, 4, 6]), 2.0, -1.0) + coded[:, 1]
booster("lightgbm-categorical", lgb.LGBMRegressor(n_estimators=8, num_leaves=8, min_data_per_group=5, cat_smooth=1, **quiet).fit(coded, coded_y, categorical_feature=[0]), 2, onnxmltools.convert_lightgbm)
booster("xgboost-diabetes", xgb.XGBRegressor(n_estimators=20, max_depth=4, random_state=1).fit(holes, bmi), 10, onnxmltools.convert_xgboost)
booster("xgboost-cancer", xgb.XGBClassifier(n_estimators=15, max_depth=3, random_state=1).fit(cancer, malign), 30, onnxmltools.convert_xgboost)
booster("xgboost-iris", xgb.XGBClassifier(n_estimators=8, max_depth=3, random_state=1).fit(iris, species), 4, onnxmltools.convert_xgboost)
