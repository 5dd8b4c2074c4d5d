"""LightGBM beside PREDICT: a line of JSON asks, a line of JSON answers. lightgbm.ts starts it."""
import json
import os
import sys

# LightGBM prints its warnings to stdout, which carries the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def answer(value):
    print(json.dumps(value), file=answers, flush=True)


class Scorer:
    def open(self, model, matrix, width, threads):
        import lightgbm
        import numpy

        self.rows = numpy.fromfile(matrix, dtype=numpy.float32).reshape(-1, width)
        self.booster = lightgbm.Booster(model_file=model)
        self.threads = threads
        return {"version": lightgbm.__version__}

    def predict(self):
        self.booster.predict(self.rows, num_threads=self.threads)
        return {}

    def scores(self, rowCount):
        return {"scores": self.booster.predict(self.rows[:rowCount]).tolist()}


scorer = Scorer()
for line in sys.stdin:
    request = json.loads(line)
    operation = request.pop("op")
    try:
        answer(getattr(scorer, operation)(**request))
    except ImportError as error:
        answer({"absent": str(error)})
