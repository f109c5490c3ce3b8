"""Work that is not trusted, in processes of its own over a disposable copy of the books: queries, checks, and Fava."""
