"""Recorded calls as rows to learn from: inputs as they were before the call, and what came of it.

| file | what it knows |
|---|---|
| `samples` | recordings as samples, one after the other |
| `logged` | a prediction log as samples |
| `labels` | what really happened, joined by key and time |
| `columns` | what is in each column |
| `splitting` | which rows are for training, for choosing and for the last word |
| `leaks` | columns that know what a model is to find out |
| `formats` | rows as JSON lines, CSV and Parquet, and back |
| `manifest` | where a dataset comes from |
| `exporting` | all of it, in two passes |
| `loading` | a dataset as a recipe gets it |
"""
