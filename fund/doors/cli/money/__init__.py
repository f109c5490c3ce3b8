"""The commands of the fund's money."""
