"""The pages of the desk's overviews."""
