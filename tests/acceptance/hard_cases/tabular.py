"""Arrays and tables."""

import numpy as np
import pandas as pd


def one_cell(n):
    frame = pd.DataFrame({"a": range(1000), "b": [f"row {i % n}" for i in range(1000)]})
    frame.loc[777, "a"] = 5  # becomes: frame.loc[777, "a"] = 6
    return frame


def column_type(n):
    return pd.DataFrame({"a": np.arange(n, dtype="int64")})  # becomes: return pd.DataFrame({"a": np.arange(n, dtype="int32")})


def index_name(n):
    return pd.DataFrame({"a": [n]}).rename_axis("id")  # becomes: return pd.DataFrame({"a": [n]}).rename_axis("key")


def column_order(n):
    return pd.DataFrame({"a": [n], "b": [1]})  # becomes: return pd.DataFrame({"b": [1], "a": [n]})


def missing(n):
    return pd.Series([n, None], dtype="object")  # becomes: return pd.Series([n, float("nan")], dtype="object")


def mutates_frame(frame):
    frame["total"] = frame["a"] * 2  # becomes: frame["total"] = frame["a"] * 2.0


def grouped(frame):
    return frame.groupby("k")["a"].sum()  # becomes: return frame.groupby("k", sort=False)["a"].sum()


def categories(n):
    return pd.Categorical(["x", "y"], categories=["x", "y", "z"])  # becomes: return pd.Categorical(["x", "y"], categories=["x", "z", "y"])


def stamp(year):
    return pd.Timestamp(year, 1, 1, tz="UTC")  # becomes: return pd.Timestamp(year, 1, 1)


def one_element(n):
    values = np.zeros(1000)
    values[900] = n  # becomes: values[901] = n
    return values


def element_type(n):
    return np.array([n], dtype="float64")  # becomes: return np.array([n], dtype="float32")


def scalar_type(n):
    return np.float64(n)  # becomes: return float(n)


def shape(n):
    return np.ones((2, n))  # becomes: return np.ones((n, 2))


def in_place(values):
    values *= 2  # becomes: values += values + 1


def drawn(n):
    return np.random.rand(n)  # becomes: return np.random.rand(n) + 1e-15


def drawn_by(generator):
    return generator.integers(10)  # becomes: return generator.integers(1000)


def unchanged_frame(n):
    return pd.DataFrame({"a": range(n), "b": pd.date_range("2024-01-01", periods=n)})
