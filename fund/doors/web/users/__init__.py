"""The pages of users and sign-in."""
