"""What the API shows beside the views of every door: protocols over records, and the shapes of small answers."""
