"""The lists of each subject as tables: their columns, declared once for pages, files and the terminal."""
