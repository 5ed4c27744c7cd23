"""Decides who answers a customer: inbox_rules for Python.

Situations, decisions, findings and outcomes are dicts in the shapes of `inbox_rules.types`.
"""

from . import types
from ._native import Reloader, RuleSet, check
from .errors import LoadError, RulesError, SituationError

__all__ = ["LoadError", "Reloader", "RuleSet", "RulesError", "SituationError", "check", "types"]
