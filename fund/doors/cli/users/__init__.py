"""The commands of users and sign-in."""
