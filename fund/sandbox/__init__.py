"""Work that is not trusted, in processes of their own: queries, checks of the books, and Fava, over a disposable copy."""
