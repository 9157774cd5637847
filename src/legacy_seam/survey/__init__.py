"""Read source without running it: what each function touches, how risky it is to change, and where to cut."""
