"""Documents for people: the message catalogue, the page templates, the landlord's statement, and lists."""
