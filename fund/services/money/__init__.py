"""The fund's money: agreement, allocations, balances, recoveries and set-offs."""
