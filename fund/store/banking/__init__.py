"""What the bank sends, and what in the books and among the payments it is held against."""
