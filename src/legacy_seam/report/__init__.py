"""Pictures of what the rooms below found out, for terminals and for scripts. Nothing is decided here."""
