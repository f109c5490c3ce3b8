"""What the fund is and what holds of it: values, rules, states, errors, texts and views. Pure, no I/O."""
