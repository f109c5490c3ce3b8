"""The commands of households."""
