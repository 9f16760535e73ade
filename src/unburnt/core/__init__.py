"""What is decided: pure functions from one frozen value to the next. No clock, disk, network, randomness or logging."""
