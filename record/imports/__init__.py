"""Import the record of the states from a CSV file."""

from .services import LOG_ACTION, PERMISSION, ImportPlan, apply_import, plan_import

__all__ = ["LOG_ACTION", "PERMISSION", "ImportPlan", "apply_import", "plan_import"]
