"""Users: passwords, second factors, sessions, tokens and attempts."""
