"""What the desk's overviews show: tasks, search, lists."""
