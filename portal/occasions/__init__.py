"""What shifts, sessions and presentations share: something with people and a time, as outsiders may read it."""
