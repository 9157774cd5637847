"""The prediction log: one row for each call that an experiment looked at, written aside and in batches."""
