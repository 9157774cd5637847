CALLS = []
MADE = 4
