"""What the API shows beside the views of every door: rows as JSON, in typed dictionaries that document it too."""
