"""The world map: shapes drawn once by `make/`, and any colouring of them as SVG. Knows nothing of the record."""

from .shapes import WorldShapes, world_shapes

__all__ = ["WorldShapes", "world_shapes"]
