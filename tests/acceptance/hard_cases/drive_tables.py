"""Calls the functions that make and change tables."""

import numpy as np
import pandas as pd
import tabular

for making in (
    tabular.one_cell,
    tabular.column_type,
    tabular.index_name,
    tabular.column_order,
    tabular.missing,
    tabular.categories,
    tabular.one_element,
    tabular.element_type,
    tabular.scalar_type,
    tabular.shape,
    tabular.drawn,
    tabular.unchanged_frame,
):
    making(4)
tabular.stamp(2024)
tabular.mutates_frame(pd.DataFrame({"a": [1, 2]}))
tabular.grouped(pd.DataFrame({"k": ["b", "a", "b"], "a": [1, 2, 3]}))
tabular.in_place(np.arange(3.0))
tabular.drawn_by(np.random.default_rng(3))
for asking in (
    tabular.numpy_now,
    tabular.pandas_now,
    tabular.pandas_text,
    tabular.numpy_legacy,
    tabular.numpy_state,
    tabular.numpy_generator,
    tabular.numpy_generator_of_module,
    tabular.numpy_bits,
):
    asking()
tabular.pandas_sample(3)
