"""Golden masters: choose cases, pin them, write and read them, verify them, approve what was received."""
