"""Taking seams out again: a module for each kind of seam, which knows it by its form and gives the edits."""
