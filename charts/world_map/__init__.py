"""The world map: shapes drawn once by `make/`, and any colouring of them as SVG. Knows nothing of the record."""

from .colouring import Country, DrawnState, Kind, WorldMap
from .shapes import WorldShapes, world_shapes

__all__ = ["Country", "DrawnState", "Kind", "WorldMap", "WorldShapes", "world_shapes"]
