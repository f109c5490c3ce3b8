"""What the desk's overviews, lists, tasks and search are made of."""
