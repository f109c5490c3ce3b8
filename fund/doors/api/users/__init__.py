"""The API's routes of users and sign-in."""
