"""The commands of the desk's overviews."""
