"""The toolkit side of an experiment: what a recording says about a candidate before anybody depends on it.

`shadow` runs recorded calls through the candidate, `explain` says where it departs. What production imports is
`legacy_seam.experiment`; nothing here is needed there. scipy, numpy and pandas come with `legacy-seam[ml]` and are
imported where they are used.
"""
