"""Arrays, scalars and random generators of numpy: exact, readable, the same text for the same array."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legacy_seam.values import Allow, DecodeError, NotAllowed, StandIn, decode, encode, fingerprint

np: Any = pytest.importorskip("numpy")
extra: Any = pytest.importorskip("hypothesis.extra.numpy")

HERE = Allow.for_modules(__name__)
MANY = 300


def bits(array: Any) -> bytes:
    content: bytes = array.tobytes()
    return content


def back(value: Any) -> Any:
    made = decode(encode(value), allow=HERE)
    assert encode(made) == encode(value)
    return made


ARRAYS = [
    np.array([[1.0, 2.0], [3.0, -0.0]]),
    np.array([0.1, 1e-45, np.inf], "f4"),
    np.array([0.1, 6e-8], "f2"),
    np.array([True, False]),
    np.array(2**64 - 1, "u8"),
    np.zeros((0, 3)),
    np.zeros((2, 0), "i1"),
    np.array([1 + 2j, -0.5j]),
    np.array([0.1 + 0.7j], "c8"),
    np.array(["a", "bcd", "\n'é"]),
    np.array([b"x\x00y", b""]),
    np.array(["2024-01-31T10:00", "NaT"], "M8[ns]"),
    np.array(["2024-01-31", "1900-05-01"], "M8[W]"),
    np.array([5, "NaT"], "m8[h]"),
    np.arange(6, dtype=">i4"),
    np.asfortranarray(np.arange(6).reshape(2, 3)),
    np.arange(MANY, dtype=">f8"),
    np.arange(MANY).reshape(3, 100),
    np.array(["2024-01-31"] * MANY, "M8[D]"),
    np.array([(1, 2.5), (3, 4.5)], [("a", "i4"), ("b", "f8")]),
    np.array([(1, 2.5)] * MANY, [("a", "i4"), ("b", "f8")]),
    np.array([(1, [1.5, 2])], [("a", "i1"), ("b", "f8", (2,))]),
    np.array([b"\x00\x01"], "V2"),
]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype}-{array.shape}")
def test_an_array_comes_back_bit_by_bit(array: Any) -> None:
    made = back(array)
    assert type(made) is np.ndarray
    assert (made.dtype, made.shape) == (array.dtype, array.shape)
    assert bits(made) == bits(array)
    assert made.flags.fnc == array.flags.fnc


@given(extra.arrays(extra.scalar_dtypes(), extra.array_shapes(min_dims=0, min_side=0, max_side=20)))
@settings(max_examples=150, deadline=None)
def test_every_array_comes_back(array: Any) -> None:
    if array.dtype.itemsize == 0 or array.dtype.char in "gG":  # padding of long doubles is anything
        return
    made = back(array)
    assert (made.dtype, made.shape) == (array.dtype, array.shape)
    magnitude = made if array.dtype.kind not in "fc" else np.where(made == made, made, 0)
    assert bits(magnitude) == bits(array if array.dtype.kind not in "fc" else np.where(array == array, array, 0))
    assert np.array_equal(made != made, array != array)


def test_an_array_without_axes_keeps_the_bits_of_a_nan() -> None:
    odd = np.array([0x7FC00001], "u4").view("f4").reshape(())

    made = back(odd)

    assert made.shape == ()
    assert made.view("u4") == 0x7FC00001


def test_small_arrays_are_read_like_numbers() -> None:
    assert encode(np.array([[1.0, 2.0], [3.0, np.nan]])) == "np.array([[1.0, 2.0], [3.0, nan]], dtype='float64')"
    assert encode(np.array([0.1], "f4")) == "np.array([0.1], dtype='float32')"
    assert encode(np.array(["2024-01-31"], "M8[ns]")) == "np.array(['2024-01-31'], dtype='datetime64[ns]')"


def test_large_arrays_have_a_head_and_few_lines_change_with_an_element() -> None:
    before, after = np.arange(1000.0), np.arange(1000.0)
    after[400] = -1
    old, new = encode(before).split("\n"), encode(after).split("\n")
    assert "    head=[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]," in old
    assert len(old) == len(new)
    assert sum(one != other for one, other in zip(old, new, strict=True)) == 1


def test_a_nan_with_bits_of_its_own_keeps_them_whatever_the_size_of_the_array() -> None:
    odd = np.array([0x7FF8000000000123, 0x7FF0000000000001], "u8").view("f8")
    assert bits(back(odd)) == bits(odd)
    odd = np.array([0x7FC00001], "u4").view("f4")
    assert bits(back(odd)) == bits(odd)


def test_the_sign_of_a_plain_nan_says_nothing() -> None:
    assert encode(np.array([-np.nan])) == encode(np.array([np.nan]))


def test_objects_in_an_array_are_written_one_by_one() -> None:
    array = np.array([1, "x", None, [1, 2], np.float64(2)], dtype=object)
    assert encode(array) == "np.array([1, 'x', None, [1, 2], np.float64(2.0)], dtype='object')"
    assert back(array).tolist() == array.tolist()
    table = np.array([[[1], "x"], [None, 2]], dtype=object)
    assert back(table).shape == (2, 2)


def test_an_array_that_is_met_twice_is_one_array() -> None:
    array = np.arange(3)
    one, other = back([array, array])
    assert one is other


def test_what_lies_between_fields_does_not_show() -> None:
    aligned = np.dtype([("a", "i1"), ("b", "f8")], align=True)
    texts = set()
    for filling in (0, 255):
        raw = np.full(aligned.itemsize * MANY, filling, "u1").view(aligned)
        raw["a"], raw["b"] = 1, 2.5
        texts.add(encode(raw))
        assert back(raw)["b"].tolist() == [2.5] * MANY
    assert len(texts) == 1


def test_masked_arrays_keep_mask_and_filling() -> None:
    array = np.ma.array([1, 2, 3], mask=[0, 1, 0], fill_value=-7)
    made = back(array)
    assert made.tolist() == [1, None, 3]
    assert made.fill_value == -7
    assert decode(encode(np.ma.masked)) is np.ma.masked


def test_looking_at_a_masked_array_does_not_change_its_text() -> None:
    array = np.ma.array([1, 2], mask=[0, 1])
    before = encode(array)
    assert array.fill_value
    assert encode(array) == before


SCALARS = [
    np.float64(1.5),
    np.float32(0.1),
    np.float16(0.1),
    np.int32(-4),
    np.uint64(2**64 - 1),
    np.bool_(True),
    np.str_("x"),
    np.bytes_(b"x"),
    np.complex64(0.1j),
    np.longdouble("0.1"),
    np.datetime64("2024-01-31T10:00", "ns"),
    np.datetime64("2024-01-31", "25s"),
    np.datetime64("NaT", "D"),
    np.timedelta64(5, "D"),
    np.array([(1, 2.5)], [("a", "i4"), ("b", "f8")])[0],
    np.dtype("f4"),
    np.dtype([("a", "i4", (2,)), ("b", "U5")]),
]


@pytest.mark.parametrize("value", SCALARS, ids=repr)
def test_a_scalar_comes_back_with_its_type(value: Any) -> None:
    made = back(value)
    assert type(made) is type(value)
    assert made == value or value != value
    assert getattr(made, "dtype", None) == getattr(value, "dtype", None)


def test_scalars_are_not_numbers_of_python() -> None:
    assert (
        encode([np.float64(1.0), 1.0, np.int64(1), np.True_])
        == "[np.float64(1.0), 1.0, np.int64(1), np.bool(True)]"
    )


def test_functions_and_types_of_numpy_are_handed_about_by_name() -> None:
    assert decode(encode([np.sin, np.mean, np.float64])) == [np.sin, np.mean, np.float64]


@pytest.mark.parametrize("name", ["save", "savetxt", "load", "fromfile", "test"])
def test_functions_of_numpy_that_touch_files_are_not_to_be_had(name: str) -> None:
    with pytest.raises(DecodeError):
        decode(f"np.function({name!r})")


def test_random_generators_go_on_where_they_were() -> None:
    modern, old = np.random.default_rng(3), np.random.RandomState(3)
    modern.random(5), old.normal()
    made, made_old = back(modern), back(old)
    assert made.random() == modern.random()
    assert made.spawn(1)[0].random() == modern.spawn(1)[0].random()
    assert made_old.normal() == old.normal()


@pytest.mark.parametrize("name", ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"])
def test_every_source_of_bits_comes_back(name: str) -> None:
    bits_of = getattr(np.random, name)(5)
    bits_of.random_raw(3)
    assert back(bits_of).random_raw(4).tolist() == bits_of.random_raw(4).tolist()


class Signal(np.ndarray):  # type: ignore[misc]
    """A subclass that must not be asked for anything while it is read."""

    unit: str
    is_read = False

    def __array_finalize__(self, other: object) -> None:
        assert not Signal.is_read

    def __array__(self, *args: object, **kwargs: object) -> Any:
        raise AssertionError

    def __getitem__(self, key: object) -> Any:
        raise AssertionError

    def tolist(self) -> Any:
        raise AssertionError

    @property
    def dtype(self) -> Any:
        raise AssertionError


def test_a_subclass_runs_no_code_of_its_own_and_keeps_its_attributes() -> None:
    signal = np.arange(3).view(Signal)
    signal.unit = "V"
    Signal.is_read = True
    try:
        text = encode(signal)
        fingerprint((signal,))
    finally:
        Signal.is_read = False
    assert text == f"{__name__}:Signal(np.array([0, 1, 2], dtype='int64'), unit='V')"
    made: Any = decode(text, allow=HERE)
    assert type(made) is Signal
    assert made.unit == "V"


def test_matrices_and_records_are_what_they_were() -> None:
    for value in (np.array([[1, 2]]).view(np.matrix), np.rec.array([(1, 2.0)], names="a,b")):
        made = back(value)
        assert type(made) is type(value)
        assert made.tolist() == value.tolist()


def test_nothing_of_numpy_is_warned_of_or_set_by_writing() -> None:
    before = np.geterr(), np.get_printoptions()
    with np.errstate(all="raise"):
        for array in (*ARRAYS, np.array([np.nan, 1e-45, 3e38], "f4"), np.array([0x7F800001], "u4").view("f4")):
            assert not isinstance(decode(encode(array)), StandIn)
    assert (np.geterr(), np.get_printoptions()) == before


@pytest.mark.parametrize(
    "text",
    [
        "np.array(dtype='object', shape=(1,), head=[], base64='AAAAAAAAAAA=')",
        "np.array(dtype=[('a', 'object')], shape=(1,), head=[], base64='AAAAAAAAAAA=')",
        "np.array(dtype='float64', shape=(9,), head=[], base64='AAAAAAAAAAA=')",
        "np.array(dtype='float64', shape=(1,), head=[], base64='?')",
        "np.array([1], dtype='O4; import os')",
        "np.array([[1], [1, 2]], dtype='int64')",
        "np.ufunc('mean')",
    ],
)
def test_a_text_that_nobody_wrote_makes_nothing(text: str) -> None:
    with pytest.raises(DecodeError):
        decode(text)


def test_classes_of_numpy_that_open_files_are_not_to_be_had() -> None:
    with pytest.raises(NotAllowed):
        decode("numpy:memmap(1)")


def test_the_text_is_the_same_in_every_process() -> None:
    program = (
        "import numpy as np, hashlib; from legacy_seam.values import encode;"
        "value = {'a': np.linspace(0, 1, 500), 'b': np.array([0.1, 1/3], 'f4'), 'c': np.array([{'x', 'y'}, 1])};"
        "print(hashlib.sha256(encode(value).encode()).hexdigest())"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


@given(extra.arrays("f8", 5, elements=st.floats()), st.integers(0, 4), st.floats())
@settings(deadline=None)
def test_the_fingerprint_tells_what_the_text_tells(array: Any, place: int, number: float) -> None:
    other = array.copy()
    other[place] = number
    if encode(array) != encode(other):
        assert fingerprint((array,)) != fingerprint((other,))
    assert fingerprint((array,)) == fingerprint((array.copy(),))
    assert fingerprint((array,)) != fingerprint((array.view("i8"),))
