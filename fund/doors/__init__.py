"""The doors: command line, API, scheduler. Each parses, calls one use case, and renders; here transactions commit."""
