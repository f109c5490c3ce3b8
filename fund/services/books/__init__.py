"""The books: publication, closings, verification, evidence, and what auditors take away."""
