"""Documents that people read: one message catalogue, the page templates, and the landlord's statement."""
