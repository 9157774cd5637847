"""Make legacy Python code safe to change: record it, pin it with golden masters, cut seams, put a model in."""

__version__ = "0.1.0"
