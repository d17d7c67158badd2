"""The whole program, run as its users run it, before the pretend vendors."""
