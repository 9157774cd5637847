"""`python -m legacy_seam` is `legacy-seam`."""

from legacy_seam.cli import main

main()
