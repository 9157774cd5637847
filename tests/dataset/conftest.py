"""The recorded program of the rollouts."""

from __future__ import annotations

from rollout.conftest import here, recorded_once

__all__ = ["here", "recorded_once"]
