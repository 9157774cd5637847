"""The techniques, one file each. A file is found by being here (see `legacy_seam.seams.catalogue`)."""
