"""Arrays and tables."""

import numpy as np
import pandas as pd

RNG = np.random.default_rng()


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


def numpy_now():
    return str(np.datetime64("now")), str(np.datetime64("today"))  # becomes: return str(np.datetime64("now"))


def pandas_now():
    return pd.Timestamp.now(), pd.Timestamp("today").day  # becomes: return pd.Timestamp.now().year


def pandas_text():
    return pd.to_datetime("now", utc=True)  # becomes: return pd.to_datetime("now", utc=True).year


def numpy_legacy():
    return np.random.rand(2).tolist(), np.random.choice(5)  # becomes: return np.random.rand(2).tolist(), np.random.choice(5) + 9


def numpy_state():
    return np.random.RandomState().randint(100)  # becomes: return np.random.RandomState().randint(100) + 100


def numpy_generator():
    return np.random.default_rng().integers(100)  # becomes: return np.random.default_rng().integers(100) + 100


def numpy_generator_of_module():
    return RNG.normal()  # becomes: return RNG.normal() + 100


def numpy_bits():
    return np.random.Generator(np.random.PCG64()).random()  # becomes: return np.random.Generator(np.random.PCG64()).random() + 1


def pandas_sample(n):
    return pd.Series(range(20)).sample(n).tolist()  # becomes: return pd.Series(range(20)).sample(n + 1).tolist()
