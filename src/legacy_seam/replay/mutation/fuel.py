"""Fuel for loops: each round of a loop burns some, and where there is none left the call is over.

A counter tells an endless loop from a slow one whatever the machine is doing. The exception that ends the call is
none that programs catch by name; one that catches everything, and goes on, finds its process ended.
"""

from __future__ import annotations

import ast
import os
from typing import Any

from legacy_seam.rewriting.constants import Constants
from legacy_seam.rewriting.edits import ADDED

OUT_OF_FUEL = 72
"""The status of a process that was ended for it."""

_PATIENCE = 200
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_exit = os._exit  # bound before anything is replaced


class OutOfFuel(BaseException):
    """A loop of a mutant went on for too long."""


class Fuel:
    """What is left for the call that is running."""

    def __init__(self) -> None:
        self.left = 0
        self.is_out = False

    def fill(self, rounds: int) -> None:
        """Before a call: how many rounds its loops may go."""
        self.left = rounds
        self.is_out = False

    def burn(self) -> None:
        """One round of a loop.

        Raises:
            OutOfFuel: when there is nothing left.
        """
        self.left -= 1
        if self.left < 0:
            self.is_out = True
            if self.left < -_PATIENCE:
                _exit(OUT_OF_FUEL)
            raise OutOfFuel


def add_fuel(tree: ast.Module, constants: Constants, fuel: Fuel) -> None:
    """Have every loop in a tree burn fuel, at the beginning of each round.

    Paths into the tree stay as they are: what is added is marked (`legacy_seam.rewriting.edits.ADDED`).
    """
    for node in list(ast.walk(tree)):
        if isinstance(node, _LOOPS):
            statement: Any = constants.call(fuel.burn)
            setattr(statement, ADDED, True)
            node.body.insert(0, statement)
